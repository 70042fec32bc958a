"""Wiring of simulated accountability."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountabilityConfig(AppConfig):
    """Signs of slow work are noticed early; a simulated inquiry warns before anybody is held to account for real."""

    name = "bihuan.mechanisms.accountability"
    label = "accountability"

    def ready(self) -> None:
        """Register facts, heads, the clocks' subjects, the rulebook section, guards, the panel and reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, guards, models, panels, permissions, rulebook, subscriptions, wording

        facts.register(events.WORDINGS, words={"clock": wording.CLOCKS, "kind": wording.SIGNS})
        for model in (models.Inquiry, models.Relief, models.Sign, models.Point, models.Check):
            heads.register_model(model)
        deadlines.guard_subjects(model=models.Inquiry)
        deadlines.guard_subjects(model=models.Check)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        guards.register()
        subscriptions.register()
        panels.register()
        navigation.register(
            "oversight",
            _("Simulated accountability"),
            "alert-triangle",
            "accountability:register",
            permissions.READERS,
            order=25,
        )
        navigation.register("daily", _("My hints"), "bulb", "accountability:hints", permissions.OBSERVING, order=65)
