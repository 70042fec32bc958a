"""Wiring of intake."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Every way into the one register."""

    name = "bihuan.mechanisms.intake"
    label = "intake"

    def ready(self) -> None:
        """Put the desk and the printed codes into the navigation of those whose they are."""
        from bihuan.foundation.ui import navigation

        from . import permissions

        navigation.register("daily", _("Enter a matter"), "phone", "intake:desk", permissions.DESK, order=15, key="g n")
        navigation.register("daily", _("Print a code"), "qrcode", "intake:codes", permissions.PRINTERS, order=60)
