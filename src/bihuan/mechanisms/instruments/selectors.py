"""Reads of instruments, with the eyes of an actor: offices, the department; a published one: everybody inside."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.documents import selectors as documents
from bihuan.foundation.documents.models import Letter
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger

from . import permissions, rules
from .models import Instrument
from .states import FINAL, KINDS, MACHINES, SYSTEM, Kind

PAGE = 50
INTERNAL = frozenset(f"instruments.{name}" for name in ("drafted", "review", "approve", "verify"))
"""Facts from before the issue, which the department does not see."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An instrument as a reader sees it. number: of its letter; inside: whether the reader is of the issuer's side."""

    thing: Instrument
    kind: Kind
    number: str
    overdue: bool
    inside: bool
    available_actions: list[str]


def not_found() -> errors.NotFound:
    """Return (for raising) that there is no such instrument for these eyes."""
    return errors.NotFound(_("There is no such matter here, or you may not see it."), code="instrument_not_found")


def seen(actor: Actor) -> Any:
    """Return the instruments the actor may see; the policy of migration 0002 says the same a second time."""
    rows = Instrument.objects.select_related("addressee", "letter", "case")
    rows = rows.defer("case__search", "case__description", "letter__text")
    if actor.system:
        return rows
    if not permissions.watches(actor):
        return rows.none()
    scope = actor.scope()
    return rows.filter(
        Q(offices__overlap=list(scope.offices))
        | Q(addressee_id__in=list(scope.departments), shown=True)
        | Q(public=True)
    )


def available_actions(thing: Instrument, actor: Actor, now: dt.datetime) -> list[str]:
    """Return what this actor could do with it now, in table order: one truth for page, API and tests."""
    machine = MACHINES[thing.kind]
    rows = machine.allowed(type(machine.initial)(thing.state))
    return [
        row.action
        for row in rows
        if SYSTEM not in row.roles
        and permissions.can(actor, row.action, thing)
        and why_not(thing, row.action, now) is None
    ]


def why_not(thing: Instrument, action: str, now: dt.datetime) -> str | None:
    """Return why an action that the state allows is not possible all the same, as a code, or None."""
    if action == "object":
        return rules.may_object(
            objection=thing.objection, received_at=thing.received_at, until=thing.objection_until, now=now
        )
    if action == "decide_objection":
        return None if thing.objection == "raised" else "no_objection"
    if action in ("look_back", "relapse"):
        return None if thing.look == "drawn" else "not_drawn"
    if thing.objection == "raised" and action not in ("take_back", "remind"):
        return "objection_open"
    return None


