"""What people are told about instruments: only those whom a step concerns, and never what a restricted one says."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.rulebook import Fallback
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from .models import Instrument
from .states import ADDRESSEE, APPROVER, ISSUER, KINDS, REVIEWER

TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "drafted": (_("“%(subject)s” waits for you to look at its draft"), (APPROVER,)),
    "verify": (_("“%(subject)s”: the facts are established; the next step is yours"), (APPROVER, ADDRESSEE)),
    "approve": (_("“%(subject)s” was approved and can be issued"), (ISSUER,)),
    "consent": (_("“%(subject)s”: the department stated consent"), (ISSUER, APPROVER)),
    "issue": (_("%(subject)s is for you, to be signed for by %(due_at)s"), (ADDRESSEE,)),
    "remind": (_("%(subject)s still waits for your reply"), (ADDRESSEE,)),
    "reply": (_("The department replied to %(subject)s"), (ISSUER,)),
    "return_reply": (_("The reply to %(subject)s came back"), (ADDRESSEE,)),
    "object": (_("The department objects to %(subject)s; it has to be reviewed by %(due_at)s"), (REVIEWER,)),
    "decide_objection": (_("The objection to %(subject)s was decided"), (ADDRESSEE, ISSUER)),
    "close": (_("%(subject)s was written off"), (ADDRESSEE,)),
    "relapse": (_("%(subject)s is open again: what it was about came back"), (ADDRESSEE,)),
    "take_back": (_("%(subject)s was taken back"), (ADDRESSEE,)),
    "late": (_("%(subject)s: a time limit ran out"), (ISSUER, ADDRESSEE)),
}
"""Fact → (wording, who is told: all of them)."""


def register() -> None:
    """Make all notices known."""
    for name, (title, _who) in TOLD.items():
        registry.register(
            Kind(
                key=f"instruments.{name}",
                audience=frozenset({Audience.STAFF}),
                title=title,
                path="/instruments/%(instrument)s/",
            )
        )


def send(name: str, *, instrument: Instrument, due: str, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    people = {person for who in TOLD[name][1] for person in _holders(instrument, who, now)}
    if "coordinator" in KINDS[instrument.kind].readers:
        for role in rulebooks.version(instrument.rulebook_version).section(Fallback).receivers:
            people = people or set(accounts.holders(role=role, region=instrument.region, now=now))
    notifications.notify(
        key=f"instruments.{name}",
        recipients=people - {but},
        subject=instrument.letter.number if instrument.letter else instrument.title[:60],
        data={"due_at": due, "instrument": str(instrument.id)},
        now=now,
        dedupe=f"{instrument.id}:{name}:{now.isoformat()}",
        region=instrument.region,
    )


def _holders(instrument: Instrument, who: str, now: dt.datetime) -> list[uuid.UUID]:
    kind = KINDS[instrument.kind]
    if who == ADDRESSEE:
        if not instrument.shown:
            return []
        return [
            person
            for role in ("department_head", "liaison")
            for department in _successors(instrument.addressee_id)
            for person in accounts.holders(role=role, region=instrument.region, now=now, department_id=department)
        ]
    roles = {ISSUER: (instrument.issuer,), APPROVER: kind.approvers, REVIEWER: ("leader",)}[who]
    found = [person for role in roles for person in accounts.holders(role=role, region=instrument.region, now=now)]
    return [person for person in found if who != APPROVER or person != instrument.drafted_by]


def _successors(department_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the department and those it was merged into, one after the other."""
    found: list[uuid.UUID] = []
    one: uuid.UUID | None = department_id
    while one is not None and one not in found:
        found.append(one)
        department = directory.department_by_id(one)
        one = department.successor_id if department else None
    return found
