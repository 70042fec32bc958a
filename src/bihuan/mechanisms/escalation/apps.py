"""Wiring of upward escalation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EscalationConfig(AppConfig):
    """What a level cannot coordinate goes up, and the answer comes down."""

    name = "bihuan.mechanisms.escalation"
    label = "escalation"

    def ready(self) -> None:
        """Register facts, heads, the clock's subject, the rulebook section, guard, panel and reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, guards, models, panels, permissions, rulebook, subscriptions, wording

        facts.register(events.WORDINGS, words=wording.IN_FACTS)
        for model in (models.Escalation, models.Arrival, models.Peer):
            heads.register_model(model)
        deadlines.guard_subjects(model=models.Escalation)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        guards.register()
        subscriptions.register()
        panels.register()
        navigation.register("daily", _("Sent up"), "arrow-up", "escalation:sent", permissions.STAFF, order=40)
        navigation.register("manage", _("Other installations"), "plug", "escalation:peers", ["system_admin"], order=60)
