"""Wiring of the look."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Base pages, components, styles and scripts."""

    name = "bihuan.foundation.ui"
    label = "ui"
