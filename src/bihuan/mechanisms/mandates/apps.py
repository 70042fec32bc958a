"""Wiring of mandates."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MandatesConfig(AppConfig):
    """Who was appointed to watch, to help, or to serve at a window, and until when."""

    name = "bihuan.mechanisms.mandates"
    label = "mandates"

    def ready(self) -> None:
        """Register facts, heads, the clocks' subject, the rulebook section, reactions and navigation."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.ui import navigation

        from . import events, models, permissions, rulebook, subscriptions, wording

        facts.register(events.WORDINGS, words={"outcome": wording.OUTCOMES})
        heads.register_model(models.Window)
        heads.register_model(models.Mandate)
        deadlines.guard_subjects(model=models.Mandate)
        rulebook.register()
        subscriptions.register()
        navigation.register(
            "oversight", _("Supervisors and windows"), "users-group", "mandates:register", permissions.STAFF, order=35
        )
        navigation.register("daily", _("My mandates"), "bookmark", "mandates:mine", permissions.HOLDERS, order=66)
