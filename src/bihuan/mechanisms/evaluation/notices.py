"""What people are told: raisers are invited and answered, the centre and the rated unit have something to do.

A raiser who has no account is written to where the contact they left says, by the way in which they came.
"""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.models import Case, Contact
from bihuan.casework.cases.permissions import STAFF_ROLES
from bihuan.casework.cases.rulebook import Fallback
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import database
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import URGENT, Kind, Recipient
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from .rulebook import Evaluation
from .rules import links

CENTRE, UNIT, JUDGE = ("coordinator",), ("department:department_head", "department:liaison"), ("supervision_office",)
_MARK, _CALL, _ASK = "/evaluations/%(thing)s/", "/evaluations/callbacks/%(thing)s/", "/evaluations/questions/"

STAFF: dict[str, tuple[Any, tuple[str, ...], str]] = {
    "mark_opened": (_("Bad mark %(mark)s: please contact the enterprise by %(due_at)s"), CENTRE, _MARK),
    "mark_told": (_("Bad mark %(mark)s: please correct by %(due_at)s: %(text)s"), UNIT, _MARK),
    "mark_correct": (_("Bad mark %(mark)s was corrected; please answer the enterprise"), CENTRE, _MARK),
    "mark_appeal": (_("Bad mark %(mark)s: the unit appeals; please decide"), JUDGE, _MARK),
    "mark_decided": (_("Bad mark %(mark)s: the appeal was decided: %(text)s"), UNIT, _MARK),
    "mark_late": (_("Bad mark %(mark)s: a time limit ran out"), (*CENTRE, *JUDGE), _MARK),
    "callback_late": (_("A callback was not made in time"), (*CENTRE, *JUDGE), _CALL),
    "callback_finish": (_("A callback says that a closed matter is not done: %(text)s"), JUDGE, _CALL),
    "question_opened": (_("Something unusual was noticed; please look and write a note"), JUDGE, _ASK),
}
"""Notice → (wording, who is told: all of them; else the fallback of the rulebook, page)."""
OUTSIDE = frozenset({Role.DEPUTY, Role.OBSERVER, Role.SPECIAL_SUPERVISOR})
RAISER: dict[str, tuple[Any, str, frozenset[str]]] = {
    "invited": (_("%(subject)s was answered. How was it handled? One tap is enough"), "/r/%(token)s/", URGENT),
    "mark_answer": (
        _("%(subject)s: you were not satisfied. What was put right: %(text)s"),
        "/track/%(subject)s/",
        URGENT,
    ),
}
"""Notice → (wording for whoever raised the matter, page, channels)."""


def register() -> None:
    """Make all notices known, each for its side only."""
    for name, (title, _offices, path) in STAFF.items():
        staff = frozenset({Audience.STAFF})
        registry.register(Kind(key=f"evaluation.{name}", audience=staff, title=title, path=path))
    outside = frozenset({Audience.ENTERPRISE, Audience.OUTSIDE})
    for name, (title, path, channels) in RAISER.items():
        key = f"evaluation.{name}"
        registry.register(
            Kind(key=key, audience=outside, title=title, path=path, channels=channels, reach=REACHED[name])
        )


def tell_staff(
    name: str,
    *,
    thing: Any,
    region: str,
    department_id: uuid.UUID | None,
    data: dict[str, Any],
    now: dt.datetime,
    but: uuid.UUID | None = None,
) -> None:
    """Tell the offices whom a notice concerns. What they read names no matter and nobody who rated."""
    people = {one for office in STAFF[name][1] for one in _holders(office, region, department_id, now)}
    for office in rulebooks.in_force(region, now).section(Fallback).receivers:
        people = people or set(_holders(office, region, department_id, now))
    if people - {but}:
        notifications.notify(
            key=f"evaluation.{name}",
            recipients=people - {but},
            subject=data.get("mark", ""),
            data={"text": "", "due_at": "", **_short(data), "thing": str(thing.id)},
            now=now,
            dedupe=f"{thing.id}:{name}:{now.isoformat()}",
            region=region,
        )


def _holders(office: str, region: str, department_id: uuid.UUID | None, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    side, _sep, role = office.rpartition(":")
    if side and department_id is None:
        return ()
    return accounts.holders(role=role, region=region, now=now, department_id=department_id if side else None)


def _left(number: str, now: dt.datetime) -> Recipient | None:
    """Return where whoever raised a case said they are reached; None where that is staff, who would rate themselves."""
    with database.writing():
        contact = Contact.objects.filter(case__number=number).first()
        if contact is None or accounts.reaches_holder(
            roles=STAFF_ROLES - OUTSIDE, phone=contact.phone, email=contact.email, now=now
        ):
            return None
    return Recipient(email=contact.email, phone=contact.phone)


def _left_and_not_rated(number: str, now: dt.datetime) -> Recipient | None:
    with database.writing():
        rated = Case.objects.filter(number=number, rating_result__isnull=False).exists()
    return None if rated else _left(number, now)


REACHED = {"invited": _left_and_not_rated, "mark_answer": _left}
"""Notice → where a raiser without an account is reached at the moment of sending."""


def tell_raiser(name: str, *, case: Case, data: dict[str, Any], now: dt.datetime, once: str) -> int:
    """Tell whoever raised the case, by their own channels; return how many persons are told.

    Where nobody has an account for it, the contact left with the case is written to, by one way.
    """
    people: set[uuid.UUID] = set()
    if case.enterprise_id is not None:
        people |= set(accounts.speakers_of(enterprise_id=case.enterprise_id, now=now))
    if case.raised_by is not None and accounts.reader_of(case.raised_by).roles & OUTSIDE:
        people.add(case.raised_by)
    message: dict[str, Any] = {
        "key": f"evaluation.{name}",
        "subject": case.number,
        "data": {"text": "", **_short(data)},
        "now": now,
        "dedupe": once,
        "region": case.region,
    }
    if people:
        return notifications.notify(recipients=people, **message)
    written = rulebooks.version(case.rulebook_version).section(Evaluation).invitation.written
    return int(bool(notifications.write_outside(ways=links.ways(case.channel, written=written), **message)))


def _short(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value[:200] if isinstance(value, str) else value for key, value in data.items()}
