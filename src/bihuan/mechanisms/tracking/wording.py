"""Words of tracking for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "candidate": _("Proposed for tracking"),
    "tracked": _("In tracking"),
    "not_tracked": _("Not tracked"),
    "achieved": _("Tracked until done"),
    "left": _("Taken out of tracking"),
}
"""State → name."""
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "enter": (_("Track it"), _("Why it is tracked")),
    "refuse": (_("Do not track it"), _("Why it is not tracked")),
    "report": (_("Tell how far it is"), _("How far it is; the enterprise is told")),
    "meet_node": (_("Mark a step as reached"), _("What was reached")),
    "leave": (_("Take it out of the store"), _("Why it leaves although it is not done")),
}
"""Action → (button, label of its text)."""
TEXT_OF: Mapping[str, str] = {"report": "text", "meet_node": "text"}
"""Action → name of its text in the body, where it is not `reason`."""

RULEBOOK: Mapping[str, Any] = {
    "tracking": _("Tracking"),
    "entry": _("Entry into the store"),
    "weights": _("Points when fully there"),
    "full": _("When a sign is fully there"),
    "hand_offs": _("Hand-offs"),
    "length": _("Share of the time used"),
    "breadth": _("Enterprises with the like"),
    "threshold": _("Proposed from this many points on"),
    "update_every": _("Progress is told every"),
    "bulletin_every": _("Bulletin every"),
    "revise_at": _("Plan to be revised when rated at most"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""
