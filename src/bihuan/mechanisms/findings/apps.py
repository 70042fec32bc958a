"""Wiring of the three linked lists."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FindingsConfig(AppConfig):
    """Findings of supervision on three linked lists."""

    name = "bihuan.mechanisms.findings"
    label = "findings"

    def ready(self) -> None:
        """Register facts, heads, the clock's subject, the rulebook section, the panel and reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.ui import navigation

        from . import events, models, panels, permissions, rulebook, selectors, subscriptions, wording

        facts.register(events.WORDINGS, words={"clock": wording.CLOCKS})
        heads.register_model(models.Finding)
        deadlines.guard_subjects(model=models.Finding)
        rulebook.register()
        subscriptions.register()
        panels.register()
        navigation.register(
            "oversight",
            _("Three linked lists"),
            "checklist",
            "findings:register",
            permissions.STAFF,
            badge=selectors.running,
            order=20,
        )
