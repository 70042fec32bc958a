"""Words of mandates for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

OUTCOMES: Mapping[str, Any] = {
    "nothing": _("nothing found"),
    "advice": _("advice"),
    "matter": _("a matter"),
}
LIGHTS: Mapping[str, tuple[str, Any]] = {
    "calm": ("green", _("Serving")),
    "amber": ("orange", _("Ends soon")),
    "red": ("red", _("Term is over")),
    "ended": ("plain", _("Ended")),
}
"""Light of a mandate → (colour, word)."""
ENDINGS: Mapping[str, Any] = {
    "hand_over": _("Handed over"),
    "resign": _("Resigned"),
    "release": _("Released"),
    "expire": _("Term is over"),
}
TASKS: Mapping[str, Any] = {"asked": _("Asked"), "reported": _("Reported"), "dropped": _("Dropped")}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "ask": (_("Ask for something"), _("What is asked for")),
    "report": (_("Report"), _("What you saw and heard")),
    "renew": (_("Renew"), _("Why")),
    "move": (_("Move to another window"), _("Why")),
    "hand_over": (_("Hand over to a successor"), _("What the successor has to know")),
    "resign": (_("Resign"), _("Why")),
    "release": (_("Release"), _("Why")),
    "drop": (_("No longer ask"), _("Why")),
    "close": (_("Close the window"), _("Why")),
}
"""Action → (button, label of its text)."""
FIGURES: Mapping[str, Any] = {
    "serving": _("Serving"),
    "near": _("Ends soon"),
    "asked": _("Asked, no report yet"),
    "reports": _("Reports"),
    "matters": _("Matters raised"),
    "achieved": _("Of these solved"),
}
RULEBOOK = {
    "mandates": _("Supervisors, liaison officers, windows"),
    "mandates.remind_days": _("How many days before the end holder and keepers are told"),
    "mandates.kinds": _("Posts to which people or enterprises are appointed"),
    "mandates.kinds.holder": _("Who holds it: a person or an enterprise"),
    "mandates.kinds.window": _("Serves at a window"),
    "mandates.kinds.term_months": _("Term in months; empty: until somebody ends it"),
    "mandates.kinds.rotate_days": _("Moved to another window after so many days"),
    "mandates.kinds.duties": _("Duties"),
    "mandates.kinds.channels": _("Channels whose matters count as found in this post"),
    "?mandates": _("Who was appointed to watch, to help or to serve at a window, until when, and what came of it."),
}
