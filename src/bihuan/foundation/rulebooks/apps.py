"""Wiring of the rulebooks: the sections that belong to no context above."""

from django.apps import AppConfig


class RulebooksConfig(AppConfig):
    """What each place has decided, as versioned data."""

    name = "bihuan.foundation.rulebooks"
    label = "rulebooks"

    def ready(self) -> None:
        """Register the core sections."""
        from bihuan.foundation.rulebooks import registry, sections, wording

        registry.register_labels(wording.LABELS)
        registry.register_section("name", sections.Title)
        registry.register_section("region", sections.HomeRegion)
        registry.register_section("calendar", sections.Calendar)
