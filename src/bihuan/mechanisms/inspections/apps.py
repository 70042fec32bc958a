"""Wiring of inspections."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    """Who may check which enterprise, when, for what, and what came of it."""

    name = "bihuan.mechanisms.inspections"
    label = "inspections"

    def ready(self) -> None:
        """Register facts, heads, clocks' subjects, the rulebook section, reactions, loads and the navigation."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.directory import loads
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, models, panels, permissions, rulebook, selectors, subscriptions, wording

        facts.register(events.WORDINGS, words={"clock": wording.CLOCKS})
        for listed in models.LISTS.values():
            heads.register_model(listed)
        for model in (models.Batch, models.Standing, models.Check, models.Draw, models.Repair):
            heads.register_model(model)
        for subject in (models.Check, models.Repair):
            deadlines.guard_subjects(model=subject)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        subscriptions.register()
        panels.register()
        loads.register(selectors.SOURCE, selectors.days_of_checks)
        navigation.register(
            "oversight", _("Inspections"), "clipboard-list", "inspections:checks", permissions.READERS, order=35
        )
