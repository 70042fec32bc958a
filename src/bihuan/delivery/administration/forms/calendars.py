"""The form that takes a notice of official days."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.ui.forms import ProblemForm
from bihuan.foundation.workcalendar.reading import LARGEST

from . import fields

FORMATS = (("csv", "CSV"), ("yaml", "YAML"), ("json", "JSON"))


class ImportForm(ProblemForm):
    """A notice: its year and number, and its days as a file or typed; a file wins over the text."""

    year = forms.IntegerField(
        label=_("Year of the notice"),
        min_value=2000,
        max_value=2058,
        error_messages={"required": _("Please write a year."), "invalid": _("Please write a year.")},
    )
    document = fields.line(_("Notice"), 200, help_text=_("Its title or number, as people look it up."))
    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True, help_text=_(".csv, .yaml or .json"))
    text = forms.CharField(
        label=_("Days"),
        required=False,
        max_length=LARGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "wrap": "off", "data-code": ""}),
        help_text=_("One day a line under the heading date,kind,name; kind is rest or work."),
    )
    format = forms.ChoiceField(label=_("Written as"), choices=FORMATS, initial="csv", required=False)
    amend = forms.BooleanField(
        label=_("Only these days change (an amendment)"),
        required=False,
        help_text=_("Then kind may also be plain: the day goes back to what the week says."),
    )
    provisional = forms.BooleanField(
        label=_("Not confirmed yet"),
        required=False,
        help_text=_("The days are used, but deadlines of that year stay provisional."),
    )

    def clean(self) -> dict[str, Any]:
        """Return what was given, the content of a file as the text, so that it can be mended on the page."""
        given: dict[str, Any] = super().clean() or {}
        file = given.get("file")
        if file is None and not (given.get("text") or "").strip():
            self.add_error("text", _("Please choose a file or type the days."))
        return given

    def content(self) -> tuple[bytes, str]:
        """Return (content, file name) for `workcalendar.services.import_days`."""
        file = self.cleaned_data.get("file")
        if file is not None:
            return file.read(LARGEST + 1), file.name
        return self.cleaned_data["text"].encode(), f"typed.{self.cleaned_data.get('format') or 'csv'}"
