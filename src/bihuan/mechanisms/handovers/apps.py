"""Wiring of double hand-overs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandoversConfig(AppConfig):
    """A matter handed to a department and its supervisor at once."""

    name = "bihuan.mechanisms.handovers"
    label = "handovers"

    def ready(self) -> None:
        """Register facts, heads, the clock's subject, the rulebook section, the panel and reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.ui import navigation

        from . import events, models, panels, permissions, rulebook, selectors, subscriptions, wording

        facts.register(events.WORDINGS, words={"clock": wording.CLOCKS, "side": wording.SIDES})
        heads.register_model(models.Account)
        deadlines.guard_subjects(model=models.Account)
        rulebook.register()
        subscriptions.register()
        panels.register()
        navigation.register(
            "oversight",
            _("Double hand-overs"),
            "exchange",
            "handovers:register",
            permissions.STAFF,
            badge=selectors.running,
            order=25,
        )
