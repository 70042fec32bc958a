"""Words of frequent matters for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "listed": _("Waits for a leader"),
    "taken": _("To be answered on the spot"),
    "ordered": _("Supervision order set going"),
    "answered": _("Answered"),
    "settled": _("Settled"),
    "set_aside": _("Set aside"),
}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "take_on": (_("Take it on"), _("What is asked of the department")),
    "answer": (_("Answer on the spot"), _("What was answered, and what changes for all")),
    "send_back": (_("Send it back"), _("What is missing")),
    "settle": (_("Settle it"), _("What it came to")),
    "set_aside": (_("Set it aside"), _("Why nothing has to follow")),
}
"""Action → (button, label of its text)."""
CLOCKS: Mapping[str, Any] = {
    "frequent_take": _("a leader taking it on"),
    "frequent_answer": _("the answer on the spot"),
    "frequent_settle": _("settling the answer"),
}
ORDERED: Mapping[str, str] = {"zh": "高频事项超期未答复", "en": "Frequent matter not answered in time"}
"""What a supervision order gives as its cause, in both languages."""
