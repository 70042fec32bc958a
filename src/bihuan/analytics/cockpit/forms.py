"""What the figures can be narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PeriodForm(forms.Form):
    """Days and region; what is wrong is left out."""

    since = forms.DateField(required=False, label=_("Raised from"))
    until = forms.DateField(required=False, label=_("Raised until"))
    region = forms.ChoiceField(required=False, label=_("Region"))

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All I may see")), *regions]
        for name in ("since", "until"):
            # What a browser's own field of dates can read, whatever the language of the page.
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
