"""The rating of a window as somebody taps it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.ui.forms import ProblemForm

from .services import Said
from .wording import LEVELS


class WindowForm(ProblemForm):
    """Five levels, reasons and words. Nothing is chosen beforehand."""

    level = forms.ChoiceField(
        label=_("How was it?"), choices=[(str(one), name) for one, name in LEVELS.items()], widget=forms.RadioSelect
    )
    reasons = forms.MultipleChoiceField(
        label=_("What was not good?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several may be chosen."),
    )
    words = forms.CharField(
        label=_("Anything else?"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, reasons: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reasons"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(reasons)

    def said(self) -> Said:
        """Return the rating, from valid input."""
        given = self.cleaned_data
        return Said(level=int(given["level"]), reasons=given["reasons"], words=given["words"])
