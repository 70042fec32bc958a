"""Reactions of mandates: to the days of their terms."""

from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS


def register() -> None:
    """Subscribe, and make notices and events known."""
    notices.register()
    registry.register_event_types(*WORDINGS)
    events.subscribe(ThresholdCrossed, services.cross)
