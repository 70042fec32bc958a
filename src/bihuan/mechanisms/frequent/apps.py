"""Wiring of the list of frequent matters."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrequentConfig(AppConfig):
    """What is raised again and again."""

    name = "bihuan.mechanisms.frequent"
    label = "frequent"

    def ready(self) -> None:
        """Register facts, heads, the clock's subject, the rulebook section and reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.ui import navigation

        from . import events, models, permissions, rulebook, selectors, subscriptions, wording

        facts.register(events.WORDINGS, words={"clock": wording.CLOCKS})
        heads.register_model(models.Frequent)
        deadlines.guard_subjects(model=models.Frequent)
        rulebook.register()
        subscriptions.register()
        navigation.register(
            "oversight",
            _("Frequent matters"),
            "repeat",
            "frequent:register",
            permissions.STAFF,
            badge=selectors.running,
            order=27,
        )
