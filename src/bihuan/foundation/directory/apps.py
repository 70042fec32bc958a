"""Wiring of the directory."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Regions, departments, boards and enterprises."""

    name = "bihuan.foundation.directory"
    label = "directory"
