"""What people are told about a case, and who is told what: one table from facts to notices (L9)."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import roles
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import QUIET, URGENT, Kind
from bihuan.foundation.notifications.registry import register as register_kinds
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import wording
from .events import CaseEvent, CaseObjected
from .models import Case
from .rulebook import Fallback, Suspension

RAISER = frozenset({Audience.ENTERPRISE, Audience.OUTSIDE})
STAFF = frozenset({Audience.STAFF})
_OUTSIDE_ROLES = {Role.DEPUTY, Role.OBSERVER, Role.SPECIAL_SUPERVISOR}

TO_RAISER: dict[str, tuple[Any, bool]] = {
    "case.supplement_requested": (_("%(subject)s: please add something: %(what)s"), True),
    "case.accepted": (_("%(subject)s has been accepted"), False),
    "case.declined": (_("%(subject)s was not accepted: %(basis)s"), True),
    "case.merged": (_("%(subject)s was joined with %(into)s; follow that one"), False),
    "case.dispatched": (_("%(subject)s is with %(lead_name)s now"), False),
    "case.plan_submitted": (_("%(subject)s: there is a plan; please rate it"), False),
    "case.progress_reported": (_("%(subject)s: news: %(text)s"), False),
    "case.enterprise_asked": (_("%(subject)s: a question for you: %(question)s"), True),
    "case.suspended": (_("%(subject)s was suspended: %(reason)s"), False),
    "case.resumed": (_("%(subject)s is being handled again"), False),
    "case.suspension_decided": (_("%(subject)s: the suspension was decided on"), False),
    "case.extension_requested": (
        _("%(subject)s: the department asks for %(days)s more working days, nothing is decided yet: %(reason)s"),
        False,
    ),
    "case.extension_decided": (_("%(subject)s: no more time was granted; it stays due %(due_at)s"), False),
    "case.rulebook_changed": (_("%(subject)s: other rules count now; due %(due_at)s (before: %(was_due_at)s)"), False),
    "case.replied": (_("%(subject)s has been answered; the centre is checking the answer"), False),
    "case.verification_returned": (_("%(subject)s: the answer was not good enough; the department works on"), False),
    "case.closed": (_("%(subject)s was closed. Is it really done? Please tell us"), True),
}
"""Fact → (wording for whoever raised the matter, also by short message)."""

TO_LEAD: dict[str, Any] = {
    "case.dispatched": _("%(subject)s came to your department; please sign for it"),
    "case.objection_ruled": _("%(subject)s: your objection was ruled on"),
    "case.answered": _("%(subject)s: the enterprise answered: %(text)s"),
    "case.suspension_decided": _("%(subject)s: the suspension was decided on"),
    "case.resumed": _("%(subject)s runs again"),
    "case.extension_decided": _("%(subject)s: your request for more time was decided on"),
    "case.co_replied": _("%(subject)s: a co-department answered"),
    "case.verification_returned": _("%(subject)s came back for rework: %(reason)s"),
    "case.rulebook_changed": _("%(subject)s: rulebook %(version)s counts now; due %(due_at)s (before: %(was_due_at)s)"),
    "case.withdrawn": _("%(subject)s was withdrawn"),
    "case.reminded": _("%(subject)s: you are reminded: %(text)s"),
    "case.urged": _("%(subject)s: whoever raised it urges: %(text)s"),
    "case.came_down": _("%(subject)s came back to you from above: %(reason)s"),
}
"""Fact → wording for the lead department (and, where it is dispatched, the co-departments)."""

TO_CENTRE: dict[str, Any] = {
    "case.urged": _("%(subject)s: whoever raised it urges: %(text)s"),
    "case.objected": _("%(subject)s: an objection awaits your ruling"),
    "case.suspended": _("%(subject)s was suspended: %(reason)s"),
    "case.replied": _("%(subject)s was answered; please verify"),
    "case.denied": _("%(subject)s: the enterprise says it is not done: %(reason)s"),
    "case.overturned": _("%(subject)s: the “no” did not stand, it is worked on again: %(reason)s"),
    "case.reopened": _("%(subject)s was reopened: %(reason)s"),
}
"""Fact → wording for the coordinators of the region."""

FOLLOWS: dict[str, Any] = {
    "remind": _("%(subject)s: the light is “%(light)s”; please move it on"),
    "list": _("%(subject)s is on the warning list: the light is “%(light)s”"),
    "escalate": _("%(subject)s was brought to you: the light is “%(light)s”"),
    "supervision_order": _("%(subject)s enters the supervision procedure: the light is “%(light)s”"),
    "notify_supervision": _("%(subject)s: the light is “%(light)s”; the supervision office is told"),
    "notify_discipline": _("%(subject)s: the light is “%(light)s”; discipline inspection is told"),
    "conference": _("%(subject)s is a candidate for the joint conference: the light is “%(light)s”"),
}
"""Consequence of a light → wording. `webhook` needs none: every fact goes to webhooks."""

FOLLOWS_MANY: dict[str, Any] = {
    "remind": _("%(count)d matters have a light on; please move them on"),
    "list": _("%(count)d matters are on the warning list"),
    "escalate": _("%(count)d matters were brought to you"),
    "supervision_order": _("%(count)d matters enter the supervision procedure"),
    "notify_supervision": _("The supervision office is told of %(count)d matters"),
    "notify_discipline": _("Discipline inspection is told of %(count)d matters"),
    "conference": _("%(count)d matters are candidates for the joint conference"),
}
"""Consequence → wording when those of many matters come at once."""

RECEIVERS: dict[str, tuple[str, ...]] = {
    "remind": ("department:liaison", "seat"),
    "list": ("board_head", "coordinator"),
    "escalate": ("department:department_head", "board_head", "coordinator"),
    "supervision_order": ("supervision_office", "catch_all"),
    "notify_supervision": ("supervision_office",),
    "notify_discipline": ("discipline",),
    "conference": ("catch_all",),
}
"""Consequence → who has to act. `remind`, `list` and `escalate` go to the first of them that is held by anybody; the
others to all. Where nobody holds any, it goes to the fallback."""
TO_ALL = frozenset({"supervision_order", "notify_supervision", "notify_discipline"})

APPROVER = "approver"
"""Stands for the role that the rulebook names to decide on time."""

ABOVE: dict[str, tuple[str, ...]] = {
    "supplement": ("seat", "coordinator"),
    "sign": ("department:department_head", "coordinator"),
    "first_contact": ("department:department_head", "coordinator"),
    "plan": ("department:department_head", "coordinator"),
    "co_reply": ("department:department_head", "coordinator"),
    "ruling": ("catch_all", "leader"),
    "verification": ("catch_all", "leader"),
    "callback": ("catch_all", "leader"),
    "suspension_review": (APPROVER,),
}
"""Clock beside the main one → who stands above its holder and is told when it runs out."""

TO_APPROVER: dict[str, Any] = {
    "case.extension_requested": _("%(subject)s: %(days)s more working days were asked for: %(reason)s"),
    "case.suspended": _("%(subject)s was suspended and awaits your decision: %(reason)s"),
}
"""Fact → wording for whoever the rulebook names to decide on it (the fact says which role)."""

GRANTED: dict[str, Any] = {
    "case.extension_decided": _(
        "%(subject)s: the department has until %(due_at)s (originally %(original_due_at)s): %(reason)s"
    ),
}
"""Decision → wording for the raiser when it was granted; otherwise that of TO_RAISER."""

UNRECEIVED = "case.unreceived"
_SENDINGS: dict[str, Any] = {
    **{f"case.follows.{consequence}": word for consequence, word in wording.CONSEQUENCES.items()},
    **{f"case.missed.{clock}": wording.CLOCKS[clock] for clock in ABOVE},
}
"""Notice → what it is about, for whoever hears that nobody receives it."""
_OFFICES: dict[str, Any] = {
    **{str(role): name for role, name in roles.NAMES.items()},
    **{f"department:{role}": name for role, name in roles.NAMES.items()},
    APPROVER: _("whoever decides on suspensions"),
}
LATE = dt.timedelta(hours=1)
"""A consequence that comes later than this after its instant is caught up: its notices are folded into one an hour."""


def register() -> None:
    """Make all notices known, each for its side only."""
    path = "/cases/%(subject)s/"
    for fact, (title, urgent) in TO_RAISER.items():
        channels = URGENT if urgent else QUIET
        register_kinds(Kind(key=f"{fact}.raiser", audience=RAISER, title=title, path=path, channels=channels))
    for fact, title in TO_LEAD.items():
        register_kinds(Kind(key=f"{fact}.lead", audience=STAFF, title=title, path=path))
    for fact, title in TO_CENTRE.items():
        register_kinds(Kind(key=f"{fact}.centre", audience=STAFF, title=title, path=path))
    for consequence, title in FOLLOWS.items():
        many = FOLLOWS_MANY[consequence]
        register_kinds(Kind(key=f"case.follows.{consequence}", audience=STAFF, title=title, many=many, path=path))
    for fact, title in TO_APPROVER.items():
        register_kinds(Kind(key=f"{fact}.approver", audience=STAFF, title=title, path=path))
    for fact, title in GRANTED.items():
        register_kinds(Kind(key=f"{fact}.granted.raiser", audience=RAISER, title=title, path=path))
    register_kinds(
        Kind(
            key=UNRECEIVED,
            audience=frozenset({Audience.ADMINISTRATION}),
            title=_("Nobody in %(region)s can receive “%(what)s” of %(subject)s"),
            body=_("Appoint somebody to one of these offices, or name another fallback in the rulebook: %(offices)s"),
            words={"what": _SENDINGS, "offices": _OFFICES},
        )
    )
    for clock in ABOVE:
        title, many = _("%(subject)s: a time limit ran out (%(clock)s)"), _("A time limit of %(count)d matters ran out")
        said = {"clock": wording.CLOCKS}
        register_kinds(Kind(key=f"case.missed.{clock}", audience=STAFF, title=title, many=many, path=path, words=said))


def follow(
    case: Case, consequence: str, *, light: dict[str, str], now: dt.datetime, fire_at: dt.datetime | None = None
) -> bool:
    """Tell those who have to act on a consequence of a light; False when nobody at all could be told.

    light: its name in both languages. fire_at: when it should have happened; long past, it is one of many that are
    caught up, and its notice is folded.
    """
    if consequence not in FOLLOWS:
        return True
    people = _receivers(case, RECEIVERS[consequence], case.lead_department_id, now, everyone=consequence in TO_ALL)
    data = {"light": light}
    return _say(case, f"case.follows.{consequence}", people, data, now, RECEIVERS[consequence], fire_at or now)


def receivers(case: Case, consequence: str, *, now: dt.datetime, fallback: tuple[str, ...]) -> set[uuid.UUID]:
    """Return who would be told of a consequence of this case now, with another place's `fallback`; for rehearsing."""
    if consequence not in RECEIVERS:
        return set()
    everyone, department = consequence in TO_ALL, case.lead_department_id
    return _receivers(case, RECEIVERS[consequence], department, now, everyone=everyone, instead=fallback)


