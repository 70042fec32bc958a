"""Wiring of conduct lists."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConductConfig(AppConfig):
    """Published lists of what to do and what not to do."""

    name = "bihuan.mechanisms.conduct"
    label = "conduct"

    def ready(self) -> None:
        """Register facts, heads, events and navigation."""
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.notifications import registry
        from bihuan.foundation.ui import navigation

        from . import events, models, notices, permissions

        facts.register(events.WORDINGS)
        heads.register_model(models.Sheet)
        heads.register_model(models.Examination)
        notices.register()
        registry.register_event_types(*events.WORDINGS)
        navigation.register("improve", _("Conduct lists"), "scale", "conduct:register", permissions.STAFF, order=60)
