"""Wiring of questionnaires."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionnairesConfig(AppConfig):
    """What many enterprises are asked at once, and what becomes of the answers."""

    name = "bihuan.mechanisms.questionnaires"
    label = "questionnaires"

    def ready(self) -> None:
        """Register facts, heads, the rulebook section, notices and the navigation."""
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.notifications import registry as notices_registry
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, models, notices, panels, permissions, rulebook, wording

        facts.register(events.WORDINGS)
        for model in (models.Questionnaire, models.Recipient, models.Problem):
            heads.register_model(model)
        notices.register()
        notices_registry.register_event_types(*events.WORDINGS)
        rulebook.register()
        panels.register()
        registry.register_labels(wording.RULEBOOK)
        navigation.register(
            "daily", _("Questionnaires"), "checklist", "questionnaires:register", permissions.READERS, order=75
        )
