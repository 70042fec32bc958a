"""Wiring of the review of refusals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RefusalsConfig(AppConfig):
    """Every “no” becomes a candidate; a panel says whether it cannot, should, or can be done."""

    name = "bihuan.mechanisms.refusals"
    label = "refusals"

    def ready(self) -> None:
        """Register facts, heads, the clock's subject, the rulebook section, guards, the panel and reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, guards, models, panels, permissions, rulebook, subscriptions, wording

        facts.register(events.WORDINGS, words=wording.IN_FACTS)
        for model in (models.Refusal, models.Panelist, models.Proposal):
            heads.register_model(model)
        deadlines.guard_subjects(model=models.Refusal)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        guards.register()
        subscriptions.register()
        panels.register()
        navigation.register(
            "oversight", _("Review of refusals"), "scale", "refusals:register", permissions.STAFF, order=20
        )
        navigation.register("daily", _("My votes"), "checklist", "refusals:mine", permissions.VOTERS, order=60)
