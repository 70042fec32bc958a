"""Wiring of the figures."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CockpitConfig(AppConfig):
    """Figures for those who lead and supervise."""

    name = "bihuan.analytics.cockpit"
    label = "cockpit"

    def ready(self) -> None:
        """Register the entry of the navigation."""
        from bihuan.foundation.ui import navigation

        from . import permissions

        navigation.register("oversight", _("Figures"), "chart-bar", "cockpit:figures", permissions.READERS, order=30)
