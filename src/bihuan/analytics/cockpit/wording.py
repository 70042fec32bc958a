"""What each figure means, and what things are called."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

DEFINITIONS: Mapping[str, Any] = {
    "collected": _("Raised in the period, by whatever channel; not those not accepted, merged, or taken back."),
    "closed": _("Of the collected ones, those answered, checked and closed by now. Closed does not mean done."),
    "closed_rate": _("Closed ÷ collected."),
    "achieved": _(
        "Of the closed ones, those really done: the enterprise said so, or a check found it. Silence is not."
    ),
    "achieved_rate": _("Achieved ÷ closed."),
    "no_response": _("Closed, and the enterprise has not said a word. Never counted as satisfied."),
    "closed_late": _("Closed, and answered after the time limit that counted then."),
    "on_time_rate": _("Closed without being answered late ÷ closed."),
    "open": _("Collected and not closed yet."),
    "open_overdue": _(
        "Of the open ones, those past their time limit now; where the clock stands, when it was stopped."
    ),
    "left_out": _("Raised in the period but not accepted, merged into another one, or taken back by the raiser."),
}
"""Figure → what it counts, in one sentence."""
RATES: Mapping[str, tuple[Any, str, str]] = {
    "closed_rate": (_("Closing rate"), "closed", "collected"),
    "achieved_rate": (_("Achievement rate"), "achieved", "closed"),
    "on_time_rate": (_("On-time rate"), "closed_on_time", "closed"),
}
"""Rate → (name, what is divided, by what)."""
DIMENSIONS: Mapping[str, tuple[Any, Any]] = {
    "month": (_("By month"), _("Month raised")),
    "channel": (_("By channel"), _("Channel")),
    "board": (_("By board"), _("Board")),
    "tier": (_("By tier"), _("Tier")),
    "region": (_("By region"), _("Region")),
}
"""Dimension → (heading of its table, heading of its first column)."""
PERIODS: Mapping[str, Any] = {
    "month": _("This month"),
    "last_month": _("Last month"),
    "year": _("This year"),
    "twelve_months": _("Last twelve months"),
}
"""Period → name."""
