"""Calling meetings: the conference with its leading group, a consultation on one case."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices, permissions
from ..models import OPEN_ITEM_STATES, Attendee, Item, Meeting, Member
from ..rules import bodies
from ..states import ItemState
from . import lettering
from .following import put_reviews_on
from .recording import commit, department, lock_case, one_at_a_time, read_body, rule

PREFIX = {"conference": "LX", "consultation": "XS", "dialogue": "KT"}
"""联席、协商、恳谈: how numbers of meetings begin."""


def call(*, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Meeting:
    """Call a joint conference: its leading group is invited, and unfinished decisions are on the agenda by themselves.

    Raises Forbidden, Conflict `no_group` (nobody to decide), Invalid `starts_past` or for a wrong body.
    """
    words: bodies.Call = read_body(bodies.Call, body)
    region = permissions.home(actor, words.region)
    with database.writing():
        members = list(Member.objects.filter(region=region, until=None).select_related("department").order_by("id"))
        if not members:
            raise errors.Conflict(
                _("The region has no leading group yet; appoint its members first."), code="no_group", region=region
            )
        meeting = new_meeting(region, "conference", words.starts_at, words.place, now=now)
        roles = {role.id: role for role in rule(meeting).group}
        chairs = [one for one in members if one.role in roles and roles[one.role].presides]
        meeting.host_id = chairs[0].person_id if chairs else None
        meeting.department_ids = sorted({one.department_id for one in members if one.department_id})
        said = {"starts_at": words.starts_at.isoformat(), "place": words.place}
        commit(meeting, "called", now=now, said=said, actor=actor, made=True, quiet=True)
        Attendee.objects.bulk_create(
            Attendee(
                meeting=meeting,
                region=region,
                role=one.role,
                person_id=one.person_id,
                department=one.department,
                presides=one.role in roles and roles[one.role].presides,
                votes=one.role not in roles or roles[one.role].votes,
            )
            for one in members
        )
        put_reviews_on(meeting, now=now)
        named = {one.department_id: one.department for one in members if one.department is not None}
        lettering.invite(meeting, list(named.values()), actor=actor, now=now)
        notices.send("called", meeting, data=said, now=now, but=actor.person_id)
    return meeting


def consult(*, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Meeting:
    """Convene boards and departments on one case (协商办): they are invited, and what they commit to is followed.

    A board comes by its lead department. Raises NotFound, Forbidden, Conflict `consulted_already`, Invalid
    `board_without_lead`, `department_unknown`, `starts_past`.
    """
    words: bodies.Consult = read_body(bodies.Consult, body)
    with database.writing():
        case = lock_case(actor, number=words.number)
        permissions.check_call(actor, case.region)
        if Item.objects.filter(case=case, forum="consultation", state__in=OPEN_ITEM_STATES).exists():
            raise errors.Conflict(_("A consultation on this matter is called already."), code="consulted_already")
        invited = [_lead_of(case.region, code, now) for code in words.boards]
        invited += [department(case.region, code, now, "departments") for code in words.departments]
        meeting = new_meeting(case.region, "consultation", words.starts_at, words.place, now=now)
        meeting.host_id = actor.person_id
        meeting.department_ids = sorted({one.id for one in invited})
        said = {"starts_at": words.starts_at.isoformat(), "place": words.place, "reason": words.reason}
        commit(meeting, "called", now=now, said=said, actor=actor, made=True, quiet=True)
        seat_departments(meeting, invited)
        lettering.invite(meeting, list({one.id: one for one in invited}.values()), actor=actor, now=now)
        item = Item(
            case=case,
            region=case.region,
            forum="consultation",
            state=ItemState.ON_AGENDA.value,
            source="consultation",
            reason=words.reason,
            meeting=meeting,
            position=1,
            proposed_by=actor.person_id,
            found_at=now,
            rulebook_version=case.rulebook_version,
        )
        commit(item, "convened", now=now, said={"reason": words.reason}, actor=actor, made=True)
        notices.send("called", meeting, data=said, now=now, but=actor.person_id)
    return meeting


def new_meeting(
    region: str, kind: str, starts_at: dt.datetime, place: str, *, now: dt.datetime, series: str = ""
) -> Meeting:
    """Return a new meeting with its number, not yet saved. Raises Invalid `starts_past`."""
    if starts_at <= now:
        raise errors.Invalid(_("A meeting cannot begin in the past."), code="starts_past", field="starts_at")
    one_at_a_time(region)
    book = rulebooks.in_force(region, now)
    year = answers.local_date(starts_at).year
    stem = f"{PREFIX[kind]}-{region}-{series + '-' if series else ''}{year}-"
    place_in_year = 1 + Meeting.objects.filter(number__startswith=stem, region=region).count()
    return Meeting(
        region=region,
        kind=kind,
        series=series,
        number=f"{stem}{place_in_year}",
        place_in_year=place_in_year,
        starts_at=starts_at,
        place=place,
        called_at=now,
        rulebook_version=book.id,
    )


def _lead_of(region: str, code: str, now: dt.datetime) -> Department:
    """Return the department that speaks for a board. Raises Invalid `board_without_lead` for one that is gone."""
    today = answers.local_date(now)
    board = directory.board_in_force(region, code, today, field="boards")
    lead = board.lead_department
    if not directory.in_force(lead, today):
        successor = directory.department_by_id(lead.successor_id) if lead.successor_id else None
        if successor is None or not directory.in_force(successor, today):
            message = _("The board “%(board)s” has no lead department at present; name a department instead.")
            raise errors.Invalid(message % {"board": board.name}, code="board_without_lead", field="boards")
        lead = successor
    return lead


def seat_departments(meeting: Meeting, invited: Iterable[Department]) -> list[uuid.UUID]:
    """Give each department a seat, once; return those that are new."""
    there = set(Attendee.objects.filter(meeting=meeting, person_id=None).values_list("department_id", flat=True))
    fresh = [one for one in {one.id: one for one in invited}.values() if one.id not in there]
    Attendee.objects.bulk_create(
        Attendee(meeting=meeting, region=meeting.region, role="guest", department=one) for one in fresh
    )
    return [one.id for one in fresh]


def let_in(meeting: Meeting, *department_ids: uuid.UUID) -> None:
    """Let departments see the meeting: those invited, and those that answer for what it decided (they get its minutes).

    The caller holds the meeting's lock.
    """
    wanted = list(dict.fromkeys([*meeting.department_ids, *department_ids]))
    if wanted != meeting.department_ids:
        meeting.department_ids = wanted
        meeting.save(update_fields=["department_ids"])
