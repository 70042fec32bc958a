"""Wiring of the conference."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConferenceConfig(AppConfig):
    """What a department alone cannot solve is taken up, decided, and followed until it is written off."""

    name = "bihuan.mechanisms.conference"
    label = "conference"

    def ready(self) -> None:
        """Register facts, heads, clocks' subjects, the rulebook section, the panel, pages and reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, panels, permissions, rulebook, subscriptions, wording
        from .models import Decision, Item, Meeting, Member

        facts.register(events.WORDINGS, words=wording.IN_FACTS)
        for model in (Meeting, Item, Decision, Member):
            heads.register_model(model)
        # In the order of the services' locks.
        for model in (Item, Meeting, Decision):
            deadlines.guard_subjects(model=model)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        subscriptions.register()
        panels.register()
        navigation.register(
            "daily", _("Joint conference"), "users-group", "conference:board", permissions.STAFF, order=40
        )
