"""Reads of institutions and policy proposals. What is in force is for all of the place; a draft for who keeps it."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor, visible, visible_sql
from bihuan.casework.cases.rules import numbers
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import permissions
from ..models import Institution, Link, Proposal
from ..rulebook import Registers
from ..rules import effect
from ..states import SYSTEM, InstitutionState

PAGE = 50
ANSWERED = ("replied", "verifying", "closed", "archived")
SHOWN_CASES = 200


@dataclass(frozen=True, kw_only=True)
class Found:
    """An institution as a reader sees it: whether its review is late, its linked cases they may see, what they may do.

    staff: whether the reader may see the effect and the trace; the raiser of a linked case sees the words alone.
    """

    thing: Institution
    overdue: bool
    staff: bool
    cases: list[Case]
    available_actions: list[str]


def not_found() -> errors.NotFound:
    """Return (for raising) that there is no such entry for these eyes."""
    return errors.NotFound(_("There is no such entry here, or you may not see it."), code="entry_not_found")


def of_institutions(actor: Actor) -> Any:
    """Return the institutions the actor may see: as keeper or owner all, of their place and their cases no drafts."""
    rows = Institution.objects.select_related("owner")
    if actor.system:
        return rows
    scope = actor.scope()
    told = Q(region__in=permissions.places(actor)) if permissions.is_staff(actor) else _of_own_cases(actor)
    return rows.filter(
        Q(region__in=scope.regions)
        | Q(owner_id__in=scope.departments)
        | (told & ~Q(state=InstitutionState.DRAFTED.value))
    )


def _of_own_cases(actor: Actor) -> Q:
    sql, parameters = visible_sql(actor)
    linked = "select l.institution_id from registers_link l join cases_case on cases_case.id = l.case_id"
    of_case = f"registers_institution.id in ({linked} where {sql})"
    return Q(RawSQL(of_case, parameters, output_field=BooleanField()))  # noqa: S611


def institutions(
    *,
    actor: Actor,
    state: str = "",
    kind: str = "",
    owner: str = "",
    category: str = "",
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> tuple[list[Institution], uuid.UUID | None]:
    """Return institutions the actor may see, newest first, and the id to continue after.

    state: one state, `kept` (in force or reviewed), `late`, or all. owner: code of a department.
    """
    with database.reading(actor.scope()):
        rows = of_institutions(actor)
        if state == "late":
            rows = rows.filter(late_since__isnull=False)
        elif state:
            rows = rows.filter(state__in={"kept": ["in_force", "reviewed"]}.get(state, [state]))
        for name, value in (("kind", kind), ("owner__code", owner), ("category", category)):
            rows = rows.filter(**{name: value}) if value else rows
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def institution(*, institution_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Found:
    """Return one institution with those of its cases that the actor may see. Raises NotFound."""
    with database.reading(actor.scope()):
        thing = of_institutions(actor).filter(pk=institution_id).first()
        if thing is None:
            raise not_found()
        linked = Case.objects.filter(visible(actor), id__in=Link.objects.filter(institution=thing).values("case"))
        cases = list(linked.defer("search").order_by("-id")[:SHOWN_CASES])
    return Found(
        thing=thing,
        overdue=thing.due_at is not None and thing.due_at < now,
        staff=actor.system or (permissions.is_staff(actor) and thing.region in permissions.places(actor)),
        cases=cases,
        available_actions=available(actor, thing),
    )


def available(actor: Actor, thing: permissions.Thing) -> list[str]:
    """Return what this actor could do with the thing now, in table order: one truth for page, API and tests."""
    machine = permissions.machine_of(thing)
    rows = [row for row in machine.allowed(type(machine.initial)(thing.state)) if SYSTEM not in row.roles]
    return [row.action for row in rows if permissions.can(actor, row.action, thing)]


def trace(*, thing_id: uuid.UUID, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of an entry the actor has been shown, oldest first."""
    with database.reading(actor.scope()):
        return [ledger.content(fact) for fact in ledger.history(thing_id)]


def linked_to(*, case: Case, actor: Actor, limit: int = 5) -> list[Institution]:
    """Return the institutions a case led to, newest first. Call inside `reading`."""
    rows = of_institutions(actor).filter(links__case=case)
    return list(rows.order_by("-id")[:limit])


def came_from(*, source: str, source_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of these sources have an institution in the register; call with the product's eyes."""
    found = Institution.objects.filter(source=source, source_id__in=source_ids)
    return {one for one in found.values_list("source_id", flat=True) if one is not None}


def entered(*, source: str, source_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return which of these proposals are in the register, and their state there; call with the product's eyes."""
    return dict(Proposal.objects.filter(source=source, source_id__in=source_ids).values_list("source_id", "state"))


def proposals(
    *, actor: Actor, state: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Proposal], uuid.UUID | None]:
    """Return the policy proposals of places the actor oversees (or is a deputy of), newest first."""
    scope = actor.scope()
    with database.reading(scope):
        rows = Proposal.objects.filter(region__in={*scope.regions, *scope.refusal_regions})
        rows = rows.filter(state=state) if state else rows
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.select_related("institution").order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


_FIRST = "select min(raised_at) from cases_case where region = %s and raised_at is not null"
_MATTERS = (
    "select raised_at, case when state = any(%s) then replied_at end from cases_case where region = %s"
    " and raised_at >= %s and raised_at < %s and state <> 'merged' and closed_kind <> 'withdrawn'"
)


def effect_of(*, thing: Institution, now: dt.datetime) -> effect.Effect:
    """Return what the institution changed, counted with the product's eyes: figures of a whole place name nobody.

    Counted: matters of its region, category and words; not the merged and the withdrawn. Three queries.
    """
    if thing.in_force_on is None:
        return effect.Effect(why="not_in_force")
    if not thing.category and not thing.words:
        return effect.Effect(why="no_theme")
    book = rulebooks.version(thing.rulebook_version).section(Registers).effect
    calendar = workcalendar.calendar_for(thing.region)
    began = dt.datetime.combine(thing.in_force_on, dt.time(), zone_of(thing.region))
    until = min(now, thing.ended_at or now)
    with database.reading(THE_SYSTEM.scope()):
        ((first,),) = database.fetch(_FIRST, [thing.region])
        before, after = effect.windows(began=began, first=first or began, until=until, months=book.months)
        rows = [_matters(thing, side) for side in (before, after)]
    hours = calendar.hours_on(calendar.local_date(now)).length
    sides = []
    for side, found in zip((before, after), rows, strict=True):
        taken = [calendar.elapsed(raised, answered) / hours for raised, answered in found if answered is not None]
        sides.append(
            effect.Window(
                start=side.start,
                end=side.end,
                count=len(found),
                unanswered=len(found) - len(taken),
                durations=tuple(taken),
            )
        )
    return effect.compare(sides[0], sides[1], least=book.least)


def zone_of(region: str) -> ZoneInfo:
    """Return the time zone of a place's office hours."""
    calendar = workcalendar.calendar_for(region)
    return calendar.hours_on(dt.date.today()).zone


def _matters(thing: Institution, side: effect.Window) -> list[tuple[Any, ...]]:
    sql, values = _MATTERS, [list(ANSWERED), thing.region, side.start, side.end]
    if thing.category:
        sql, values = f"{sql} and category = %s", [*values, thing.category]
    if query := numbers.search_query(thing.words):
        sql, values = f"{sql} and id in (select cases_search(%s))", [*values, query]
    return database.fetch(f"{sql} order by raised_at", values)
