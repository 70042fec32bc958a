"""Visits, teams and plans. A visit's rating is shown to nobody as such: only means of groups, never to who came."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import loads
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import COUNTED, Photo, PhotoPlace, Rating, Report, Team, Visit, VisitPlan
from ..rulebook import Outreach
from ..rules import ratings, visits
from ..states import VISITS, VisitState
from .follow_ups import reader_regions

PAGE = 50
SOURCE = "visits"
"""The name under which visits are a load on an enterprise."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """How much an enterprise is visited by all bodies: days in the stretch around today, and the first free day."""

    taken: tuple[dt.date, ...]
    most: int
    days: int
    free: dt.date | None


@dataclass(frozen=True, kw_only=True)
class SeenReport:
    """A report with its photos, and, for supervisors only, where each was taken."""

    report: Report
    who: str
    photos: list[tuple[Photo, PhotoPlace | None]]


def _seen(actor: Actor) -> Any:
    rows = Visit.objects.select_related("enterprise", "department", "team", "plan")
    if actor.system:
        return rows
    if actor.reader is None:
        return rows.none()
    scope = actor.scope()
    told = Q(announced=True) | Q(state=VisitState.DONE.value)
    return rows.filter(
        Q(region__in=scope.regions)
        | Q(department_id__in=list(scope.departments))
        | Q(enterprise_id__in=list(scope.enterprises)) & told
        | Q(officials__contains=[actor.reader.person_id])
    )


def find_visit(visit_id: uuid.UUID, actor: Actor) -> Visit:
    """Return one visit that the actor may see, or goes on. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Visit | None = _seen(actor).filter(pk=visit_id).first()
    if found is None and actor.person_id is not None:
        # Whoever goes along may hold an office that sees no visits, such as an expert's.
        with database.reading(THE_SYSTEM.scope()):
            rows = Visit.objects.select_related("enterprise", "department", "team", "plan")
            found = rows.filter(pk=visit_id, officials__contains=[actor.person_id]).first()
    if found is None:
        raise errors.NotFound(_("There is no such visit here, or you may not see it."), code="visit_not_found")
    return found


def visit_actions(visit: Visit, actor: Actor, now: dt.datetime) -> list[str]:
    """Return what this actor could do with the visit now, in table order: one truth for page, API and tests."""
    today = answers.local_date(now)
    rows = [row.action for row in VISITS.allowed(VisitState(visit.state)) if permissions.can(actor, row.action, visit)]
    missing = {"report", "rate_visit"} if today < visit.on else set()
    missing |= {"rate_visit"} if visit.rated else set()
    return [one for one in rows if one not in missing]


def visits_page(
    *, actor: Actor, before: uuid.UUID | None = None, limit: int = PAGE, **only: str
) -> tuple[list[Visit], uuid.UUID | None]:
    """Return visits the actor may see, newest first, and the id to continue after.

    only: `state`, `kind`, `enterprise` (USCC), `plan` (id), `mine` (any text: those the actor goes on).
    """
    mine = bool(only.pop("mine", "")) and actor.person_id is not None
    with database.reading(THE_SYSTEM.scope() if mine else actor.scope()):
        rows = _seen(THE_SYSTEM).filter(officials__contains=[actor.person_id]) if mine else _seen(actor)
        fields = {"state": "state", "kind": "kind", "enterprise": "enterprise__uscc", "plan": "plan_id"}
        rows = rows.filter(**{fields[name]: value for name, value in only.items() if value})
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def others(enterprises: Sequence[uuid.UUID], since: dt.date, until: dt.date) -> dict[uuid.UUID, list[dt.date]]:
    """Return the days on which other contexts come to enterprises, such as for checks: a year around these days."""
    edge = dt.timedelta(days=visits.HORIZON)
    return loads.of_others(SOURCE, enterprises, since - edge, until + edge)


def days_of_visits(
    enterprises: Collection[uuid.UUID], since: dt.date, until: dt.date
) -> list[tuple[uuid.UUID, dt.date]]:
    """Return (enterprise, day) of all visits that are a load, for contexts that cap what they send themselves."""
    rows = Visit.objects.filter(enterprise__in=list(enterprises), state__in=COUNTED, on__range=(since, until))
    return list(rows.values_list("enterprise_id", "on"))


def load(*, enterprise: Enterprise, region: str, now: dt.datetime) -> Load:
    """Return how much an enterprise is visited, over all bodies and regions: days only, not who comes."""
    cap, today = rulebooks.in_force(region, now).section(Outreach).visits.cap, answers.local_date(now)
    with database.reading(THE_SYSTEM.scope()):
        rows = Visit.objects.filter(enterprise=enterprise, state__in=COUNTED).exclude(kind__in=cap.exempt)
        edge = today - dt.timedelta(days=cap.days)
        days = [*rows.filter(on__gt=edge).values_list("on", flat=True)]
        more = others([enterprise.id], today, today).get(enterprise.id, ())
        taken = sorted([*days, *(day for day in more if day > edge)])
    found = visits.excess(taken, today, most=cap.most, days=cap.days)
    return Load(taken=tuple(taken), most=cap.most, days=cap.days, free=found.earliest if found else today)


