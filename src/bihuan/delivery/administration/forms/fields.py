"""Fields that several forms of the administration share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def line(label: Any, most: int, *, required: bool = True, help_text: Any = "", **attrs: Any) -> forms.CharField:
    """Return a field of one line with at most `most` characters; `attrs` go into the page."""
    # A name may be given with what one types around it: services clean and refuse.
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text, widget=widget)


def day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """Return a field for a calendar day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    wrong = {"invalid": _("Write a day like 2027-01-31.")}
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=widget,
        error_messages=wrong,
        input_formats=["%Y-%m-%d"],
    )


def reason(label: Any = None) -> forms.CharField:
    """Return the field for why something is done; it goes into the security record."""
    return forms.CharField(
        label=label or _("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept in the security record."),
        error_messages={"required": _("Please say why.")},
    )


def choice(
    label: Any, *, required: bool = True, help_text: Any = "", missing: Any = "", **attrs: Any
) -> forms.ChoiceField:
    """Return a field for one of a few choices, filled in later."""
    wrong = {
        "required": missing or _("Please choose."),
        "invalid_choice": _("This choice is not offered here."),
    }
    widget = forms.Select(attrs=attrs)
    return forms.ChoiceField(label=label, required=required, help_text=help_text, error_messages=wrong, widget=widget)
