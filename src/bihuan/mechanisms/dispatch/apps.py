"""Wiring of dispatch."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Proposals for triage and dispatch."""

    name = "bihuan.mechanisms.dispatch"
    label = "dispatch"
