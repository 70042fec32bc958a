"""Wiring of tracking."""

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """Long matters are followed until they are really done."""

    name = "bihuan.mechanisms.tracking"
    label = "tracking"

    def ready(self) -> None:
        """Register facts, heads, clocks' subject, the rulebook section and the reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads

        from . import events, rulebook, subscriptions
        from .models import Track

        facts.register(events.WORDINGS)
        heads.register_model(Track)
        deadlines.guard_subjects(model=Track)
        rulebook.register()
        subscriptions.register()
