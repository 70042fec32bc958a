"""Wiring of dispatch."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """Who should have a matter: objections and returns, and the text model."""

    name = "bihuan.mechanisms.dispatch"
    label = "dispatch"

    def ready(self) -> None:
        """Register the reactions and the entry of the navigation."""
        from bihuan.foundation.ui import navigation

        from . import permissions, subscriptions

        subscriptions.register()
        navigation.register(
            "daily", _("Objections"), "arrow-back-up", "dispatch:objections", permissions.READERS, order=25
        )
