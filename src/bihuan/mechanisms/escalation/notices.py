"""What people are told about matters between the levels."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.rulebook import Fallback
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from .models import Arrival, Escalation, Message
from .rulebook import Escalation as Rule

LEAD = ("department:department_head", "department:liaison")

TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "escalation.received": (_("The level above has %(subject)s as %(number)s"), ("coordinator",)),
    "escalation.asked": (_("The level above asks about %(subject)s: %(text)s"), ("senders", *LEAD)),
    "escalation.told": (_("The level above reports on %(subject)s: %(text)s"), ("coordinator",)),
    "escalation.listed": (_("%(subject)s came onto the list of major problems"), ("senders",)),
    "escalation.answered": (_("The answer to %(subject)s came down: %(text)s"), ("senders", *LEAD)),
    "escalation.declined": (_("The level above did not take %(subject)s: %(text)s"), ("senders",)),
    "escalation.resumed": (_("The level above took %(subject)s up again"), ("coordinator",)),
    "escalation.late": (_("The level above has not answered %(subject)s in time"), ("senders",)),
    "arrival.arrived": (_("%(subject)s came up from below: %(text)s"), ("coordinator",)),
    "arrival.answer": (_("The level below answered about %(subject)s: %(text)s"), ("coordinator", *LEAD)),
    "arrival.withdrawn": (_("The level below took %(subject)s back"), ("coordinator", *LEAD)),
}
"""Fact → (wording, who is told: all of them; where nobody is, the fallback of the rulebook)."""


SILENT = "escalation.silent"


def register() -> None:
    """Make all notices known."""
    title = _("Nothing has reached %(subject)s since %(since_at)s; what is said about matters there waits")
    registry.register(Kind(key=SILENT, audience=frozenset({Audience.STAFF}), title=title, path="/escalations/"))
    for fact, (title, _offices) in TOLD.items():
        kind = Kind(key=fact, audience=frozenset({Audience.STAFF}), title=title, path="/escalations/%(thing)s/")
        registry.register(kind)


def send(
    fact: str,
    *,
    thing: Escalation | Arrival,
    case: Case,
    data: dict[str, Any],
    now: dt.datetime,
    but: uuid.UUID | None,
) -> None:
    """Tell those whom a fact concerns, never the one who did it (`but`)."""
    if fact not in TOLD:
        return
    people = {person for office in TOLD[fact][1] for person in _holders(thing, case, office, now)}
    for office in rulebooks.version(thing.rulebook_version).section(Fallback).receivers:
        people = people or set(_holders(thing, case, office, now))
    short = {key: value[:200] if isinstance(value, str) else value for key, value in data.items()}
    notifications.notify(
        key=fact,
        recipients=people - {but},
        subject=case.number,
        data={"text": "", "number": "", **short, "thing": str(thing.id)},
        now=now,
        dedupe=f"{thing.id}:{fact}:{now.isoformat()}",
        region=thing.region,
    )


def silent(*, message: Message, now: dt.datetime) -> int:
    """Tell the coordinators of a region, else the fallback, that an installation is silent; return how many are told.

    message: the oldest that waits; who was told of it is not told again.
    """
    assert message.peer is not None
    people = set(accounts.holders(role="coordinator", region=message.region, now=now))
    for office in rulebooks.in_force(message.region, now).section(Fallback).receivers:
        people = people or set(accounts.holders(role=office, region=message.region, now=now))
    return notifications.notify(
        key=SILENT,
        recipients=people,
        subject=message.peer.name,
        data={"since_at": message.created_at.isoformat()},
        now=now,
        dedupe=f"{SILENT}:{message.id}",
        region=message.region,
    )


def _holders(thing: Escalation | Arrival, case: Case, office: str, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    side, _sep, role = office.rpartition(":")
    if role == "senders":
        roles = rulebooks.version(thing.rulebook_version).section(Rule).senders
        found = (accounts.holders(role=one, region=thing.region, now=now) for one in roles)
        return tuple(person for some in found for person in some)
    if side and case.lead_department_id is None:
        return ()
    department = case.lead_department_id if side else None
    return accounts.holders(role=role, region=thing.region, now=now, department_id=department)