def taken_up_to(case: Case, consequence: str, *, now: dt.datetime) -> str:
    """Return the role that a matter is with once `consequence` followed: the first of its offices held by anybody."""
    for office in (*RECEIVERS[consequence], *fallback(case)):
        if _holders(case, office, case.lead_department_id, now):
            return office.rpartition(":")[2]
    return ""


def missed(case: Case, clock: str, *, holder: uuid.UUID | None, now: dt.datetime, fire_at: dt.datetime) -> bool:
    """Tell whoever stands above the holder of a clock that it ran out; False when nobody could be told."""
    offices = tuple(_approver(case) if office == APPROVER else office for office in ABOVE[clock])
    people = _receivers(case, offices, holder or case.lead_department_id, now, everyone=False)
    return _say(case, f"case.missed.{clock}", people, {"clock": clock}, now, offices, fire_at)


def _approver(case: Case) -> str:
    return rulebooks.version(case.rulebook_version).section(Suspension).approver.value


def fallback(case: Case) -> tuple[str, ...]:
    """Return the offices of the case's place that receive what would reach nobody, in order."""
    return rulebooks.version(case.rulebook_version).section(Fallback).receivers


def _say(
    case: Case,
    key: str,
    people: set[uuid.UUID],
    data: dict[str, Any],
    now: dt.datetime,
    offices: tuple[str, ...],
    fire_at: dt.datetime,
) -> bool:
    dedupe, late = f"{case.id}:{key}:{fire_at.isoformat()}", now - fire_at > LATE
    if not people:
        said = {"region": case.region, "what": key, "offices": [*offices, *fallback(case)]}
        notifications.notify(
            key=UNRECEIVED,
            recipients=accounts.holders_above(role=Role.SYSTEM_ADMIN, region=case.region, now=now),
            subject=case.number,
            data=said,
            now=now,
            dedupe=dedupe,
            region=case.region,
            digest=late,
        )
        return False
    notifications.notify(
        key=key,
        recipients=people,
        subject=case.number,
        data=data,
        now=now,
        dedupe=dedupe,
        region=case.region,
        digest=late,
    )
    return True


