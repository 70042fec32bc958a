"""Forms of evaluation: the rating by link. What is right is decided by the case's own action."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases import wording as case_words
from bihuan.casework.cases.services import word
from bihuan.foundation.ui.forms import ProblemForm

WORDS_MAX = 2_000


class RateForm(ProblemForm):
    """Five levels for each part. Nothing is chosen beforehand, except what the one tap has said already."""

    def __init__(self, *args: Any, parts: Iterable[str], reasons: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {
            "plan": (_("Plan"), _("Did the plan fit the problem?")),
            "process": (_("Process"), _("Were they quick, and did they tell you?")),
            "result": (_("Result"), _("Are you content with what came out?")),
        }
        self.parts = [name for name in asked if name in set(parts) | {"process", "result"}]
        for name in self.parts:
            label, hint = asked[name]
            self.fields[name] = forms.ChoiceField(
                label=label,
                help_text=hint,
                required=name != "plan",
                choices=list(case_words.LEVELS.items()),
                widget=forms.RadioSelect,
            )
        self.fields["reasons"] = forms.MultipleChoiceField(
            label=_("What was not good?"),
            required=False,
            choices=list(reasons),
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Several may be chosen."),
        )
        self.fields["say"] = forms.CharField(
            label=_("Anything else?"), required=False, max_length=WORDS_MAX, widget=forms.Textarea(attrs={"rows": 3})
        )

    @property
    def body(self) -> dict[str, Any]:
        """The body of the case's action `rate`, from valid input."""
        given = self.cleaned_data
        levels = {name: int(given[name]) for name in self.parts if given.get(name)}
        bad = min(levels.values()) <= word.DISSATISFIED
        return {**levels, "reasons": given["reasons"] if bad else [], "note": given["say"]}
