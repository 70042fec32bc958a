"""Wiring of the instruments of oversight."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstrumentsConfig(AppConfig):
    """Letters of oversight, each followed from the draft to the look-back."""

    name = "bihuan.mechanisms.instruments"
    label = "instruments"

    def ready(self) -> None:
        """Register facts, heads, the clock's subject, the rulebook section, the panel and reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.ui import navigation

        from . import events, models, panels, permissions, rulebook, selectors, subscriptions, wording

        facts.register(events.WORDINGS, words={"clock": wording.CLOCKS})
        heads.register_model(models.Instrument)
        deadlines.guard_subjects(model=models.Instrument)
        rulebook.register()
        subscriptions.register()
        panels.register()
        navigation.register(
            "oversight",
            _("Instruments of oversight"),
            "book",
            "instruments:register",
            permissions.STAFF,
            badge=selectors.running,
            order=15,
        )