def _receivers(
    case: Case,
    offices: tuple[str, ...],
    department: uuid.UUID | None,
    now: dt.datetime,
    *,
    everyone: bool,
    instead: tuple[str, ...] | None = None,
) -> set[uuid.UUID]:
    found: set[uuid.UUID] = set()
    for office in offices:
        found |= _holders(case, office, department, now)
        if found and not everyone:
            return found
    for office in fallback(case) if instead is None else instead:
        found = found or _holders(case, office, department, now)
    return found


def _holders(case: Case, office: str, department: uuid.UUID | None, now: dt.datetime) -> set[uuid.UUID]:
    side, _sep, role = office.rpartition(":")
    if side and department is None:
        return set()
    narrowed: dict[str, Any] = {"department_id": department} if side else {}
    if role == Role.BOARD_HEAD:
        narrowed = {"board": case.board}
    return set(accounts.holders(role=role, region=case.region, now=now, **narrowed))


def send(event: CaseEvent, fact: str) -> None:
    """Tell everybody whom a fact concerns, in the transaction of the fact, never the one who did it."""
    data = {key: value for key, value in event.data.items() if isinstance(value, str | int | bool)}
    for side, table, people in (
        ("raiser", TO_RAISER, _raisers),
        ("lead", TO_LEAD, _departments),
        ("centre", TO_CENTRE, _centre),
        ("approver", TO_APPROVER, _approvers),
    ):
        if fact not in table or (side == "raiser" and event.data.get("visible_to_enterprise") is False):
            continue
        recipients = {person for person in people(event, event.at) if person != event.actor_id}
        if recipients:
            granted = side == "raiser" and fact in GRANTED and event.data.get("granted") is True
            notifications.notify(
                key=f"{fact}.granted.{side}" if granted else f"{fact}.{side}",
                recipients=recipients,
                subject=event.number,
                data=_short(data),
                now=event.at,
                dedupe=f"{event.case_id}:{fact}:{event.at.isoformat()}",
                region=event.region,
            )


