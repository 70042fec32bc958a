"""Wiring of policies."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

CHAINED = ("Policy", "Clause", "Profile", "Import", "Round", "Grant", "Batch")


class PoliciesConfig(AppConfig):
    """Who is entitled to what, and how the money comes."""

    name = "bihuan.mechanisms.policies"
    label = "policies"

    def ready(self) -> None:
        """Register facts, heads, the rulebook section, reactions, the firm's section and navigation."""
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.ui import navigation

        from . import events, models, panels, permissions, rulebook, subscriptions, wording

        facts.register(events.WORDINGS, words={"level": wording.LEVELS, "fields": wording.FIELDS})
        for name in CHAINED:
            heads.register_model(getattr(models, name))
        rulebook.register()
        subscriptions.register()
        panels.register()
        navigation.register("daily", _("Policies"), "rubber-stamp", "policies:register", permissions.STAFF, order=76)
