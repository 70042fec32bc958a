"""Forms of the vault for the public and for staff who hand something over. They look at shape; services decide."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers
from bihuan.foundation.ui.forms import ProblemForm

from . import rules, selectors
from .services import Identity, Report
from .services.giving import MOST


def _line(label: Any, most: int, help_text: Any = "") -> forms.CharField:
    # Nothing of this shall stay in the memory of a browser that others use too.
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=most, required=False, help_text=help_text, widget=widget)


def _text(label: Any, most: int, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 6, "autocomplete": "off"})
    message = {"required": _("Please write something.")}
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget, error_messages=message)


class AboutForm(ProblemForm):
    """What a clue is about: kind, unit, person, and what happened."""

    kind = forms.ChoiceField(label=_("What is it about?"))
    unit = forms.ChoiceField(label=_("Which unit?"), required=False)
    person = _line(_("Who? (name or post, if you know)"), 200)
    text = _text(_("What happened?"), MOST, _("When, where, who was there, what can be checked."))

    def __init__(self, *args: Any, region: str, now: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region
        kinds = [(one.id, one.name.in_language(language)) for one in selectors.kinds(region, now)]
        units = [(one.code, one.name) for one in directory.departments(region, on=answers.local_date(now))]
        itself = (rules.DISCIPLINE_ITSELF, _("Discipline inspection itself (goes to the level above)"))
        self.fields["kind"].choices = [("", _("Please choose")), *kinds]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("Another one, or not sure")), *units, itself]  # type: ignore[attr-defined]


class ReportForm(AboutForm):
    """A report of the public; the name is asked for last and may be left out."""

    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    name = _line(_("Your name"), 100)
    phone = _line(_("Telephone"), 40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["once"] = secrets.token_urlsafe(24)

    def matter(self) -> Report:
        """Return what was typed."""
        given = self.cleaned_data
        return Report(
            region=self.region,
            kind=given["kind"],
            text=given["text"],
            unit=given["unit"],
            person=given["person"],
            identity=Identity(name=given["name"], phone=given["phone"]),
            once=given["once"],
        )


class CodeForm(ProblemForm):
    """The code that opens a dialogue."""

    code = forms.CharField(
        label=_("Dialogue code"),
        max_length=64,
        help_text=_("16 letters and digits; it was shown when the report came in."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Please type the code.")},
    )


class WordForm(ProblemForm):
    """One more word in a dialogue."""

    text = _text(_("Write more"), 8_000)
