"""Wiring of the kernel."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Holds the database roles that everything else stands on."""

    name = "bihuan.foundation.kernel"
    label = "kernel"
