"""Teams, and plans that spread enterprises over days and teams without visiting anybody too often."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import permissions, selectors
from ..models import Campaign, Team, Visit, VisitPlan
from ..rulebook import Visits
from ..rules import visits
from ..states import CampaignState
from .recording import commit, rule
from .visiting import counted, enter

MOST = 12_000
PLAN_DAYS = 366


def make_team(
    *, region: str, name: str, kind: str, members: Sequence[str], experts: Sequence[str], actor: Actor, now: dt.datetime
) -> Team:
    """Set up a team, or change the one of this name. members, experts: user names; experts come from outside.

    Raises Forbidden, Invalid (name, kind, somebody without an office), Conflict `teams_enough` (the rulebook says how
    many of a kind there are: 青岛 4 + 20 + N). Leaves one fact.
    """
    with database.writing():
        permissions.check_plans(actor, region)
        book = rule(region, now).visits
        known = {one.id: one for one in book.teams}
        named = clean_line(name)
        if not 0 < len(named) <= 60:
            raise errors.Invalid(_("name: please give it a name"), code="invalid_body", field="name")
        if kind not in known:
            allowed = ", ".join(known)
            raise errors.Invalid(_("kind: one of %(kinds)s") % {"kinds": allowed}, code="invalid_body", field="kind")
        team = Team.objects.select_for_update().filter(region=region, name=named).first()
        others = Team.objects.filter(region=region, kind=kind, active=True).exclude(name=named).count()
        most = known[kind].count
        if most is not None and others >= most:
            full = _("The rulebook has %(most)d teams of this kind.") % {"most": most}
            raise errors.Conflict(full, code="teams_enough", most=most)
        made, team = team is None, team or Team(region=region, name=named)
        team.kind, team.active = kind, True
        team.members, team.experts = _people(members, "members"), _people(experts, "experts")
        said = {"name": named, "kind": kind, "members": len(team.members), "experts": len(team.experts)}
        commit(
            team, "set_up", now=now, said=said, actor=actor, changed=["kind", "active", "members", "experts"], made=made
        )
    return team


def _people(names: Sequence[str], field: str) -> list[uuid.UUID]:
    found = []
    for name in filter(None, map(str.strip, names)):
        person = accounts.person_named(name)
        if person is None or not accounts.reader_of(person.pk).grants:
            said = _("Nobody with an office has the user name “%(name)s”.") % {"name": name[:40]}
            raise errors.Invalid(said, code="unknown_person", field=field)
        found.append(person.pk)
    return list(dict.fromkeys(found))


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A plan as asked for. enterprises: credit codes; teams, campaign: ids; fixed: a customary day, or all workdays."""

    name: str
    kind: str
    purpose: str
    since: dt.date
    until: dt.date
    enterprises: Sequence[str]
    teams: Sequence[uuid.UUID] = ()
    fixed: str = ""
    announced: bool = True
    campaign: uuid.UUID | None = None


def make_plan(*, region: str, wish: Wish, actor: Actor, now: dt.datetime) -> VisitPlan:
    """Make a plan and enter its visits; enterprises that are visited enough are left out, with their first free day.

    Raises Forbidden, Invalid (name, kind, purpose, days, enterprises, teams, fixed). Leaves one fact for the plan and
    one for each visit; announced visits are told to the enterprises.
    """
    with database.writing():
        permissions.check_plans(actor, region)
        firms = _firms(wish.enterprises)
        teams = {str(one.id): one for one in Team.objects.filter(region=region, active=True, pk__in=list(wish.teams))}
        if len(teams) != len(set(wish.teams)):
            raise errors.Invalid(_("teams: there is no such team here"), code="invalid_body", field="teams")
        book = rule(region, now).visits
        days = _days(region, wish, book, now)
        plan = VisitPlan(region=region, kind=wish.kind, since=wish.since, until=wish.until, made_at=now)
        if wish.campaign is not None:
            plan.campaign = _campaign(region, wish.campaign)
        plan.name, plan.purpose = line(wish.name, 60, "name"), line(wish.purpose, 400, "purpose")
        laid = visits.lay_out(
            firms=list(firms),
            days=days,
            teams=sorted(teams, key=lambda one: (teams[one].name, one)),
            taken=_taken(list(firms.values()), wish, book),
            most=book.cap.most if wish.kind not in book.cap.exempt else len(firms) + 10_000,
            days_of_cap=book.cap.days,
        )
        plan.skipped = [
            {"enterprise": firms[key].name, "earliest": day.isoformat() if day else None} for key, day in laid.skipped
        ]
        said = {"name": plan.name, "visits": len(laid.visits), "skipped": len(laid.skipped)}
        commit(plan, "made", now=now, said=said, actor=actor, made=True)
        for key, day, team in laid.visits:
            visit = Visit(plan=plan, region=region, kind=wish.kind, on=day, purpose=plan.purpose)
            visit.enterprise, visit.team, visit.announced = firms[key], teams.get(team), wish.announced
            visit.officials = [*visit.team.members, *visit.team.experts] if visit.team else []
            enter(visit, actor=actor, now=now)
    return plan


