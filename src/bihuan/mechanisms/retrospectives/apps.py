"""Wiring of retrospectives."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetrospectivesConfig(AppConfig):
    """Cases that the rulebook names are looked back at: causes, weak links, presumptions, rehearsal, one report."""

    name = "bihuan.mechanisms.retrospectives"
    label = "retrospectives"

    def ready(self) -> None:
        """Register facts, heads, the clock's subject, the rulebook section, the guard, the panel and reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, guards, models, panels, permissions, rulebook, subscriptions, wording

        facts.register(events.WORDINGS, words={"clock": wording.CLOCKS})
        heads.register_model(models.Retrospective)
        deadlines.guard_subjects(model=models.Retrospective)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        guards.register()
        subscriptions.register()
        panels.register()
        navigation.register(
            "improve", _("Retrospectives"), "rotate-clockwise", "retrospectives:register", permissions.STAFF, order=30
        )
