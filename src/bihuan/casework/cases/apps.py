"""Wiring of the cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """The case and its one loop."""

    name = "bihuan.casework.cases"
    label = "cases"

    def ready(self) -> None:
        """Register facts, heads, the rulebook sections and the reactions to clocks."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.accounts import roles
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, panels, permissions, presenters, rulebook, subscriptions, wording
        from .models import Case
        from .presenters import firm, presets
        from .services import dispatching, handling, screening, verifying, word  # noqa: F401 -- they register their steps

        facts.register(events.WORDINGS, words={"clock": wording.CLOCKS})
        heads.register_model(Case)
        deadlines.guard_subjects(model=Case)
        rulebook.register()
        registry.register_labels({f"={role.value}": name for role, name in roles.NAMES.items()})
        registry.register_labels(wording.RULEBOOK)
        subscriptions.register()
        panels.register(
            panels.Panel(name="limits", template="cases/_limits.html", fill=presenters.limits, place="side", order=10)
        )
        firm.register()
        staff = [role.value for role in permissions.STAFF_ROLES]
        navigation.register(
            "daily", _("My work"), "inbox", "cases:queue", staff, badge=presets.waiting, order=10, key="g q"
        )
        navigation.register("daily", _("Register"), "list-details", "cases:register", staff, order=20, key="g r")
