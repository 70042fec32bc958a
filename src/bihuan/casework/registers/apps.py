"""Wiring of the registers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistersConfig(AppConfig):
    """What one case taught is kept for all: institutions, policy proposals, and what they changed."""

    name = "bihuan.casework.registers"
    label = "registers"

    def ready(self) -> None:
        """Register facts, heads, the clock's subject, the rulebook section, the panel, pages and reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, models, panels, permissions, rulebook, subscriptions, wording

        facts.register(events.WORDINGS)
        shelves = (models.Competition, models.Exemplar, models.Caution, models.Lesson)
        for model in (models.Institution, models.Proposal, *shelves):
            heads.register_model(model)
        for model in (models.Institution, models.Competition):
            deadlines.guard_subjects(model=model)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        subscriptions.register()
        panels.register()
        # Raisers too: they see what came of their own matters.
        all_roles = permissions.READERS
        navigation.register(
            "improve", _("Institutions and lessons"), "book", "registers:institutions", all_roles, order=30
        )
