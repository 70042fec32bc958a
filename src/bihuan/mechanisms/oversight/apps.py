"""Wiring of oversight."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    """What a light sets going beyond the case: supervision orders and lists."""

    name = "bihuan.mechanisms.oversight"
    label = "oversight"

    def ready(self) -> None:
        """Register facts, heads, clocks' subject, the rulebook section, the panel and the reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.ui import navigation

        from . import events, panels, permissions, rulebook, selectors, subscriptions, wording
        from .models import Entry, Order

        facts.register(events.WORDINGS, words=wording.IN_FACTS)
        heads.register_model(Order)
        heads.register_model(Entry)
        deadlines.guard_subjects(model=Order)
        rulebook.register()
        subscriptions.register()
        panels.register()
        navigation.register(
            "oversight",
            _("Supervision"),
            "gavel",
            "oversight:orders",
            permissions.STAFF,
            badge=selectors.running,
            order=10,
        )