def page(
    *,
    actor: Actor,
    now: dt.datetime,
    state: str = "",
    kind: str = "",
    only: str = "",
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return instruments the actor may see, newest first, and the id to continue after.

    state: one state, `open`, or all. only: `late` (reply or step), `objected`, `look` (to be looked at again),
    `relapsed`, `public`: what a figure opens.
    """
    with database.reading(actor.scope()):
        rows = _narrow(seen(actor), state, kind, only)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    shown = found[:limit]
    return [_seen(one, actor, now) for one in shown], (shown[-1].id if len(found) > limit else None)


_ONLY: dict[str, Q] = {
    "late": Q(late_since__isnull=False) & ~Q(state__in=FINAL),
    "objected": ~Q(objection=""),
    "upheld": Q(objection="upheld"),
    "look": Q(look="drawn"),
    "relapsed": Q(relapses__gt=0),
    "public": Q(public=True),
    "issued": Q(issued_at__isnull=False),
    "replied_late": Q(replied_at__gt=F("reply_due_at")),
}


def _narrow(rows: Any, state: str, kind: str, only: str) -> Any:
    if state == "open":
        rows = rows.exclude(state__in=FINAL)
    elif state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(_ONLY[only]) if only in _ONLY else rows


def _seen(thing: Instrument, actor: Actor, now: dt.datetime) -> Seen:
    inside = actor.system or bool(set(thing.offices) & set(actor.scope().offices))
    return Seen(
        thing=thing,
        kind=KINDS[thing.kind],
        number=thing.letter.number if thing.letter else "",
        overdue=thing.due_at is not None and thing.due_at < now,
        inside=inside and not permissions.of_department(actor, thing),
        available_actions=available_actions(thing, actor, now),
    )


def find(*, instrument_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    """Return one instrument. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        found = seen(actor).filter(pk=instrument_id).first()
    if found is None:
        raise not_found()
    return _seen(found, actor, now)


def of_case(*, case: Case, actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return the instruments attached to a case that the actor may see, newest first."""
    with database.reading(actor.scope()):
        found = list(seen(actor).filter(case=case).order_by("-id")[:5])
    return [_seen(one, actor, now) for one in found]


def trace(*, found: Seen, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of an instrument that was found for the actor, oldest first; the department sees no drafting."""
    with database.reading(actor.scope()):
        facts = [ledger.content(fact) for fact in ledger.history(found.thing.id)]
    return [fact for fact in facts if found.inside or fact["kind"] not in INTERNAL]


def letter(*, instrument_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Letter:
    """Return its letter. Raises NotFound before the issue, and for eyes that may not see it."""
    find(instrument_id=instrument_id, actor=actor, now=now)
    found = documents.newest_about(thing=instrument_id, scope=actor.scope())
    if found is None:
        raise not_found()
    return found


def letter_if(*, found: Seen, actor: Actor) -> Letter | None:
    """Return the letter of an instrument that was found for the actor, as far as these eyes may see one."""
    return documents.newest_about(thing=found.thing.id, scope=actor.scope())


def counts(*, actor: Actor) -> dict[str, int]:
    """Return how many the actor sees: open ones, those late, those to be looked at again."""
    with database.reading(actor.scope()):
        rows = seen(actor)
        return {
            "open": rows.exclude(state__in=FINAL).count(),
            "late": rows.filter(_ONLY["late"]).count(),
            "look": rows.filter(_ONLY["look"]).count(),
        }


def figures(*, actor: Actor) -> dict[str, Counter[str]]:
    """Return the registers with counts (O6), kind → how many: no names, no contents.

    `issued` all that have a number; `open`; `replied_late`; `closed`; `taken_back`; `objected`, `upheld` of them;
    `looked` again, `relapsed` of them. One query.
    """
    fields = ("kind", "state", "objection", "look", "relapses", "issued_at", "replied_at", "reply_due_at")
    with database.reading(actor.scope()):
        rows = list(seen(actor).order_by().values_list(*fields))
    found: dict[str, Counter[str]] = {name: Counter() for name in KINDS}
    for kind, state, objection, look, relapses, issued, replied, due in rows:
        facts = {
            "all": True,
            "issued": issued is not None,
            "open": state not in FINAL,
            "closed": state == "closed",
            "taken_back": state == "taken_back",
            "replied_late": bool(replied and due and replied > due),
            "objected": objection != "",
            "upheld": objection == "upheld",
            "look": look == "drawn",
            "relapsed": relapses > 0,
        }
        found[kind].update(name for name, holds in facts.items() if holds)
    return found


def region_of(actor: Actor) -> str:
    """Return the first region with departments in which the actor may draft anything, or an empty text."""
    regions = actor.reader.regions_for(permissions.DRAFTERS) if actor.reader else ()
    return next((code for code in regions if directory.departments(code)), next(iter(regions), ""))


def running(request: Any) -> int:
    """Return how many open ones the reader sees, for the number beside the entry of the navigation."""
    with database.reading(request.actor.scope()):
        return int(seen(request.actor).exclude(state__in=FINAL).count())


def written_at(*, region: str, at: dt.datetime) -> bool:
    """Tell whether something was drafted in a region at this very instant; inside `database.writing()`."""
    return Instrument.objects.filter(region=region, drafted_at=at).exists()


def waiting(*, region: str) -> list[Instrument]:
    """Return what is not ended, or is to be looked at again, in a region, oldest first; inside `database.writing()`."""
    rows = Instrument.objects.filter(region=region).filter(~Q(state__in=FINAL) | Q(look="drawn"))
    return list(rows.select_related("addressee", "letter").order_by("id"))
