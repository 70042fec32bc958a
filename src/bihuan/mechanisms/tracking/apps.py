"""Wiring of tracking."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackingConfig(AppConfig):
    """Long matters are followed until they are really done."""

    name = "bihuan.mechanisms.tracking"
    label = "tracking"

    def ready(self) -> None:
        """Register facts, heads, clocks' subject, the rulebook section and the reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, panels, permissions, rulebook, subscriptions, wording
        from .models import Track

        facts.register(events.WORDINGS)
        heads.register_model(Track)
        deadlines.guard_subjects(model=Track)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        subscriptions.register()
        panels.register()
        navigation.register("daily", _("Tracking store"), "target", "tracking:store", permissions.READERS, order=30)
