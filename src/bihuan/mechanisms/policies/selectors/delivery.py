"""Deliveries: what was offered to whom, who was told, who knows, what was paid; and where one's own money is."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger

from .. import permissions
from ..models import Batch, Grant, Round, Share
from ..states import GRANTS, ROUNDS, GrantState, RoundState

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class LevelMoney:
    """What one level of government owes in a delivery, in yuan; late: what is unpaid after its day."""

    level: str
    owed: Decimal
    paid: Decimal
    late: Decimal
    late_count: int


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How a delivery stands: by state, who was told (a message reached a person), who knows (read or answered)."""

    states: dict[str, int]
    amount: Decimal
    told: int
    known: int
    levels: list[LevelMoney]


def seen(actor: Actor) -> Any:
    """Return the deliveries the actor may see: offices of the place, and the department responsible."""
    rows = Round.objects.select_related("clause", "clause__policy", "clause__policy__department")
    if actor.system:
        return rows
    scope = actor.scope()
    return rows.filter(Q(region__in=list(scope.regions)) | Q(department_id__in=list(scope.departments)))


def page(
    *,
    actor: Actor,
    state: str = "",
    clause: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> tuple[list[Round], uuid.UUID | None]:
    """Return deliveries, newest first, and the id to continue after."""
    with database.reading(actor.scope()):
        rows = seen(actor)
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(clause_id=clause) if clause else rows
        rows = rows.filter(id__lt=before) if before is not None else rows
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def find(*, round_id: uuid.UUID, actor: Actor) -> Round:
    """Return one delivery. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Round | None = seen(actor).filter(pk=round_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such delivery here, or you may not see it."), code="round_not_found")
    return found


def actions(made: Round, actor: Actor) -> list[str]:
    """Return what this actor could do with it now, in table order."""
    rows = ROUNDS.allowed(RoundState(made.state))
    return [row.action for row in rows if permissions.can_round(actor, row.action, made)]


def counts(*, made: Round, actor: Actor, now: dt.datetime) -> Counts:
    """Return how a delivery stands, in two queries."""
    with database.reading(actor.scope()):
        rows = Grant.objects.filter(round=made).values("state").order_by()
        grouped = list(
            rows.annotate(
                n=Count("id"),
                amount=Sum("amount"),
                reached=Count("id", filter=Q(told__gt=0)),
                knows=Count("id", filter=Q(known_at__isnull=False)),
            )
        )
        levels = level_money(Q(round=made), now)
    gone = {"refused", "rejected"}
    return Counts(
        states={one["state"]: one["n"] for one in grouped},
        amount=sum((one["amount"] for one in grouped if one["state"] not in gone), Decimal(0)),
        told=sum(one["reached"] for one in grouped),
        known=sum(one["knows"] for one in grouped),
        levels=levels,
    )


def level_money(where: Q, now: dt.datetime) -> list[LevelMoney]:
    """Return what each level owes, paid and is late with. Call inside a transaction; one query."""
    late = Q(paid_at=None, due_at__lte=now)
    rows = Share.objects.filter(where).values("level").order_by("level")
    summed = rows.annotate(
        owed=Sum("amount"),
        paid=Sum("amount", filter=Q(paid_at__isnull=False)),
        late=Sum("amount", filter=late),
        count=Count("id", filter=late),
    )
    nothing = Decimal(0)
    return [
        LevelMoney(
            level=one["level"],
            owed=one["owed"],
            paid=one["paid"] or nothing,
            late=one["late"] or nothing,
            late_count=one["count"],
        )
        for one in summed
    ]


def grants(
    *, made: Round, actor: Actor, state: str = "", after: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Grant], uuid.UUID | None]:
    """Return what enterprises get in a delivery, in order, and the id to continue after. state: or `late`."""
    with database.reading(actor.scope()):
        rows = (
            Grant.objects.filter(round=made)
            .select_related("enterprise", "clause", "case")
            .prefetch_related("shares__case")
        )
        if state == "late":
            rows = rows.filter(shares__case__isnull=False, shares__paid_at=None).distinct()
        elif state:
            rows = rows.filter(state=state)
        rows = rows.filter(id__gt=after) if after is not None else rows
        found = list(rows.order_by("id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def find_grant(*, grant_id: uuid.UUID, actor: Actor) -> Grant:
    """Return what one enterprise gets, for itself and for those who see the delivery. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Grant | None = _own_or_seen(actor).filter(pk=grant_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such delivery here, or you may not see it."), code="grant_not_found")
    return found


def _own_or_seen(actor: Actor) -> Any:
    rows = Grant.objects.select_related("clause", "clause__policy", "enterprise", "case")
    if actor.system:
        return rows
    scope = actor.scope()
    side = Q(region__in=list(scope.regions)) | Q(department_id__in=list(scope.departments))
    return rows.filter(side | Q(enterprise_id__in=list(scope.enterprises)))


def of_firm(*, enterprise_id: uuid.UUID, actor: Actor) -> list[Grant]:
    """Return what one enterprise was offered and got, newest first, with who owes which part."""
    with database.reading(actor.scope()):
        rows = _own_or_seen(actor).filter(enterprise_id=enterprise_id)
        return list(rows.select_related("round").prefetch_related("shares__case").order_by("-id")[:100])


def grant_actions(grant: Grant, actor: Actor) -> list[str]:
    """Return what this actor could do with it now, in table order."""
    rows = GRANTS.allowed(GrantState(grant.state))
    return [row.action for row in rows if permissions.can_grant(actor, row.action, grant)]


def batches(*, made: Round, actor: Actor) -> list[Batch]:
    """Return the batches of payments that were taken in, newest first."""
    with database.reading(actor.scope()):
        return list(Batch.objects.filter(round=made).order_by("-id")[:50])


def trace(*, made: Round, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a delivery, in order of time."""
    with database.reading(actor.scope()):
        return [{**ledger.content(fact), "of": made.clause.name} for fact in ledger.history(made.id)]


def announced(*, made: Round, actor: Actor) -> list[tuple[str, Decimal]]:
    """Return who stands on the public notice with how much, by name."""
    with database.reading(actor.scope()):
        rows = Grant.objects.filter(round=made).exclude(state__in=["offered", "willing", "refused", "rejected"])
        return sorted(rows.values_list("enterprise__name", "amount"))


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The three gaps of one clause or department. told: 温差; paid in time: 时差; did its part in time: 落差.

    Shares of nothing are None; due: parts that fell due or were paid before
    """

    name: str
    key: uuid.UUID
    offered: int
    told: int
    known: int
    due: int
    in_time: int
    late: int
    late_amount: Decimal
    reviews: int
    reviews_late: int

    def share(self, of: str, whole: str) -> float | None:
        """Return a share, None of nothing."""
        total = getattr(self, whole)
        return getattr(self, of) / total if total else None


def gaps(*, actor: Actor, now: dt.datetime, by: str = "clause", year: int | None = None) -> list[Gap]:
    """Return the three gaps by `clause` or by `department`, of deliveries the actor may see. Four queries."""
    with database.reading(actor.scope()):
        rows = seen(actor).exclude(state="stopped")
        rounds = list(rows.filter(year=year) if year else rows)
        keys = {one.id: one.clause_id if by == "clause" else one.department_id for one in rounds}
        names = {
            keys[one.id]: one.clause.name if by == "clause" else one.clause.policy.department.name for one in rounds
        }
        grants_: Any = Grant.objects.filter(round__in=rounds).values("round").order_by()
        told = grants_.annotate(
            n=Count("id"),
            reached=Count("id", filter=Q(told__gt=0)),
            knows=Count("id", filter=Q(known_at__isnull=False)),
        )
        fallen = Q(due_at__lte=now) | Q(paid_at__isnull=False)
        shares: Any = Share.objects.filter(round__in=rounds).values("round").order_by()
        late = Q(paid_at=None, due_at__lte=now)
        paid = shares.annotate(
            n=Count("id", filter=fallen),
            in_time=Count("id", filter=Q(paid_at__lte=F("due_at"))),
            late=Count("id", filter=late),
            amount=Sum("amount", filter=late),
        )
        sums: dict[uuid.UUID, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
        for row in told:
            entry = sums[keys[row["round"]]]
            entry["offered"] += row["n"]
            entry["told"] += row["reached"]
            entry["known"] += row["knows"]
        for row in paid:
            entry = sums[keys[row["round"]]]
            entry["due"] += row["n"]
            entry["in_time"] += row["in_time"]
            entry["late"] += row["late"]
            entry["late_amount"] += row["amount"] or 0
    for made in rounds:
        if made.review_due_at is not None:
            sums[keys[made.id]]["reviews"] += 1
            sums[keys[made.id]]["reviews_late"] += (made.reviewed_at or now) > made.review_due_at
    fields = ("offered", "told", "known", "due", "in_time", "late", "reviews", "reviews_late")
    return [
        Gap(
            name=names[key],
            key=key,
            late_amount=Decimal(entry["late_amount"]),
            **{name: entry[name] for name in fields},
        )
        for key, entry in sorted(sums.items(), key=lambda item: (-item[1]["late"], names[item[0]]))
    ]
