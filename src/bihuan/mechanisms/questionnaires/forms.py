"""The page behind a link as a form: its fields are the questions that are not known already."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.ui.forms import ProblemForm

from .rules.branching import Question
from .wording import SCALE


class AnswerForm(ProblemForm):
    """One field for each question; which of them have to be answered, the service says."""

    def __init__(self, questions: Sequence[Question], given: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = dict(given)
        for one in questions:
            self.fields[one.key] = _field(one)
            if one.kind == "problem":
                self.fields[f"{one.key}-name"] = forms.BooleanField(
                    label=_("Handle this in our name, and tell us what becomes of it"),
                    required=False,
                    help_text=_("The unit in charge then sees your name with it. Otherwise it is counted without you."),
                )


def _field(one: Question) -> forms.Field:
    words: dict[str, Any] = {"label": one.text, "help_text": one.hint, "required": False}
    if one.kind == "many":
        return forms.MultipleChoiceField(choices=one.options, widget=forms.CheckboxSelectMultiple, **words)
    if one.kind in ("one", "scale"):
        choices = one.options if one.kind == "one" else list(SCALE.items())
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **words)
    if one.kind == "number":
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "numeric"}), max_length=20, **words)
    rows, most = (4, 4_000) if one.kind == "problem" else (2, 1_000)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), max_length=most, **words)
