"""Wiring of key projects."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Key projects, their milestones, and what blocks them."""

    name = "bihuan.mechanisms.projects"
    label = "projects"

    def ready(self) -> None:
        """Register facts, heads, the clock's subject, the rulebook section, reactions and navigation."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.ui import navigation

        from . import events, models, permissions, rulebook, subscriptions

        facts.register(events.WORDINGS)
        heads.register_model(models.Project)
        heads.register_model(models.Milestone)
        deadlines.guard_subjects(model=models.Milestone)
        rulebook.register()
        subscriptions.register()
        navigation.register(
            "oversight", _("Key projects"), "building", "projects:register", permissions.STAFF, order=28
        )
