"""Reads of findings, with the eyes of an actor: offices of supervision, and the department once it is asked."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger

from . import permissions
from .models import OPEN_STATES, Finding
from .states import FINDINGS, LISTS, SYSTEM, FindingState

PAGE = 50
INTERNAL = frozenset(f"findings.{name}" for name in ("planned", "entered", "visited", "find"))
"""Facts from before the department was asked, which it does not see."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A finding as a reader sees it. inside: whether the reader is of the supervising side."""

    thing: Finding
    overdue: bool
    inside: bool
    available_actions: list[str]


def seen(actor: Actor) -> Any:
    """Return the findings the actor may see; the policy of migration 0002 says the same a second time."""
    rows = Finding.objects.select_related("department", "case").defer("case__search", "case__description")
    if actor.system:
        return rows
    if not permissions.watches(actor):
        return rows.none()
    scope = actor.scope()
    return rows.filter(
        Q(offices__overlap=list(scope.offices)) | Q(department_id__in=list(scope.departments), shown=True)
    )


def available_actions(thing: Finding, actor: Actor) -> list[str]:
    """Return what this actor could do with it now, in table order: one truth for page, API and tests."""
    return [
        row.action
        for row in FINDINGS.allowed(FindingState(thing.state))
        if SYSTEM not in row.roles
        and permissions.can(actor, row.action, thing)
        and (row.action not in ("look_back", "relapse") or thing.look == "drawn")
    ]


_ONLY: dict[str, Q] = {
    "late": Q(late_since__isnull=False, state__in=OPEN_STATES),
    "look": Q(look="drawn", state="written_off"),
    "relapsed": Q(relapses__gt=0),
    "found": Q(found_at__isnull=False),
}


def page(
    *,
    actor: Actor,
    now: dt.datetime,
    on_list: str = "",
    nature: str = "",
    only: str = "",
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return findings the actor may see, newest first, and the id to continue after.

    on_list: one of `states.LISTS`, or all; only: `late`, `look` (to be looked at again), `relapsed`, `found`.
    """
    with database.reading(actor.scope()):
        rows = seen(actor)
        if on_list in LISTS:
            rows = rows.filter(state__in=LISTS[on_list])
        if nature:
            rows = rows.filter(nature=nature)
        rows = rows.filter(_ONLY[only]) if only in _ONLY else rows
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    shown = found[:limit]
    return [_seen(one, actor, now) for one in shown], (shown[-1].id if len(found) > limit else None)


def _seen(thing: Finding, actor: Actor, now: dt.datetime) -> Seen:
    inside = actor.system or bool(set(thing.offices) & set(actor.scope().offices))
    return Seen(
        thing=thing,
        overdue=thing.due_at is not None and thing.due_at < now,
        inside=inside and not permissions.of_department(actor, thing.department_id),
        available_actions=available_actions(thing, actor),
    )


def find(*, finding_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    """Return one finding. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        found = seen(actor).filter(pk=finding_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="finding_not_found")
    return _seen(found, actor, now)


def of_case(*, case: Case, actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return the findings that belong to a case and that the actor may see, newest first."""
    with database.reading(actor.scope()):
        found = list(seen(actor).filter(case=case).order_by("-id")[:5])
    return [_seen(one, actor, now) for one in found]


def trace(*, found: Seen, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a finding that was found for the actor, oldest first; the department sees those since the
    asking.
    """
    with database.reading(actor.scope()):
        facts = [ledger.content(fact) for fact in ledger.history(found.thing.id)]
    return [fact for fact in facts if found.inside or fact["kind"] not in INTERNAL]


def counts(*, actor: Actor) -> dict[str, int]:
    """Return how many the actor sees on each list, and how many are late or to be looked at again."""
    with database.reading(actor.scope()):
        rows = list(seen(actor).order_by().values_list("state", "late_since", "look"))
    found = Counter(name for name, states in LISTS.items() for state, _late, _look in rows if state in states)
    found["late"] = sum(late is not None and state in OPEN_STATES for state, late, _look in rows)
    found["look"] = sum(look == "drawn" and state == "written_off" for state, _late, look in rows)
    return dict(found)


def figures(*, actor: Actor) -> dict[str, int]:
    """Return the counts of `wording.FIGURES`, of what the actor may see.

    Of clues handed over only the number is known to anybody, and that for whole regions of those who supervise them.
    """
    with database.reading(actor.scope()):
        rows = list(seen(actor).order_by().values_list("state", "nature", "found_at", "late_since", "relapses"))
    found: Counter[str] = Counter()
    for state, nature, found_at, late, relapses in rows:
        facts = {
            "planned": state == "planned",
            "found": found_at is not None,
            nature: bool(nature),
            "written_off": state == "written_off",
            "late": late is not None and state in OPEN_STATES,
            "relapsed": relapses > 0,
        }
        found.update(name for name, holds in facts.items() if holds)
    regions = actor.reader.regions_for(permissions.SUPERVISING) if actor.reader else ()
    with database.reading(THE_SYSTEM.scope()):
        handed = Finding.objects.filter(state="handed_over")
        found["clue"] = (handed if actor.system else handed.filter(region__in=regions)).count()
    found["found"] += found["clue"]
    return dict(found)


def region_of(actor: Actor) -> str:
    """Return the first region in which the actor supervises, or an empty text."""
    return next(iter(actor.reader.regions_for(permissions.SUPERVISING)), "") if actor.reader else ""


def running(request: Any) -> int:
    """Return how many open ones the reader sees, for the number beside the entry of the navigation."""
    with database.reading(request.actor.scope()):
        return int(seen(request.actor).filter(state__in=OPEN_STATES).count())


def waiting(*, region: str) -> list[Finding]:
    """Return what is open, or is to be looked at again, in a region, oldest first; inside `database.writing()`."""
    rows = Finding.objects.filter(region=region).filter(Q(state__in=OPEN_STATES) | _ONLY["look"])
    return list(rows.select_related("department").order_by("id"))


def made_at(*, region: str, at: dt.datetime) -> bool:
    """Tell whether something was put on the lists of a region at this very instant; inside `database.writing()`."""
    return Finding.objects.filter(region=region, made_at=at).exists()
