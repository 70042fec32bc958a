"""Words of oversight for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "drafted": _("Drafted"),
    "approved": _("Approved"),
    "issued": _("Issued"),
    "signed": _("Signed for"),
    "reported": _("Reported"),
    "verified": _("Verified"),
    "escalated": _("With the leader"),
    "closed": _("Written off"),
    "taken_back": _("Taken back"),
}
"""State of an order → name."""
ENTRY_STATES: Mapping[str, Any] = {
    "listed": _("New"),
    "acknowledged": _("Seen"),
    "cleared": _("Off the list"),
}
"""State of an entry → name."""
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "approve": (_("Approve the order"), _("What is demanded")),
    "issue": (_("Issue it"), _("A word to the department")),
    "sign": (_("Sign for the order"), ""),
    "report": (_("Report"), _("What was done, and when the matter will be done")),
    "send_back": (_("Send it back"), _("What is missing in the report")),
    "verify": (_("The report holds"), _("How it was verified")),
    "escalate": (_("Bring it to the leader"), _("Why it has to go up")),
    "close": (_("Write it off"), _("What it came to")),
    "settle": (_("Settle and write off"), _("What was decided")),
    "take_back": (_("Take it back"), _("Why no order is needed")),
    "acknowledge": (_("Seen"), _("What is done about it")),
    "clear": (_("Off the list"), _("Why it leaves the list")),
}
"""Action → (button, label of its text; empty where none is asked for)."""
OWNERS: Mapping[str, Any] = {
    "supervision_office": _("Supervision office"),
    "catch_all": _("Catch-all board"),
}
LETTERS: Mapping[str, tuple[Any, Any]] = {
    "supervision_office": (_("%(place)s Supervision Office"), _("SUP")),
    "catch_all": (_("%(place)s Enterprise Service Centre"), _("ESC-SUP")),
}
"""Owner of an order → the head of its letter (发文机关标志), and the mark of its number (机关代字)."""
LISTS: Mapping[str, Any] = {
    "warning": _("Warning list"),
}
"""Register → name."""
CLOCKS: Mapping[str, Any] = {
    "order_issue": _("issuing the order"),
    "order_sign": _("signing for the order"),
    "order_report": _("report on the order"),
    "order_verify": _("verification of the report"),
}
"""Clock of an order → name."""
IN_FACTS = {"list": LISTS, "clock": CLOCKS}
"""Key of a fact → its codes → the word shown instead."""
