"""Words of key projects for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "signed": _("Signed, not started"),
    "started": _("Under way"),
    "finished": _("Finished"),
    "stopped": _("Stopped"),
}
LIGHTS: Mapping[str, tuple[str, Any]] = {
    "done": ("done", _("Reached")),
    "calm": ("green", _("On time")),
    "amber": ("orange", _("Soon")),
    "red": ("red", _("Overdue")),
    "dropped": ("plain", _("Dropped")),
}
"""Light of a milestone → (colour, word)."""
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "start": (_("Work has started"), _("Since when, and what is being done")),
    "pay": (_("Amount paid so far"), _("From whom, and for what")),
    "add_milestone": (_("Add a milestone"), ""),
    "block": (_("Something blocks it"), _("What blocks it, and what is wanted")),
    "finish": (_("It is finished"), _("What it came to")),
    "stop": (_("It was stopped"), _("Why")),
    "reach": (_("Reached"), _("How it can be seen")),
    "move": (_("Move the day"), _("Why")),
    "drop": (_("Drop it"), _("Why")),
}
"""Action → (button, label of its text; empty where none is asked for)."""
FIGURES: Mapping[str, Any] = {
    "all": _("Key projects"),
    "started": _("Started"),
    "started_share": _("Share of started"),
    "planned": _("Planned (10,000 yuan)"),
    "paid": _("Paid (10,000 yuan)"),
    "paid_share": _("Share of paid"),
    "red": _("With an overdue milestone"),
    "blocked": _("Blocked"),
}
