"""Wiring of the cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The case and its one loop."""

    name = "bihuan.casework.cases"
    label = "cases"

    def ready(self) -> None:
        """Register facts, heads, the rulebook sections and the reactions to clocks."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads

        from . import events, rulebook, subscriptions
        from .models import Case
        from .services import dispatching, handling, screening, verifying, word  # noqa: F401 -- they register their steps

        facts.register(events.WORDINGS)
        heads.register_model(Case)
        deadlines.guard_subjects(model=Case)
        rulebook.register()
        subscriptions.register()
