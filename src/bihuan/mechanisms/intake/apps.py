"""Wiring of intake."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Every way into the one register."""

    name = "bihuan.mechanisms.intake"
    label = "intake"
