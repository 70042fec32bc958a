"""Wiring of dispatch."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """Who should have a matter: catalogue, proposals, objections and returns."""

    name = "bihuan.mechanisms.dispatch"
    label = "dispatch"

    def ready(self) -> None:
        """Register facts, heads, rulebook section, vetoes, the proposal, reactions and entries of navigation."""
        from bihuan.casework.cases import guards
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, panels, permissions, rulebook, selectors, subscriptions, wording
        from .models import Edition

        facts.register(events.WORDINGS)
        heads.register_model(Edition)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        for action in ("dispatch", "rule_objection"):
            guards.register(action, selectors.why_not_given)
        panels.register()
        subscriptions.register()
        navigation.register("daily", _("Triage desk"), "send", "dispatch:desk", permissions.DESK, order=15, key="g t")
        navigation.register(
            "daily", _("Objections"), "arrow-back-up", "dispatch:objections", permissions.READERS, order=25
        )
        # The desk has it beside its own page.
        others = sorted(set(permissions.CATALOGUE_READERS) - set(permissions.DESK))
        navigation.register("daily", _("Dispatch catalogue"), "list-details", "dispatch:catalogue", others, order=27)
