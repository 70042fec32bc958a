"""What people are told about policies."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

from .models import Grant, Policy, Promise, Round

KEEPER, UNIT = "coordinator", "unit"
TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "drafted": (_("A policy is being written: %(subject)s"), (KEEPER,)),
    "publish": (_("A policy is in force; please write its guide: %(subject)s"), (UNIT,)),
    "end": (_("A policy ended: %(subject)s"), (UNIT,)),
}
"""Fact → (wording, who is told)."""


def register() -> None:
    """Make all notices known."""
    for name, (title, _who) in TOLD.items():
        kind = Kind(
            key=f"policies.{name}", audience=frozenset({Audience.STAFF}), title=title, path="/policies/%(policy)s/"
        )
        registry.register(kind)


def send(name: str, *, policy: Policy, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    people: set[uuid.UUID] = set()
    for who in TOLD[name][1]:
        roles = ("department_head", "liaison") if who == UNIT else (KEEPER,)
        unit = policy.department_id if who == UNIT else None
        for role in roles:
            people.update(accounts.holders(role=role, region=policy.region, now=now, department_id=unit))
    notifications.notify(
        key=f"policies.{name}",
        recipients=people - {but},
        subject=policy.title[:60],
        data={"policy": str(policy.id)},
        now=now,
        dedupe=f"{policy.id}:{name}",
        region=policy.region,
    )


FIRMS = frozenset({Audience.ENTERPRISE})
STAFF = frozenset({Audience.STAFF, Audience.OVERSIGHT})
OFFERED, PAID, REJECTED = "policies.offered", "policies.paid", "policies.rejected"
REVIEW, UNPAID = "policies.review", "policies.unpaid"

LATE_PROMISE = "policies.promise_late"


def register_items() -> None:
    """Make the notices of service items known."""
    title = _("%(subject)s: the day of the promise for “%(paper)s” passed")
    registry.register(Kind(key=LATE_PROMISE, audience=STAFF | FIRMS, title=title, path="/services/%(item)s/"))


def promise_late(promise: Promise, *, now: dt.datetime) -> None:
    """Tell both sides that the day of a promise passed."""
    people = set(accounts.speakers_of(enterprise_id=promise.enterprise_id, now=now))
    for role in ("department_head", "liaison"):
        people.update(accounts.holders(role=role, region=promise.region, now=now, department_id=promise.department_id))
    notifications.notify(
        key=LATE_PROMISE,
        recipients=people,
        subject=promise.item.name[:60],
        data={"paper": promise.paper, "item": str(promise.item_id)},
        now=now,
        dedupe=f"{promise.id}:late",
        region=promise.region,
    )


def register_delivery() -> None:
    """Make the notices of delivery known."""
    own = "/policies/mine/"
    for key, title, audience, path in (
        (
            OFFERED,
            _("%(subject)s: you get %(amount)s yuan without applying. If you do not want it, say so until %(until)s"),
            FIRMS,
            own,
        ),
        (PAID, _("%(subject)s: %(amount)s yuan were paid. Please say whether they arrived"), FIRMS, own),
        (REJECTED, _("%(subject)s: it was rejected: %(text)s"), FIRMS, own),
        (REVIEW, _("Please decide on the list of %(subject)s until %(until)s"), STAFF, "/policies/rounds/%(round)s/"),
        (
            UNPAID,
            _("%(subject)s: %(count)s unpaid after their day; it became a matter"),
            STAFF,
            "/policies/rounds/%(round)s/",
        ),
    ):
        registry.register(Kind(key=key, audience=audience, title=title, path=path))


def offer(grant: Grant, *, now: dt.datetime) -> int:
    """Tell whoever speaks for an enterprise what it is offered; return how many persons are told now."""
    return notifications.notify(
        key=OFFERED,
        recipients=accounts.speakers_of(enterprise_id=grant.enterprise_id, now=now),
        subject=grant.clause.name[:60],
        data={"amount": str(grant.amount), "until": grant.round.intent_until.isoformat()},
        now=now,
        dedupe=f"{grant.id}:offered",
        region=grant.region,
    )


def paid(grants: Iterable[Grant], made: Round, *, now: dt.datetime) -> None:
    """Ask whoever speaks for enterprises whether the money arrived."""
    for grant in grants:
        notifications.notify(
            key=PAID,
            recipients=accounts.speakers_of(enterprise_id=grant.enterprise_id, now=now),
            subject=made.clause.name[:60],
            data={"amount": str(grant.amount)},
            now=now,
            dedupe=f"{grant.id}:paid",
            region=grant.region,
        )


def decided(action: str, grant: Grant, *, now: dt.datetime) -> None:
    """Tell an enterprise that it was rejected, and why."""
    if action != "reject":
        return
    notifications.notify(
        key=REJECTED,
        recipients=accounts.speakers_of(enterprise_id=grant.enterprise_id, now=now),
        subject=grant.clause.name[:60],
        data={"text": grant.text[:200]},
        now=now,
        dedupe=f"{grant.id}:rejected",
        region=grant.region,
    )


def to_review(made: Round, *, now: dt.datetime) -> None:
    """Ask the department to decide."""
    assert made.review_due_at is not None
    people: set[uuid.UUID] = set()
    for role in ("department_head", "liaison"):
        people.update(accounts.holders(role=role, region=made.region, now=now, department_id=made.department_id))
    notifications.notify(
        key=REVIEW,
        recipients=people,
        subject=made.clause.name[:60],
        data={"until": made.review_due_at.isoformat(), "round": str(made.id)},
        now=now,
        dedupe=f"{made.id}:review",
        region=made.region,
    )


def unpaid(made: Round, *, count: int, now: dt.datetime) -> None:
    """Tell the department and the service centre that something was not paid in time."""
    people: set[uuid.UUID] = set()
    for role, unit in (("department_head", made.department_id), ("liaison", made.department_id), (KEEPER, None)):
        people.update(accounts.holders(role=role, region=made.region, now=now, department_id=unit))
    notifications.notify(
        key=UNPAID,
        recipients=people,
        subject=made.clause.name[:60],
        data={"count": str(count), "round": str(made.id)},
        now=now,
        dedupe=f"{made.id}:unpaid:{now.isoformat()}",
        region=made.region,
    )
