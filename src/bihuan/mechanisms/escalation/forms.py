"""Forms of upward escalation."""

from django import forms
from django.utils.translation import gettext_lazy as _


class KeyForm(forms.Form):
    """Another key of an installation, and until when the one before counts beside it."""

    public_key = forms.CharField(
        label=_("New public key"),
        max_length=80,
        help_text=_("Shown on this page of the other installation; compare it over the telephone"),
    )
    until = forms.DateField(
        label=_("The old key counts until the end of"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Both count until then. A day that is over ends the old key at once."),
    )


class PeerForm(forms.Form):
    """Another installation."""

    name = forms.CharField(label=_("Name"), max_length=100)
    region = forms.CharField(
        label=_("Region it speaks for"), max_length=9, help_text=_("Code by GB/T 2260, with all below")
    )
    url = forms.CharField(label=_("Address"), max_length=300, help_text="https://…")
    public_key = forms.CharField(
        label=_("Public key"),
        max_length=80,
        help_text=_("Shown on this page of the other installation; compare it over the telephone"),
    )
