"""Campaigns with their wall chart: staff of the region, and the departments that carry a matter of it."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Campaign, CampaignDay, CampaignMatter, Team, VisitPlan
from ..rulebook import Outreach
from ..rules import campaigns
from ..states import CAMPAIGN_MATTERS, CAMPAIGNS, SYSTEM, CampaignState, MatterState

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Chart:
    """挂图: goals, matters with the criteria each meets, figures by day, teams, plans of visits."""

    campaign: Campaign
    criteria: tuple[str, ...]
    lively: int
    goals: list[campaigns.Goal]
    matters: list[tuple[CampaignMatter, tuple[str, ...]]]
    days: Mapping[str, Mapping[dt.date, int]]
    totals: Mapping[str, int]
    teams: list[Team]
    plans: list[VisitPlan]


def _seen(actor: Actor) -> Any:
    rows = Campaign.objects.all()
    if actor.system:
        return rows
    if actor.reader is None or not actor.reader.roles & set(permissions.READERS):
        return rows.none()
    scope = actor.scope()
    return rows.filter(Q(region__in=scope.regions) | Q(units__overlap=list(scope.departments)))


def campaigns_page(*, actor: Actor, before: uuid.UUID | None = None, limit: int = PAGE) -> list[Campaign]:
    """Return the campaigns the actor may see, newest first."""
    with database.reading(actor.scope()):
        rows = _seen(actor)
        rows = rows.filter(id__lt=before) if before is not None else rows
        return list(rows.order_by("-id")[:limit])


def find_campaign(campaign_id: uuid.UUID, actor: Actor) -> Campaign:
    """Return one campaign that the actor may see. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Campaign | None = _seen(actor).filter(pk=campaign_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such campaign here, or you may not see it."), code="campaign_not_found")
    return found


def find_matter(matter_id: uuid.UUID, actor: Actor) -> CampaignMatter:
    """Return one matter of a campaign that the actor may see. Raises NotFound."""
    with database.reading(actor.scope()):
        found = CampaignMatter.objects.filter(pk=matter_id, campaign__in=_seen(actor)).first()
    if found is None:
        raise errors.NotFound(_("There is no such campaign here, or you may not see it."), code="campaign_not_found")
    return found


def chart(*, campaign: Campaign, actor: Actor, now: dt.datetime) -> Chart:
    """Return the wall chart of a campaign as of today, or as of the day it ended. Figures come from the rollup."""
    book = rulebooks.version(campaign.rulebook_version).section(Outreach).campaigns
    today = answers.local_date(campaign.ended_at or now)
    with database.reading(actor.scope()):
        rows = CampaignMatter.objects.filter(campaign=campaign).select_related("department")
        matters = list(rows.exclude(state=MatterState.DROPPED.value).order_by("due_on", "name"))
        counted = list(CampaignDay.objects.filter(campaign=campaign).order_by("on"))
        teams = list(Team.objects.filter(pk__in=campaign.teams).order_by("kind", "name"))
        plans = list(VisitPlan.objects.filter(campaign=campaign).order_by("id"))
    days: dict[str, dict[dt.date, int]] = defaultdict(dict)
    for one in counted:
        days[one.figure][one.on] = one.value
    totals = {figure: sum(days[figure].values()) for figure in campaigns.FIGURES}
    return Chart(
        campaign=campaign,
        criteria=book.stars,
        lively=book.lively,
        goals=campaigns.goals(campaign.goals, totals, since=campaign.since, until=campaign.until, today=today),
        matters=[
            (one, campaigns.stars(_standing(one), book.stars, today=today, lively=book.lively)) for one in matters
        ],
        days=days,
        totals=totals,
        teams=teams,
        plans=plans,
    )


def _standing(one: CampaignMatter) -> campaigns.Standing:
    return campaigns.Standing(
        since=one.put_on,
        due_on=one.due_on,
        progress_on=one.progress_on,
        done_on=one.done_on,
        blocked=one.blocked,
        sent_back=one.sent_back,
    )


def campaign_actions(campaign: Campaign, actor: Actor) -> list[str]:
    """Return what this actor could do with the campaign now."""
    rows = CAMPAIGNS.allowed(CampaignState(campaign.state))
    return [row.action for row in rows if row.roles - {SYSTEM} and permissions.can(actor, row.action, campaign)]


def matter_actions(matter: CampaignMatter, actor: Actor) -> list[str]:
    """Return what this actor could do with a matter of the chart now."""
    if matter.campaign.state != CampaignState.RUNNING:
        return []
    rows = CAMPAIGN_MATTERS.allowed(MatterState(matter.state))
    return [row.action for row in rows if permissions.can(actor, row.action, matter)]
