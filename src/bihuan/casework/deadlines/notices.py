"""What is told about the clocks themselves, to whoever runs the installation."""

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

LATE_TIMERS = "deadlines.late_timers"


def register() -> None:
    """Make the notices known."""
    registry.register(
        Kind(
            key=LATE_TIMERS,
            audience=frozenset({Audience.ADMINISTRATION}),
            title=_("Time limits are not being watched: the oldest one waits for %(minutes)d minutes"),
            body=_(
                "Look whether a worker runs (`bihuan doctor`, /readyz). What fell due meanwhile is caught up, once."
            ),
        )
    )
