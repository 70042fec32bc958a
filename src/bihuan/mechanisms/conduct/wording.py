"""Words of conduct lists for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS: Mapping[str, Any] = {
    "contact": _("Dealings between officials and enterprises"),
    "integrity": _("Integrity of enterprises"),
}
SIDES: Mapping[str, Any] = {"positive": _("Do"), "negative": _("Do not"), "advocated": _("Advocated")}
STATES: Mapping[str, Any] = {
    "drafted": _("Draft"),
    "published": _("Published"),
    "withdrawn": _("Withdrawn"),
    "dropped": _("Dropped"),
}
RESULTS: Mapping[str, Any] = {"kept": _("Kept"), "broken": _("Broken"), "open": _("Not examined")}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "publish": (_("Publish it"), _("What was decided")),
    "withdraw": (_("Withdraw it"), _("Why it no longer holds")),
    "drop": (_("Drop the draft"), _("Why it is dropped")),
}
"""Action → (button, label of its text); `edit` has a form of its own."""
