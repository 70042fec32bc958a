"""Reads of double hand-overs: both sides see both accounts; a report of the other side once that is settled."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger

from . import permissions
from .models import OPEN_STATES, Account, Handover
from .states import ACCOUNTS, SYSTEM, AccountState

PAGE = 50
SAYS = frozenset({"handovers.report", "handovers.send_back", "handovers.settle"})
"""Facts with words about one side, which the other one does not read before the account is settled."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One account as a reader sees it. open_to: whether the reader reads what it reported."""

    account: Account
    overdue: bool
    open_to: bool
    available_actions: list[str]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A hand-over as a reader sees it, with both accounts, the department's first."""

    handover: Handover
    sides: tuple[Side, ...]
    inside: bool


def seen(actor: Actor) -> Any:
    """Return the hand-overs the actor may see; the policy of migration 0002 says the same a second time."""
    # No join to the matter itself: whoever supervises its department may not see it.
    rows = Handover.objects.all()
    if actor.system:
        return rows
    if not permissions.watches(actor):
        return rows.none()
    scope = actor.scope()
    return rows.filter(Q(region__in=list(scope.regions)) | Q(units__overlap=list(scope.departments)))


def available_actions(account: Account, actor: Actor) -> list[str]:
    """Return what this actor could do with an account now, in table order: one truth for page, API and tests."""
    rows = ACCOUNTS.allowed(AccountState(account.state))
    return [row.action for row in rows if SYSTEM not in row.roles and permissions.can(actor, row.action, account)]


def page(
    *, actor: Actor, now: dt.datetime, only: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return hand-overs the actor may see, newest first, and the id to go on after. only: `open`, `late`, `ended`."""
    with database.reading(actor.scope()):
        rows = _narrow(seen(actor), only)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id").prefetch_related("accounts__department")[: limit + 1])
    shown = found[:limit]
    return [_seen(one, actor, now) for one in shown], (shown[-1].id if len(found) > limit else None)


def _narrow(rows: Any, only: str) -> Any:
    if only == "ended":
        return rows.filter(ended_at__isnull=False)
    if only == "open":
        return rows.filter(ended_at=None)
    late = Account.objects.filter(handover=OuterRef("pk"), late_since__isnull=False, state__in=OPEN_STATES)
    return rows.filter(Exists(late)) if only == "late" else rows


def _seen(handover: Handover, actor: Actor, now: dt.datetime) -> Seen:
    accounts = sorted(handover.accounts.all(), key=lambda one: one.side)
    inside = bool(accounts) and not permissions.of_either_side(actor, accounts[0])
    sides = tuple(
        Side(
            account=one,
            overdue=one.due_at is not None and one.due_at < now,
            open_to=inside or permissions.holds(actor, one) or one.state == "settled",
            available_actions=available_actions(one, actor),
        )
        for one in accounts
    )
    return Seen(handover=handover, sides=sides, inside=inside)


def find(*, handover_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    """Return one hand-over. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        found = seen(actor).filter(pk=handover_id).prefetch_related("accounts__department").first()
    if found is None:
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="handover_not_found")
    return _seen(found, actor, now)


def of_case(*, case: Case, actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return the hand-overs of a case that the actor may see, newest first."""
    with database.reading(actor.scope()):
        rows = seen(actor).filter(case=case).order_by("-id").prefetch_related("accounts__department")
        found = list(rows[:3])
    return [_seen(one, actor, now) for one in found]


def trace(*, found: Seen, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of both accounts in order of time, without what the reader may not read yet."""
    told: list[dict[str, Any]] = []
    with database.reading(actor.scope()):
        for side in found.sides:
            facts = [ledger.content(fact) for fact in ledger.history(side.account.id)]
            told += [fact for fact in facts if side.open_to or fact["kind"] not in SAYS]
    return sorted(told, key=lambda fact: (str(fact["at"]), fact["seq"]))


def counts(*, actor: Actor) -> dict[str, int]:
    """Return how many the actor sees: open ones, and those of which a side is late."""
    with database.reading(actor.scope()):
        return {only: _narrow(seen(actor), only).count() for only in ("open", "late")}


def running(request: Any) -> int:
    """Return how many open ones the reader sees, for the number beside the entry of the navigation."""
    with database.reading(request.actor.scope()):
        return int(seen(request.actor).filter(ended_at=None).count())


def waiting(*, region: str) -> list[Account]:
    """Return the open accounts of a region, oldest first; inside `database.writing()`."""
    rows = Account.objects.filter(region=region, state__in=OPEN_STATES)
    return list(rows.select_related("department", "handover").order_by("id"))
