"""Campaigns (百日攻坚): time-boxed, with goals and teams; the matters on their wall chart, and figures day by day."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from ..states import CampaignState, MatterState


class Campaign(Chained):
    """A campaign. goals: [{figure, target}]; teams: ids of `Team`; units: departments that a matter of it is given to.

    summary: what whoever ended it says it came to; counted_at: when its days were last counted
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    purpose = models.CharField(max_length=400)
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=12, default=CampaignState.RUNNING.value)
    goals: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    teams = ArrayField(models.UUIDField(), default=list)
    units = ArrayField(models.UUIDField(), default=list)
    made_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    summary = models.TextField(blank=True, default="")
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "outreach_campaign"
        constraints = [
            models.CheckConstraint(
                name="outreach_campaign_state_known", condition=Q(state__in=[one.value for one in CampaignState])
            ),
            models.CheckConstraint(name="outreach_campaign_days", condition=Q(until__gte=models.F("since"))),
            models.CheckConstraint(name="outreach_campaign_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="outreach_campaign_ended_once",
                condition=Q(state="running", ended_at=None) | ~Q(state="running") & Q(ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="outreach_campaign_register", fields=["region", "-id"]),
            models.Index(name="outreach_campaign_running", fields=["until"], condition=Q(state="running")),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignMatter(Chained):
    """One matter on the wall chart: who carries it, how and by when. progress: the last word of the unit.

    blocked: the unit says something stands in the way; sent_back: how often "done" was not accepted
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="matters")
    name = models.CharField(max_length=120)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=400)
    due_on = models.DateField()
    state = models.CharField(max_length=12, default=MatterState.OPEN.value)
    progress = models.TextField(blank=True, default="")
    progress_on = models.DateField(null=True)
    blocked = models.BooleanField(default=False)
    sent_back = models.IntegerField(default=0)
    put_on = models.DateField()
    reported_on = models.DateField(null=True)
    done_on = models.DateField(null=True)

    class Meta:
        db_table = "outreach_campaign_matter"
        constraints = [
            models.CheckConstraint(
                name="outreach_campaign_matter_state_known", condition=Q(state__in=[one.value for one in MatterState])
            ),
            models.UniqueConstraint(name="outreach_campaign_matter_once", fields=["campaign", "name"]),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignDay(models.Model):
    """How many of one figure a campaign had on one day. A rollup: counted anew from visits, reports, cases, matters."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="days")
    region = models.TextField()
    on = models.DateField()
    figure = models.CharField(max_length=12)
    value = models.IntegerField()

    class Meta:
        db_table = "outreach_campaign_day"
        constraints = [models.UniqueConstraint(name="outreach_campaign_day_once", fields=["campaign", "figure", "on"])]
