"""Wiring of the scoreboard."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoreboardConfig(AppConfig):
    """Figures, compared fairly and published."""

    name = "bihuan.analytics.scoreboard"
    label = "scoreboard"

    def ready(self) -> None:
        """Register facts, heads, the rulebook section, the reactions and the entry of the navigation."""
        from bihuan.foundation.ledger import facts as ledger
        from bihuan.foundation.ledger import heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation
        from bihuan.mechanisms.evaluation import panels

        from . import facts, permissions, presenters, rulebook, subscriptions, wording
        from .models import Edition, Exclusion

        ledger.register(facts.WORDINGS, words=wording.IN_FACTS)
        heads.register_model(Edition)
        heads.register_model(Exclusion)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        subscriptions.register()
        panels.register_beside(presenters.of_mark)
        navigation.register("improve", _("Scoreboard"), "chart-bar", "scoreboard:board", permissions.READERS, order=20)