def _campaign(region: str, campaign_id: uuid.UUID) -> Campaign:
    found = Campaign.objects.filter(pk=campaign_id, region=region, state=CampaignState.RUNNING.value).first()
    if found is None:
        raise errors.Invalid(_("campaign: there is no such running campaign"), code="invalid_body", field="campaign")
    return found


def line(text: str, most: int, field: str) -> str:
    """Return one line of at most so many characters. Raises Invalid."""
    found = clean_line(text)
    if not 0 < len(found) <= most:
        said = _("%(field)s: please write something, at most %(max)d characters") % {"field": field, "max": most}
        raise errors.Invalid(said, code="invalid_body", field=field)
    return found


def _firms(codes: Sequence[str]) -> dict[str, Enterprise]:
    if not 0 < len(codes) <= MOST:
        said = _("enterprises: between 1 and %(most)d credit codes") % {"most": MOST}
        raise errors.Invalid(said, code="invalid_body", field="enterprises")
    wanted = [directory_rules.check_uscc(one, field="enterprises") for one in codes]
    found = {one.uscc: one for one in Enterprise.objects.filter(uscc__in=wanted)}
    if missing := next((one for one in wanted if one not in found), ""):
        said = _("No enterprise has the credit code %(code)s.") % {"code": missing}
        raise errors.Invalid(said, code="unknown", field="enterprises")
    return {one: found[one] for one in wanted}


def _days(region: str, wish: Wish, book: Visits, now: dt.datetime) -> list[dt.date]:
    today = answers.local_date(now)
    if wish.kind not in ("visit", "inspection"):
        raise errors.Invalid(_("kind: visit or inspection"), code="invalid_body", field="kind")
    if not today <= wish.since <= wish.until or (wish.until - wish.since).days > PLAN_DAYS:
        raise errors.Invalid(_("The days have to lie ahead, within one year."), code="plan_days", field="since")
    if not wish.fixed:
        calendar = workcalendar.calendar_for(region)
        span = (wish.since + dt.timedelta(days=step) for step in range((wish.until - wish.since).days + 1))
        found = [day for day in span if calendar.is_workday(day)]
    else:
        custom = next((one for one in book.fixed_days if one.id == wish.fixed), None)
        if custom is None:
            raise errors.Invalid(_("fixed: there is no such day here"), code="invalid_body", field="fixed")
        found = visits.fixed_days(wish.since, wish.until, monthly=custom.monthly, weekly=custom.weekly)
    if not found:
        raise errors.Invalid(_("There is no suitable day between these two."), code="plan_days", field="until")
    return found


def _taken(firms: Sequence[Enterprise], wish: Wish, book: Visits) -> dict[str, list[dt.date]]:
    """Lock the enterprises in order, so that two plans cannot fill the same days, and return the days there are."""
    list(
        Enterprise.objects.select_for_update().filter(pk__in=[one.pk for one in firms]).order_by("pk").values_list("pk")
    )
    found: dict[str, list[dt.date]] = defaultdict(list)
    edge = dt.timedelta(days=book.cap.days)
    rows: Any = counted(book).filter(
        enterprise__in=[one.pk for one in firms], on__gt=wish.since - edge, on__lt=wish.until + edge
    )
    for uscc, day in rows.values_list("enterprise__uscc", "on"):
        found[uscc].append(day)
    names = {one.pk: one.uscc for one in firms}
    for key, days in selectors.others(list(names), wish.since, wish.until).items():
        found[names[key]] += days
    return found
