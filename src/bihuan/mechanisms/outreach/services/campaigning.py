"""百日攻坚 (O8): a campaign is made, its matters go onto the wall chart, its days are counted, and it ends in time."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min
from django.db.models.functions import TruncDate
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_text, needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices, permissions, selectors
from ..models import Campaign, CampaignDay, CampaignMatter, Report, Team, Visit
from ..rules import campaigns
from ..states import CAMPAIGN_MATTERS, CAMPAIGNS, CampaignState, MatterState, VisitState
from .planning import line
from .recording import commit

LONGEST, MATTERS_MOST = 400, 200


@dataclass(frozen=True, kw_only=True)
class Drive:
    """A campaign as asked for. goals: figure → target; teams: ids."""

    name: str
    purpose: str
    since: dt.date
    until: dt.date
    goals: Mapping[str, int]
    teams: Sequence[uuid.UUID] = ()


def make_campaign(*, region: str, drive: Drive, actor: Actor, now: dt.datetime) -> Campaign:
    """Make a campaign, which runs from its first day to its last.

    Raises Forbidden `plan_region`, Invalid (name, purpose, days, goals, teams). Leaves one fact.
    """
    with database.writing():
        permissions.check_plans(actor, region)
        today = answers.local_date(now)
        directory.region_in_force(region, today)
        if not today <= drive.until or not 0 <= (drive.until - drive.since).days <= LONGEST:
            raise errors.Invalid(_("The days have to lie ahead, within one year."), code="plan_days", field="since")
        teams = set(Team.objects.filter(region=region, active=True, pk__in=drive.teams).values_list("pk", flat=True))
        if teams != set(drive.teams):
            raise errors.Invalid(_("teams: there is no such team here"), code="invalid_body", field="teams")
        wrong = set(drive.goals) - set(campaigns.FIGURES)
        if wrong or not drive.goals or any(not 0 < one < 10_000_000 for one in drive.goals.values()):
            raise errors.Invalid(_("goals: at least one figure with a number"), code="invalid_body", field="goals")
        made = Campaign(region=region, since=drive.since, until=drive.until, teams=sorted(teams), made_at=now)
        made.name, made.purpose = line(drive.name, 60, "name"), line(drive.purpose, 400, "purpose")
        made.goals = [{"figure": one, "target": drive.goals[one]} for one in campaigns.FIGURES if one in drive.goals]
        made.rulebook_version = rulebooks.in_force(region, now).id
        said = {"name": made.name, "since": made.since.isoformat(), "until": made.until.isoformat()}
        commit(made, "made", now=now, said=said, actor=actor, made=True)
    return made


def _locked(campaign_id: uuid.UUID, actor: Actor) -> Campaign:
    selectors.find_campaign(campaign_id, actor)
    return Campaign.objects.select_for_update().get(pk=campaign_id)


def take_campaign(
    *, campaign_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Campaign:
    """`end_campaign` or `call_off_campaign`, both with {text}: what it came to, or why.

    Raises NotFound, Forbidden, Conflict `state_forbids`, Invalid. Leaves one fact.
    """
    with database.writing():
        found = _locked(campaign_id, actor)
        transition = CAMPAIGNS.named(action)
        permissions.check(actor, action, found)
        CAMPAIGNS.check_state(
            transition, CampaignState(found.state), may=lambda one: permissions.can(actor, one, found)
        )
        _end(found, next(iter(transition.targets)), needed_text(body), actor, now, fact=action)
    return found


def _end(
    found: Campaign, state: CampaignState, text: str, actor: Actor, now: dt.datetime, *, fact: str = "end_campaign"
) -> None:
    _count(found, now)
    came_from, found.state, found.ended_at, found.summary = found.state, state.value, now, text
    changed = ["state", "ended_at", "summary", "counted_at"]
    commit(found, fact, now=now, said={"text": text}, actor=actor, came_from=came_from, changed=changed)


def add_matter(*, campaign_id: uuid.UUID, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> CampaignMatter:
    """Put a matter onto the wall chart {name, department, measure, due_on}; the unit is told.

    Raises NotFound, Forbidden `plan_region`, Conflict `state_forbids`, `matter_exists`, Invalid. Leaves one fact.
    """
    with database.writing():
        found = _locked(campaign_id, actor)
        permissions.check_plans(actor, found.region)
        _check_running(found)
        today = answers.local_date(now)
        body_of = directory.department_in_force(found.region, str(body.get("department", "")), today)
        due = _day(body)
        if not today <= due <= found.until:
            raise errors.Invalid(_("due_on: a day within the campaign"), code="invalid_body", field="due_on")
        made = CampaignMatter(campaign=found, region=found.region, department_id=body_of.id, due_on=due, put_on=today)
        made.name = line(str(body.get("name", "")), 120, "name")
        made.measure = line(str(body.get("measure", "")), 400, "measure")
        rows = CampaignMatter.objects.filter(campaign=found)
        if rows.filter(name=made.name).exists() or rows.count() >= MATTERS_MOST:
            raise errors.Conflict(_("This matter is on the chart already, or the chart is full."), code="matter_exists")
        if body_of.id not in found.units:
            found.units = [*found.units, body_of.id]
            found.save(update_fields=["units"])
        said = {"name": made.name, "due_on": due.isoformat(), "measure": made.measure}
        commit(made, "put_up", now=now, said=said, actor=actor, made=True)
        notices.tell_unit("campaign_matter", matter=made, now=now, but=actor.person_id)
    return made


def _check_running(found: Campaign) -> None:
    if found.state != CampaignState.RUNNING:
        raise errors.Conflict(
            _("This is not possible in the present state."), code="state_forbids", state=found.state, allowed_actions=[]
        )


def _day(body: Mapping[str, Any]) -> dt.date:
    try:
        found = parse_date(str(body.get("due_on", "")))
    except ValueError:
        found = None
    if found is None:
        raise errors.Invalid(_("due_on: a day within the campaign"), code="invalid_body", field="due_on")
    return found


def take_matter(
    *, matter_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> CampaignMatter:
    """Take one action on a matter of the chart; all need {text}, `tell_progress` also takes {blocked}.

    The unit says how far it is and that it is done; only somebody else writes it off. Raises NotFound, Forbidden,
    Conflict `state_forbids`, Invalid. Leaves one fact.
    """
    with database.writing():
        seen = selectors.find_matter(matter_id, actor)
        campaign = Campaign.objects.select_for_update().get(pk=seen.campaign_id)
        matter = CampaignMatter.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=matter_id)
        transition = CAMPAIGN_MATTERS.named(action)
        permissions.check(actor, action, matter)
        CAMPAIGN_MATTERS.check_state(
            transition, MatterState(matter.state), may=lambda one: permissions.can(actor, one, matter)
        )
        _check_running(campaign)
        text, today = needed_text(body, most=1_000), answers.local_date(now)
        came_from, matter.state = matter.state, next(iter(transition.targets), MatterState(matter.state)).value
        if action in ("tell_progress", "tell_done"):
            matter.progress, matter.progress_on = clean_text(text), today
            matter.blocked = action == "tell_progress" and str(body.get("blocked", "")).lower() in ("yes", "true", "1")
        matter.reported_on = {"tell_done": today, "not_done": None}.get(action, matter.reported_on)
        matter.sent_back += action == "not_done"
        # It was done on the day the unit says so; that it is true, somebody else has found.
        matter.done_on = matter.reported_on if action == "write_off_matter" else matter.done_on
        fields = ["state", "progress", "progress_on", "blocked", "sent_back", "reported_on", "done_on"]
        said = {"text": text, "blocked": matter.blocked}
        commit(matter, action, now=now, said=said, actor=actor, came_from=came_from, changed=fields)
    return matter


def count_days(*, campaign_id: uuid.UUID, now: dt.datetime) -> None:
    """Count all days of a campaign anew; the same facts always give the same rows."""
    with database.writing():
        found = Campaign.objects.select_for_update().get(pk=campaign_id)
        _count(found, now)
        found.save(update_fields=["counted_at"])


def count_due(*, now: dt.datetime) -> int:
    """Count the days of all running campaigns, and end those whose last day is over; return how many ran."""
    with database.writing():
        ids = list(Campaign.objects.filter(state=CampaignState.RUNNING.value).values_list("pk", flat=True))
    for campaign_id in ids:
        with database.writing():
            found = Campaign.objects.select_for_update().get(pk=campaign_id)
            if found.state == CampaignState.RUNNING and found.until < answers.local_date(now):
                _end(found, CampaignState.ENDED, _("Its last day is over."), THE_SYSTEM, now)
            elif found.state == CampaignState.RUNNING:
                _count(found, now)
                found.save(update_fields=["counted_at"])
    return len(ids)


def _count(found: Campaign, now: dt.datetime) -> None:
    zone = answers.local(now).tzinfo  # type: ignore[union-attr]
    span = (found.since, found.until)
    visits = Visit.objects.filter(plan__campaign=found, state=VisitState.DONE.value)
    visits = visits.annotate(day=TruncDate("done_at", tzinfo=zone))
    reports = Report.objects.filter(visit__plan__campaign=found).annotate(day=TruncDate("received_at", tzinfo=zone))
    solved = reports.filter(case__achieved=True).annotate(done=TruncDate("case__achieved_at", tzinfo=zone))
    first = visits.values("enterprise").annotate(first=Min("day"))
    counts: dict[str, dict[dt.date, int]] = {
        "visits": _by_day(visits, "day"),
        "firms": {},
        "findings": _by_day(reports.exclude(finding=""), "day"),
        "raised": _by_day(reports.filter(case__isnull=False), "day"),
        "solved": _by_day(solved, "done"),
        "done": _by_day(CampaignMatter.objects.filter(campaign=found, done_on__isnull=False), "done_on"),
    }
    for row in first:
        counts["firms"][row["first"]] = counts["firms"].get(row["first"], 0) + 1
    CampaignDay.objects.filter(campaign=found).delete()
    CampaignDay.objects.bulk_create(
        CampaignDay(campaign=found, region=found.region, on=day, figure=figure, value=value)
        for figure, days in counts.items()
        for day, value in sorted(days.items())
        if span[0] <= day <= span[1]
    )
    found.counted_at = now


def _by_day(rows: Any, field: str) -> dict[dt.date, int]:
    found = rows.values_list(field).annotate(n=Count("pk", distinct=True)).order_by()
    return {day: count for day, count in found if day is not None}
