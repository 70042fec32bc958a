"""Words of double hand-overs for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "handed": _("To be signed for"),
    "signed": _("To be reported on"),
    "reported": _("Report to be settled"),
    "settled": _("Settled"),
    "taken_back": _("Taken back"),
}
SIDES: Mapping[str, Any] = {"department": _("Department"), "supervisor": _("Supervisor")}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "sign": (_("Sign for it"), ""),
    "report": (_("Report"), _("What was done, or what was seen to")),
    "send_back": (_("Send it back"), _("What is missing in the report")),
    "settle": (_("Settle this account"), _("What it came to")),
    "take_back": (_("Take both back"), _("Why neither is needed")),
}
"""Action → (button, label of its text; empty where none is asked for)."""
CLOCKS: Mapping[str, Any] = {
    "handover_sign": _("signing for it"),
    "handover_report": _("reporting on it"),
    "handover_settle": _("settling the report"),
}
