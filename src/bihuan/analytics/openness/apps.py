"""Wiring of openness."""

from django.apps import AppConfig


class OpennessConfig(AppConfig):
    """Figures for everybody."""

    name = "bihuan.analytics.openness"
    label = "openness"

    def ready(self) -> None:
        """Register the section of the rulebook."""
        from . import rulebook

        rulebook.register()
