"""A form that comes back with what was typed and says what a service found wrong, at the field concerned."""

from django import forms

from bihuan.foundation.kernel import errors


class ProblemForm(forms.Form):
    """A form that can show the problem a service found, at its field if it has that field."""

    def show(self, problem: errors.Problem) -> None:
        """Put the sentence of a problem where the reader looks for it."""
        self.add_error(problem.field if problem.field in self.fields else None, str(problem.detail))
