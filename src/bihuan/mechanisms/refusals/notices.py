"""What people are told about a review: the unit, the organiser, the panel, the enterprise, discipline inspection."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.rulebook import Fallback
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from .models import Refusal, Seat
from .states import Outcome

ORGANISER, UNIT, PANEL, RAISER = "supervision_office", "unit", "panel", "raiser"
DISCIPLINE = "discipline"

TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "pooled": (_("%(subject)s came into the pool of refusals; you may still do it before the review"), (UNIT,)),
    "select": (_("%(subject)s: the “no” will be reviewed; please state your side"), (UNIT, RAISER)),
    "convene": (_("%(subject)s: session of the review: %(text)s"), (UNIT, PANEL, RAISER)),
    "open_vote": (_("%(subject)s: please vote"), (PANEL,)),
    "recuse": (_("%(subject)s: a seat on the panel changed"), (PANEL,)),
    "tally": (_("%(subject)s: the panel decided"), (ORGANISER, UNIT, RAISER)),
    "close_vote": (_("%(subject)s: the panel decided"), (ORGANISER, UNIT, RAISER)),
    "vote_again": (_("%(subject)s: no majority; the panel votes again"), (ORGANISER, PANEL)),
    "annul": (_("%(subject)s: the verdict was annulled; the panel votes again"), (PANEL, UNIT, RAISER)),
    "order": (_("%(subject)s: what follows from the review, due %(due_at)s: %(text)s"), (UNIT, RAISER)),
    "report": (_("%(subject)s: the unit reported on what was ordered: %(text)s"), (ORGANISER, RAISER)),
    "complete": (_("%(subject)s: what the review asked for is there"), (UNIT, RAISER)),
    "concede": (_("%(subject)s: the unit does it after all: %(text)s"), (ORGANISER,)),
    "late": (_("%(subject)s: a time limit of the review ran out"), (ORGANISER, UNIT)),
}
"""Fact → (wording, who is told: all of them; where nobody is, the fallback of the rulebook)."""
COPIED = ("tally", "close_vote", "order")
"""What of a matter that can be done is copied to discipline inspection (路桥: 报送纪委监委)."""
_OUTSIDE = frozenset({RAISER, PANEL})


def register() -> None:
    """Make all notices known."""
    everybody = frozenset({Audience.STAFF, Audience.ENTERPRISE, Audience.OUTSIDE})
    for name, (title, offices) in TOLD.items():
        audience = everybody if _OUTSIDE & set(offices) else frozenset({Audience.STAFF})
        registry.register(Kind(key=f"refusals.{name}", audience=audience, title=title, path="/refusals/%(refusal)s/"))


def send(name: str, *, refusal: Refusal, data: dict[str, Any], now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact of a refusal concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    people = {person for office in TOLD[name][1] for person in _holders(refusal, office, now)}
    if refusal.outcome == Outcome.CAN and name in COPIED:
        people |= set(accounts.holders(role=DISCIPLINE, region=refusal.region, now=now))
    for office in rulebooks.version(refusal.rulebook_version).section(Fallback).receivers:
        people = people or set(_holders(refusal, office, now))
    told = {key: str(data.get(key, ""))[:200] for key in ("text", "due_at")}
    notifications.notify(
        key=f"refusals.{name}",
        recipients=people - {but},
        subject=refusal.number,
        data={**told, "refusal": str(refusal.id)},
        now=now,
        dedupe=f"{refusal.id}:{name}:{now.isoformat()}",
        region=refusal.region,
    )


def _holders(refusal: Refusal, office: str, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    if office == PANEL:
        seats = Seat.objects.filter(refusal=refusal, reserve=False, left_at=None)
        return tuple(seats.values_list("person_id", flat=True))
    if office == RAISER:
        firm = refusal.enterprise_id
        return accounts.speakers_of(enterprise_id=firm, now=now) if firm is not None else ()
    if office == UNIT:
        if refusal.unit_id is None:
            return accounts.holders(role="coordinator", region=refusal.region, now=now)
        return tuple(
            person
            for role in ("department_head", "liaison")
            for person in accounts.holders(role=role, region=refusal.region, now=now, department_id=refusal.unit_id)
        )
    return accounts.holders(role=office, region=refusal.region, now=now)
