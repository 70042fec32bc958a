"""The rating of a check as somebody taps it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.ui.forms import ProblemForm

from .wording import LEVELS, MARKS


class CheckRatingForm(ProblemForm):
    """Five levels and reasons; no words, for words tell who wrote them. Nothing is chosen beforehand."""

    level = forms.ChoiceField(
        label=_("How was it?"), choices=[(str(one), name) for one, name in LEVELS.items()], widget=forms.RadioSelect
    )
    reasons = forms.MultipleChoiceField(
        label=_("What was not good?"),
        required=False,
        choices=list(MARKS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several may be chosen."),
    )

    def said(self) -> dict[str, Any]:
        """Return the rating, from valid input."""
        return {"level": int(self.cleaned_data["level"]), "reasons": self.cleaned_data["reasons"]}
