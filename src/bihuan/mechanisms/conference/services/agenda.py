"""What people do with an item: prepare its page, screen it, put it on an agenda, decide, review, put off."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import OPEN_STATES, Case
from bihuan.casework.cases.permissions import THE_SYSTEM
from bihuan.casework.cases.rulebook import Lights
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import errors
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import selectors
from ..models import Decision, Meeting
from .calling import let_in, seat_departments
from .following import DECISION, SCREENING
from .recording import Move, commit, department, expect, rule


def _prepare(move: Move, target: str) -> None:
    """一题一页: what those who decide have to know, and the choices."""
    item, body = move.thing, move.body
    item.brief, item.options = body.brief, list(body.options)
    commit(item, "prepare", now=move.now, said={"text": body.brief}, actor=move.actor, changed=["brief", "options"])


def _screen(move: Move, target: str) -> None:
    """Take it to a conference; whoever screens second finds it screened already."""
    item, text = move.thing, move.body.text
    deadlines.stop(subject=item.id, now=move.now, kinds=[SCREENING])
    came_from, item.state, item.verdict, item.screened_at = item.state, target, text, move.now
    item.late_since = None
    changed = ["state", "verdict", "screened_at", "late_since"]
    commit(item, "screen", now=move.now, said={"text": text}, actor=move.actor, came_from=came_from, changed=changed)


def _turn_down(move: Move, target: str) -> None:
    """Not taken, with the reason, which goes back to whoever proposed it; the matter is handled where it was."""
    item, reason = move.thing, move.body.reason
    deadlines.stop(subject=item.id, now=move.now, kinds=[SCREENING])
    came_from, item.state, item.verdict = item.state, target, reason
    item.screened_at, item.ended_at, item.late_since = item.screened_at or move.now, move.now, None
    changed = ["state", "verdict", "screened_at", "ended_at", "late_since"]
    said = {"reason": reason}
    commit(item, "turn_down", now=move.now, said=said, actor=move.actor, came_from=came_from, changed=changed)
    assert move.case is not None
    bring_down(move.case, _("The conference does not take it: %(reason)s") % {"reason": reason}, now=move.now)


def bring_down(case: Case, reason: str, *, now: dt.datetime) -> None:
    """Give a matter that was taken up to the conference back to those who handle it."""
    if case.escalated_to == "conference" and case.state in OPEN_STATES:
        body = {"reason": reason}
        cases.take(number=case.number, action="come_down", actor=THE_SYSTEM, now=now, body=body)


def _put_on(move: Move, target: str) -> None:
    """上会: at the end of the agenda of a conference that is called."""
    item, body = move.thing, move.body
    meeting = Meeting.objects.select_for_update(of=("self",)).filter(pk=body.meeting, region=item.region).first()
    if meeting is None or meeting.kind != "conference" or meeting.state != "called":
        raise errors.Invalid(_("There is no conference to come with this id."), code="meeting_unknown", field="meeting")
    came_from, item.state, item.meeting, item.length = item.state, target, meeting, body.minutes
    item.position = 1 + max(meeting.items.values_list("position", flat=True), default=0)
    changed = ["state", "meeting", "length", "position"]
    said = {"meeting": meeting.number}
    commit(item, "put_on", now=move.now, said=said, actor=move.actor, came_from=came_from, changed=changed)
    lead = move.case.lead_department if move.case else None
    if lead is not None:
        # 主办部门列席: who handles the matter has to be there.
        seat_departments(meeting, [lead])
        let_in(meeting, lead.id)


def _off(move: Move, target: str, name: str) -> None:
    item, reason = move.thing, move.body.reason
    came_from, item.state, item.meeting, item.verdict = item.state, target, None, reason
    changed = ["state", "meeting", "verdict"]
    said = {"reason": reason}
    commit(item, name, now=move.now, said=said, actor=move.actor, came_from=came_from, changed=changed)


def _take_off(move: Move, target: str) -> None:
    """Off the agenda before the meeting."""
    _off(move, target, "take_off")


def _put_off(move: Move, target: str) -> None:
    """缓议: to a later session, with the reason."""
    _off(move, target, "put_off")


def _review(move: Move, target: str) -> None:
    """复议: how far an earlier decision is; it stays open until it is written off."""
    item, text = move.thing, move.body.text
    came_from, item.state, item.verdict, item.ended_at = item.state, target, text, move.now
    changed = ["state", "verdict", "ended_at"]
    commit(item, "review", now=move.now, said={"text": text}, actor=move.actor, came_from=came_from, changed=changed)


def _decide(move: Move, target: str) -> None:
    """议定: one decision with owner, limit and measures; an item may bring several.

    Raises Invalid `due_past`, `due_beyond`, `department_unknown`, `owner_unknown`.
    """
    item, body, now = move.thing, move.body, move.now
    assert move.case is not None
    owner = department(item.region, body.owner, now, "owner")
    decision = Decision(
        case=move.case,
        region=item.region,
        item=item,
        meeting=item.meeting,
        number=f"{item.meeting.number}-{1 + Decision.objects.filter(meeting=item.meeting).count()}",
        subject=move.case.title,
        what=body.what,
        measures=list(body.measures),
        owner_department=owner,
        owner_person_id=person_there(item.region, owner, body.person, now),
        decided_at=now,
        rulebook_version=item.meeting.rulebook_version,
    )
    lights = [(light.id, light.at) for light in rulebooks.version(decision.rulebook_version).section(Lights).root]
    decision.due_at = expect(decision, DECISION, _limit(decision, body, now), now=now, lights=lights)
    decision.original_due_at = decision.due_at
    let_in(item.meeting, owner.id)
    came_from, item.state, item.ended_at = item.state, target, now
    said = {"decision": decision.number}
    changed = ["state", "ended_at"]
    commit(item, "decide", now=now, said=said, actor=move.actor, came_from=came_from, changed=changed)
    told = {"what": body.what, "owner": owner.name, "due_at": decision.due_at.isoformat()}
    commit(decision, "assigned", now=now, said=told, actor=move.actor, made=True)


def person_there(region: str, owner: Department, username: str | None, now: dt.datetime) -> uuid.UUID | None:
    """Return the id of the person named, who has to be head or liaison of the department now. Raises Invalid."""
    if not username:
        return None
    person = accounts.person_named(username)
    if person is None or person.id not in selectors.people_of(region, owner.id, now):
        message = _("%(name)s is not head or liaison of %(department)s at present.")
        facts = {"name": username, "department": owner.name}
        raise errors.Invalid(message % facts, code="owner_unknown", field="person")
    return person.id


def _limit(decision: Decision, body: Any, now: dt.datetime) -> Any:
    """Return the limit as asked for: a duration, or the close of business of a day. Raises Invalid."""
    calendar = workcalendar.calendar_for(decision.region)
    longest = calendar.add(now, rule(decision).decisions.max).at
    if body.within is not None:
        due, asked = calendar.add(now, body.within).at, body.within
    else:
        due = asked = body.due if isinstance(body.due, dt.datetime) else calendar.closing(body.due)
    if due <= now:
        raise errors.Invalid(_("The limit of a decision lies in the future."), code="due_past", field="due")
    if due > longest:
        message = _("A decision is carried out within %(limit)s at most.") % {"limit": rule(decision).decisions.max}
        raise errors.Invalid(message, code="due_beyond", field="due")
    return asked


STEPS = {
    "prepare": _prepare,
    "screen": _screen,
    "turn_down": _turn_down,
    "put_on": _put_on,
    "take_off": _take_off,
    "decide": _decide,
    "review": _review,
    "put_off": _put_off,
}
