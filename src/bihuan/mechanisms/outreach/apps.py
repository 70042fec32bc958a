"""Wiring of outreach."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutreachConfig(AppConfig):
    """Codes that anybody scans, and what follows a bad rating."""

    name = "bihuan.mechanisms.outreach"
    label = "outreach"

    def ready(self) -> None:
        """Register facts, heads, the clock's subject, the rulebook section, reactions and the navigation."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.directory import doors, loads
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, models, panels, permissions, rulebook, selectors, subscriptions, wording

        facts.register(events.WORDINGS, words={"clock": wording.CLOCKS})
        chained = (models.Code, models.FollowUp, models.Team, models.VisitPlan, models.Visit)
        for model in (*chained, models.Campaign, models.CampaignMatter):
            heads.register_model(model)
        deadlines.guard_subjects(model=models.FollowUp)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        subscriptions.register()
        panels.register()
        loads.register(selectors.SOURCE, selectors.days_of_visits)
        doors.register(selectors.SOURCE, selectors.door)
        navigation.register("daily", _("Visits"), "building", "outreach:visits", permissions.GOING, order=70)
        navigation.register("oversight", _("Campaigns"), "flag", "outreach:campaigns", permissions.READERS, order=25)
        navigation.register(
            "oversight", _("Codes and ratings"), "qrcode", "outreach:codes", permissions.READERS, order=30
        )
