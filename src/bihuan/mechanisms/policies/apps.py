"""Wiring of policies."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

CHAINED = ("Policy", "Clause", "Profile", "Import", "Round", "Grant", "Batch", "Item", "Demand", "Promise")


class PoliciesConfig(AppConfig):
    """Who is entitled to what, and how the money comes."""

    name = "bihuan.mechanisms.policies"
    label = "policies"

    def ready(self) -> None:
        """Register facts, heads, the rulebook section, reactions, the firm's section and navigation."""
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.ui import navigation

        from . import events, models, panels, permissions, rulebook, subscriptions, wording

        facts.register(
            events.WORDINGS,
            words={
                "level": wording.LEVELS,
                "fields": wording.FIELDS,
                "before": wording.BURDEN,
                "after": wording.BURDEN,
            },
        )
        for name in CHAINED:
            heads.register_model(getattr(models, name))
        rulebook.register()
        subscriptions.register()
        panels.register()
        navigation.register("daily", _("Policies"), "rubber-stamp", "policies:register", permissions.STAFF, order=76)
        navigation.register(
            "daily", _("Service items"), "list-details", "policies:catalogue", permissions.STAFF, order=77
        )
