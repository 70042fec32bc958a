"""Wiring of the vault."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    """Clues about staff, and who gave them, apart from everything else."""

    name = "bihuan.mechanisms.vault"
    label = "vault"

    def ready(self) -> None:
        """Register the rulebook section, notices, the panel by which a clue is handed over, and navigation."""
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import notices, panels, permissions, rulebook, subscriptions, wording

        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        notices.register()
        panels.register()
        subscriptions.register()
        navigation.register(
            "oversight", _("Vault of clues"), "shield-check", "vault:desk", permissions.OFFICERS, order=60
        )
        watching = (_("Who looked into the vault"), "eye", "vault:views", ["audit_admin"])
        navigation.register("manage", *watching, order=80)
