"""Reads of oversight, always with the eyes of an actor; nothing for those outside the administration."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.foundation.documents import selectors as documents
from bihuan.foundation.documents.models import Letter
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger

from . import permissions
from .models import OPEN_STATES, Entry, Order

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An order or an entry as a reader sees it: with its case, whether its step is late, and what the reader may do."""

    thing: Any
    case: Case
    overdue: bool
    available_actions: list[str]


def orders(
    *, actor: Actor, now: dt.datetime, state: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return orders the actor may see, newest first, and the id to continue after. state: one state, `open`, or all."""
    with database.reading(actor.scope()):
        rows = _rows(Order, actor)
        if state == "open":
            rows = rows.filter(state__in=OPEN_STATES)
        elif state:
            rows = rows.filter(state=state)
        return _page(rows, actor, now, before, limit)


def entries(
    *,
    actor: Actor,
    now: dt.datetime,
    kind: str,
    state: str = "open",
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return the matters on a list (`warning`), newest first. state: one state, `open`, or all."""
    with database.reading(actor.scope()):
        rows = _rows(Entry, actor).filter(kind=kind)
        if state == "open":
            rows = rows.exclude(state="cleared")
        elif state:
            rows = rows.filter(state=state)
        return _page(rows, actor, now, before, limit)


def waiting(*, region: str) -> tuple[list[Order], list[Entry]]:
    """Return the open orders of a region, and the matters on its lists that nobody has seen yet, in order of number.

    For what acts without a reader, such as the demonstration; call inside `database.writing()`.
    """
    rows = Order.objects.filter(region=region, state__in=OPEN_STATES).select_related("case__lead_department")
    found = rows.defer("case__search", "case__description").order_by("number")
    listed = Entry.objects.filter(region=region, state="listed").select_related("case")
    return list(found), list(listed.order_by("case__number", "kind"))


def running(request: Any) -> int:
    """Return how many open orders the reader sees, for the number beside the entry of the navigation."""
    with database.reading(request.actor.scope()):
        return int(_rows(Order, request.actor).filter(state__in=OPEN_STATES).count())


def counts(*, actor: Actor) -> dict[str, int]:
    """Return how many open orders, late ones among them, and entries of the warning list the actor sees."""
    with database.reading(actor.scope()):
        running = _rows(Order, actor).filter(state__in=OPEN_STATES)
        listed = _rows(Entry, actor).exclude(state="cleared")
        return {
            "orders": running.count(),
            "late": running.filter(late_since__isnull=False).count(),
            "warning": listed.filter(kind="warning").count(),
        }


def order(*, order_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    """Return one order. Raises NotFound when there is none for these eyes."""
    return _one(Order, order_id, actor, now)


def letter(*, order_id: uuid.UUID, actor: Actor) -> Letter:
    """Return the letter of an order. Raises NotFound when the order, or a letter of it, is not for these eyes."""
    with database.reading(actor.scope()):
        if not _rows(Order, actor).filter(pk=order_id).exists():
            raise _not_found()
        found = documents.newest_about(thing=order_id, scope=actor.scope())
    if found is None:
        raise errors.NotFound(_("There is no such letter here, or you may not see it."), code="letter_not_found")
    return found


def letter_if(*, order_id: uuid.UUID, actor: Actor) -> Letter | None:
    """Return the letter of an order as far as these eyes may see one."""
    return documents.newest_about(thing=order_id, scope=actor.scope())


def entry(*, entry_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    """Return one entry. Raises NotFound when there is none for these eyes."""
    return _one(Entry, entry_id, actor, now)


def of_case(*, case: Case, actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return the orders of a case, newest first, and the lists it is on; empty for readers outside."""
    if not permissions.watches(actor):
        return []
    with database.reading(actor.scope()):
        found = [*Order.objects.filter(case=case).order_by("-id")[:5]]
        listed = [*Entry.objects.filter(case=case).exclude(state="cleared").order_by("-id")[:5]]
    things: list[Order | Entry] = [*found, *listed]
    return [_seen(thing, case, actor, now) for thing in things]


def trace(*, order_id: uuid.UUID, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of an order, oldest first. Raises NotFound."""
    with database.reading(actor.scope()):
        found = _rows(Order, actor).filter(pk=order_id).first()
        if found is None:
            raise _not_found()
        return [ledger.content(fact) for fact in ledger.history(found.id)]


def _one(model: Any, key: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    with database.reading(actor.scope()):
        found = _rows(model, actor).filter(pk=key).first()
    if found is None:
        raise _not_found()
    return _seen(found, found.case, actor, now)


def _not_found() -> errors.NotFound:
    return errors.NotFound(_("There is no such matter here, or you may not see it."), code="order_not_found")


def _rows(model: Any, actor: Actor) -> Any:
    # The rule of visibility names the table of cases; the harmless second condition keeps it joined in counts too.
    rows = model.objects.filter(visible(actor), case__number__gt="").select_related("case", "case__lead_department")
    return rows if permissions.watches(actor) else rows.none()


def _page(
    rows: Any, actor: Actor, now: dt.datetime, before: uuid.UUID | None, limit: int
) -> tuple[list[Seen], uuid.UUID | None]:
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return [_seen(one, one.case, actor, now) for one in shown], following


def _seen(thing: Order | Entry, case: Case, actor: Actor, now: dt.datetime) -> Seen:
    machine = permissions.machine_of(thing)
    state = type(machine.initial)(thing.state)
    due = thing.due_at if isinstance(thing, Order) else None
    return Seen(
        thing=thing,
        case=case,
        overdue=due is not None and due < now,
        available_actions=[
            row.action for row in machine.allowed(state) if permissions.can(actor, row.action, thing, case)
        ],
    )
