"""Wiring of the administration: its entries in the navigation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    """Pages of the three administrators."""

    name = "bihuan.delivery.administration"
    label = "administration"

    def ready(self) -> None:
        """Register the entries of the navigation, by role."""
        from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
        from bihuan.foundation.ui import navigation

        everyone = sorted(ADMINISTRATORS)
        entries = (
            (_("Overview"), "home", "home", everyone),
            (_("People"), "users", "people", everyone),
            (_("Departments"), "building", "departments", everyone),
            (_("Boards"), "columns", "boards", everyone),
            (_("Calendar"), "calendar", "calendar", everyone),
            (_("Rulebooks"), "book", "rulebooks", everyone),
            (_("Tokens of programs"), "key", "tokens", [Role.SECURITY_ADMIN]),
            (_("Security record"), "shield-check", "record", [Role.AUDIT_ADMIN]),
        )
        for place, (label, icon, page, roles) in enumerate(entries):
            navigation.register("manage", label, icon, f"administration:{page}", roles, order=place)
