"""What belongs to putting a rulebook into force beside its text."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.ui.forms import ProblemForm

from . import fields


class ApplyForm(ProblemForm):
    """Name, from when, and why."""

    name = fields.line(_("What it is called"), 80)
    effective_from = forms.DateTimeField(
        label=_("Takes effect"),
        required=False,
        help_text=_("Empty: at once. Matters already raised keep the rules they were raised under."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": _("Write a time like 2027-01-31 08:30.")},
    )
    note = fields.reason()
    move_open = forms.BooleanField(
        label=_("Move the open matters to it, too"),
        required=False,
        help_text=_("Each is counted anew from its own start; extensions and suspensions stay. It is on record there."),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def terms(self) -> dict[str, Any]:
        """Return what belongs to putting it into force: all but the mark of the text that was looked at."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def clean_effective_from(self) -> object:
        """Return the instant; what was typed is the wall clock of the product's place."""
        given = self.cleaned_data["effective_from"]
        return timezone.make_aware(given) if given is not None and timezone.is_naive(given) else given
