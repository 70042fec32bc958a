"""Names of what every rulebook has, for forms and comparisons; contexts above add those of their own sections."""

from typing import Any

from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Any] = {
    "name": _("Name"),
    "name.zh": _("Name in Chinese"),
    "name.en": _("Name in English"),
    "zh": _("In Chinese"),
    "en": _("In English"),
    "region": _("Region"),
    "calendar": _("Office hours"),
    "office_hours": _("Open from and to"),
    "breaks": _("Break"),
    "timezone": _("Time zone"),
    "after_hours": _("What comes after closing counts"),
    "=same_day": _("from that day"),
    "=next_day": _("from the next working day"),
}
"""As `registry.register_labels` takes them."""