def _short(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value[:200] if isinstance(value, str) else value for key, value in data.items()}


def _raisers(event: CaseEvent, now: dt.datetime) -> set[uuid.UUID]:
    people: set[uuid.UUID] = set()
    if event.parties.enterprise_id is not None:
        people |= set(accounts.speakers_of(enterprise_id=event.parties.enterprise_id, now=now))
    author = event.parties.raised_by
    if author is not None and accounts.reader_of(author).roles & _OUTSIDE_ROLES:
        people.add(author)
    return people


def _departments(event: CaseEvent, now: dt.datetime) -> set[uuid.UUID]:
    told = [event.parties.lead_department_id] if event.parties.lead_department_id else []
    if isinstance(event.data.get("lead_name"), str):
        told += event.parties.co_department_ids
    return {
        person
        for department in told
        for person in accounts.holders(role=Role.LIAISON, region=event.region, department_id=department, now=now)
    }


def _centre(event: CaseEvent, now: dt.datetime) -> set[uuid.UUID]:
    """Return the coordinators; of the return on which another office rules, its people."""
    office = event.data.get("ruled_by", Role.COORDINATOR) if isinstance(event, CaseObjected) else Role.COORDINATOR
    return set(accounts.holders(role=office, region=event.region, now=now))


def _approvers(event: CaseEvent, now: dt.datetime) -> set[uuid.UUID]:
    """Return who decides on time; nobody where the fact asks for no decision."""
    role = event.data.get("approver")
    if not isinstance(role, str):
        return set()
    offices = (role, *rulebooks.in_force(event.region, now).section(Fallback).receivers, Role.LEADER.value)
    narrowed: dict[str, Any] = {"board": event.parties.board} if role == Role.BOARD_HEAD else {}
    for office in offices:
        found = set(accounts.holders(role=office, region=event.region, now=now, **(narrowed if office == role else {})))
        if found - {event.actor_id}:
            return found
    return set()