def firm(*, uscc: str, actor: Actor) -> Enterprise:
    """Return an enterprise by its credit code, for staff. Raises NotFound."""
    found = directory.enterprise(uscc)
    if found is None or actor.reader is None or not actor.reader.roles & set(permissions.VISITING):
        raise errors.NotFound(_("No enterprise has this credit code."), code="enterprise_not_found")
    return found


def inside(visit: Visit, actor: Actor) -> bool:
    """Tell whether the actor sees what was reported: those who went, their body, and staff of the region."""
    if permissions.visited(actor, visit):
        return False
    scope = actor.scope()
    own = visit.department_id is not None and str(visit.department_id) in scope.departments
    return actor.system or permissions.goes(actor, visit) or own or visit.region in scope.regions


def reports_of(*, visit: Visit, actor: Actor) -> list[SeenReport]:
    """Return what was reported of a visit, oldest first; none for the enterprise. Positions for supervisors only."""
    if not inside(visit, actor):
        return []
    told = permissions.supervises(actor, visit.region)
    with database.reading(THE_SYSTEM.scope()):
        rows = list(Report.objects.filter(visit=visit).select_related("department", "case").order_by("received_at"))
        photos: dict[uuid.UUID, list[tuple[Photo, PhotoPlace | None]]] = defaultdict(list)
        places = PhotoPlace.objects.filter(photo__report__visit=visit) if told else PhotoPlace.objects.none()
        known = {one.photo_id: one for one in places}
        for photo in Photo.objects.filter(report__visit=visit).order_by("id"):
            photos[photo.report_id].append((photo, known.get(photo.id)))
        names = accounts.names(row.by for row in rows if row.by)
    return [SeenReport(report=row, who=names.get(row.by, "") if row.by else "", photos=photos[row.id]) for row in rows]


def photo(*, visit_id: uuid.UUID, photo_id: uuid.UUID, actor: Actor) -> Photo:
    """Return one photo of a visit for those who see its reports. Raises NotFound."""
    visit = find_visit(visit_id, actor)
    with database.reading(THE_SYSTEM.scope()):
        found = Photo.objects.filter(pk=photo_id, report__visit=visit).first() if inside(visit, actor) else None
    if found is None:
        raise errors.NotFound(_("There is no such photo here."), code="photo_not_found")
    return found


def teams(*, actor: Actor) -> list[Team]:
    """Return the teams of the regions the actor sees, by name."""
    with database.reading(actor.scope()):
        return list(Team.objects.filter(region__in=actor.scope().regions, active=True).order_by("region", "name"))


def plans_page(*, actor: Actor, before: uuid.UUID | None = None, limit: int = PAGE) -> list[VisitPlan]:
    """Return the plans of the regions the actor sees, newest first."""
    with database.reading(actor.scope()):
        rows = VisitPlan.objects.filter(region__in=actor.scope().regions)
        rows = rows.filter(id__lt=before) if before is not None else rows
        return list(rows.order_by("-id")[:limit])


def find_plan(plan_id: uuid.UUID, actor: Actor) -> VisitPlan:
    """Return one plan that the actor may see. Raises NotFound."""
    with database.reading(actor.scope()):
        found = VisitPlan.objects.filter(region__in=actor.scope().regions, pk=plan_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such plan here, or you may not see it."), code="plan_not_found")
    return found


def visit_means(*, actor: Actor, now: dt.datetime) -> list[tuple[str, int, float]]:
    """Return (body, ratings, mean) of visits in settled months, for bodies with enough of them.

    Supervisors see all bodies of their regions, a department its own. Visits that the reader went on are left out.
    """
    regions, scope = list(reader_regions(actor)), actor.scope()
    until = ratings.settled(answers.local_date(now))
    with database.reading(THE_SYSTEM.scope()):
        rows = Rating.objects.filter(visit__isnull=False, department__isnull=False, on__lt=until)
        rows = rows.filter(Q(region__in=regions) | Q(department_id__in=list(scope.departments)))
        if actor.person_id is not None and regions:
            rows = rows.exclude(visit__officials__contains=[actor.person_id])
        found = list(rows.values_list("region", "department__short_name", "level"))
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for region, name, level in found:
        groups[region, name].append(level)
    smallest = {region: _least(region, now) for region, _name in groups}
    means = [(name, len(one), ratings.mean(one, least=smallest[region])) for (region, name), one in groups.items()]
    return sorted((name, count, mean) for name, count, mean in means if mean is not None)


def _least(region: str, now: dt.datetime) -> int:
    return rulebooks.in_force(region, now).section(Outreach).codes.least


def visit_regions(actor: Actor) -> Sequence[str]:
    """Return the regions in which the actor registers visits."""
    return actor.reader.regions_for(permissions.VISITING) if actor.reader else ()
