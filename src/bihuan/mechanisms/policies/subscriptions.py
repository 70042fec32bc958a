"""Reactions of policies to the directory."""

from bihuan.foundation.directory.events import EnterpriseChanged
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS


def register() -> None:
    """Subscribe, and make notices and events known."""
    notices.register()
    notices.register_delivery()
    notices.register_items()
    registry.register_event_types(*WORDINGS)
    events.subscribe(EnterpriseChanged, on_enterprise)


def on_enterprise(event: EnterpriseChanged) -> None:
    """An enterprise was corrected or moved: its profile follows. A new one waits a minute for the job."""
    if event.change != "added":
        services.follow(enterprise_id=event.enterprise_id, now=event.now)
