"""Reads of the observation network, and what became of what observers noticed."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Count, Q

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import database

from .. import permissions
from ..models import Observer, Point
from .common import PAGE, not_found

LATELY = dt.timedelta(days=365)


def points(*, actor: Actor, now: dt.datetime) -> list[tuple[Point, list[Observer], Counter[str]]]:
    """Return the observation points of the actor's regions, each with its observers and what became of their hints.

    Counted are the hints of the last year by what became of them: `hints`, `open`, `declined`, `achieved`.
    """
    found = permissions.regions(actor)
    with database.reading(actor.scope()):
        rows = list(Point.objects.filter(region__in=found).order_by("state", "name", "id"))
    with database.reading(THE_SYSTEM.scope()):
        observers = list(Observer.objects.filter(point__in=rows, until=None).select_related("person").order_by("since"))
        counted = _hints([one.person_id for one in observers], found, now)
    by_point = {one.id: [seat for seat in observers if seat.point_id == one.id] for one in rows}
    return [
        (one, by_point[one.id], sum((counted[seat.person_id] for seat in by_point[one.id]), Counter())) for one in rows
    ]


def _hints(people: Sequence[uuid.UUID], regions: Iterable[str], now: dt.datetime) -> dict[uuid.UUID, Counter[str]]:
    chosen = Case.objects.filter(raised_by__in=people, region__in=regions, raised_at__gte=now - LATELY)
    rows = chosen.values("raised_by").annotate(
        hints=Count("id"),
        declined=Count("id", filter=Q(state="declined")),
        achieved=Count("id", filter=Q(achieved=True)),
        closed=Count("id", filter=Q(state__in=["closed", "archived"])),
    )
    found = {one: Counter[str]() for one in people}
    for row in rows:
        if (person := row["raised_by"]) is not None:
            found[person] = Counter({name: row[name] for name in ("hints", "declined", "achieved", "closed")})
    return found


def locked_point(point_id: uuid.UUID, actor: Actor) -> Point:
    """Return one observation point of the actor's regions, locked. Raises NotFound."""
    chosen = Point.objects.select_for_update(of=("self",)).filter(pk=point_id, region__in=permissions.regions(actor))
    found = chosen.first()
    if found is None:
        raise not_found()
    return found


def hints(*, actor: Actor) -> list[Case]:
    """Return what the actor noticed and raised, newest first: an observer sees what became of it."""
    with database.reading(actor.scope()):
        rows = Case.objects.filter(raised_by=actor.person_id).defer("search").select_related("lead_department")
        return list(rows.order_by("-raised_at", "-id")[:PAGE])
