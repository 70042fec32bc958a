"""Reactions of inspections: to their own clocks."""

from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS
from .services.recording import SILENT


def register() -> None:
    """Subscribe to clocks, and make the notices known."""
    notices.register()
    registry.register_event_types(*(kind for kind in WORDINGS if kind not in SILENT))
    events.subscribe(ThresholdCrossed, services.cross)
    events.subscribe(ThresholdCrossed, services.late)
