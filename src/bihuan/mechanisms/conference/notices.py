"""What people are told about meetings, items and decisions, and who is told what."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.rulebook import Fallback
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import selectors
from .models import Decision, Item, Meeting
from .rulebook import Conference

CENTRE, GUESTS, OWNER, SUPERVISORS, WATCH = "centre", "guests", "owner", "supervisors", "watch"

MEETING: dict[str, tuple[Any, tuple[str, ...]]] = {
    "called": (_("%(subject)s: you are invited for %(starts_at)s, %(place)s"), (GUESTS,)),
    "planned": (_("%(subject)s is planned for %(starts_at)s"), (GUESTS, CENTRE)),
    "invite": (_("%(subject)s: you are invited for %(starts_at)s, %(place)s"), (GUESTS,)),
    "postpone": (_("%(subject)s was moved to %(starts_at)s: %(reason)s"), (GUESTS,)),
    "cancel": (_("%(subject)s was cancelled: %(reason)s"), (GUESTS,)),
    "minute": (_("%(subject)s: the minutes are there; %(decisions)s decisions"), (GUESTS,)),
    "late": (_("%(subject)s: the minutes are not there in time"), (CENTRE, "leader")),
}
ITEM: dict[str, tuple[Any, tuple[str, ...]]] = {
    "proposed": (_("%(subject)s is a candidate for the joint conference: %(reason)s"), (CENTRE,)),
    "turn_down": (_("%(subject)s does not go to the joint conference: %(reason)s"), ("proposer", "lead")),
    "put_off": (_("%(subject)s was put off to a later session: %(reason)s"), (CENTRE, "lead")),
    "late": (_("%(subject)s: nobody has screened this candidate in time"), ("leader",)),
}
DECISION: dict[str, tuple[Any, tuple[str, ...]]] = {
    "assigned": (_("%(subject)s is yours, due by %(due_at)s: %(what)s"), (OWNER,)),
    "hand_over": (_("%(subject)s is yours from now on, due by %(due_at)s: %(what)s"), (OWNER,)),
    "light": (_("%(subject)s: the light is “%(light_name)s”; please move it on"), (OWNER,)),
    "late": (_("%(subject)s is overdue: %(what)s"), (OWNER, SUPERVISORS)),
    "report": (_("%(subject)s: report, please verify: %(text)s"), (WATCH,)),
    "send_back": (_("%(subject)s: the report came back: %(text)s"), (OWNER,)),
    "give_time": (_("%(subject)s has more time, until %(due_at)s"), (OWNER,)),
    "write_off": (_("%(subject)s was written off"), (OWNER, SUPERVISORS)),
    "unverified": (_("%(subject)s: the report has not been verified in time"), ("leader", WATCH)),
}
"""Fact → (wording, who is told: all of them; where nobody is, the fallback of the rulebook)."""
_PATHS = {"meeting": "/conferences/%(thing)s/", "item": "/conferences/items/%(thing)s/"}
INVITED = "conference.invited.guest"


def register() -> None:
    """Make all notices known."""
    staff = frozenset({Audience.STAFF})
    for name, told in (("meeting", MEETING), ("item", ITEM), ("decision", DECISION)):
        path = _PATHS.get(name, "/conferences/decisions/%(thing)s/")
        for key, (title, _offices) in told.items():
            registry.register(Kind(key=f"conference.{name}.{key}", audience=staff, title=title, path=path))
    registry.register(
        Kind(
            key=INVITED,
            audience=frozenset({Audience.ENTERPRISE}),
            title=_("%(subject)s: you are invited for %(starts_at)s, %(place)s. It was your turn"),
            path="/dialogues/%(region)s/",
        )
    )


def send(name: str, thing: Meeting | Item | Decision, *, data: dict[str, Any], now: dt.datetime, but: Any) -> None:
    """Tell those whom a fact concerns, never the one who did it (`but`)."""
    kind = "meeting" if isinstance(thing, Meeting) else "item" if isinstance(thing, Item) else "decision"
    told = {"meeting": MEETING, "item": ITEM, "decision": DECISION}[kind].get(name)
    if told is None:
        return
    people = {person for office in told[1] for person in _holders(thing, office, now)}
    for office in rulebooks.version(thing.rulebook_version).section(Fallback).receivers:
        people = people or set(accounts.holders(role=office, region=thing.region, now=now))
    short = {key: value[:200] if isinstance(value, str) else value for key, value in data.items()}
    if isinstance(thing, Decision):
        short = {"what": thing.what[:200], "due_at": thing.due_at.isoformat()} | short
    if isinstance(thing, Meeting):
        short = {"starts_at": thing.starts_at.isoformat(), "place": thing.place} | short
    notifications.notify(
        key=f"conference.{kind}.{name}",
        recipients=people - {but},
        subject=thing.case.number if isinstance(thing, Item) else thing.number,
        data={**short, "thing": str(thing.id)},
        now=now,
        dedupe=f"{thing.id}:{name}:{now.isoformat()}",
        region=thing.region,
    )


def invite(meeting: Meeting, enterprises: Iterable[uuid.UUID], *, now: dt.datetime) -> None:
    """Tell the enterprises whose turn it is."""
    people = {one for firm in enterprises for one in accounts.speakers_of(enterprise_id=firm, now=now)}
    data = {"starts_at": meeting.starts_at.isoformat(), "place": meeting.place, "region": meeting.region}
    notifications.notify(
        key=INVITED,
        recipients=people,
        subject=meeting.number,
        data=data,
        now=now,
        dedupe=f"{meeting.id}:invited:{now.isoformat()}",
        region=meeting.region,
    )


def _holders(thing: Any, office: str, now: dt.datetime) -> Iterable[uuid.UUID]:
    region = thing.region
    if office == CENTRE:
        return accounts.holders(role="coordinator", region=region, now=now)
    if office == WATCH:
        return accounts.holders(role="supervision_office", region=region, now=now) or accounts.holders(
            role="coordinator", region=region, now=now
        )
    if office == SUPERVISORS:
        roles = rulebooks.version(thing.rulebook_version).section(Conference).decisions.supervisors
        return {one for role in roles for one in accounts.holders(role=role, region=region, now=now)}
    if office == OWNER:
        return selectors.responsible(thing, now)
    if office == GUESTS:
        return _guests(thing, now)
    if office == "proposer":
        return [thing.proposed_by] if thing.proposed_by else []
    if office == "lead":
        lead = thing.case.lead_department_id
        return selectors.people_of(region, lead, now) if lead else ()
    return accounts.holders(role=office, region=region, now=now)


def _guests(meeting: Meeting, now: dt.datetime) -> set[uuid.UUID]:
    found: set[uuid.UUID] = {meeting.host_id} if meeting.host_id else set()
    for seat in meeting.attendees.all():
        if seat.person_id is not None:
            found.add(seat.person_id)
        elif seat.department_id is not None:
            found |= selectors.people_of(meeting.region, seat.department_id, now)
    return found
