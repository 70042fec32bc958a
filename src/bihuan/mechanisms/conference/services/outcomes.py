"""What people do with a decision: report, send back, verify and write off, give time, hand over."""

from django.utils.translation import gettext as _

from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.workdays import Duration, Unit
from bihuan.foundation.workcalendar import selectors as workcalendar

from ..models import OPEN_DECISION_STATES, OPEN_ITEM_STATES, Decision, Item, Meeting
from .agenda import bring_down, person_there
from .calling import let_in
from .following import DECISION, VERIFY, lapse
from .recording import Move, commit, department, expect, rule

HOLD = "verification"
"""Why the clock of a decision stands while its report is verified."""


def _report(move: Move, target: str) -> None:
    """The owner reports; its time stands until the report is verified or comes back."""
    decision, text = move.thing, move.body.text
    deadlines.pause(subject=decision.id, now=move.now, kinds=[DECISION], hold=HOLD)
    expect(decision, VERIFY, rule(decision).decisions.verify_within, now=move.now)
    came_from, decision.state, decision.report, decision.reported_at = decision.state, target, text, move.now
    changed = ["state", "report", "reported_at"]
    said = {"text": text}
    commit(decision, "report", now=move.now, said=said, actor=move.actor, came_from=came_from, changed=changed)


def _send_back(move: Move, target: str) -> None:
    """The report does not hold: the time runs on."""
    decision, text = move.thing, move.body.text
    deadlines.stop(subject=decision.id, now=move.now, kinds=[VERIFY])
    for clock in deadlines.resume(subject=decision.id, now=move.now, kinds=[DECISION], hold=HOLD):
        decision.due_at = clock.due_at
    came_from, decision.state = decision.state, target
    decision.sent_back += 1
    changed = ["state", "sent_back", "due_at"]
    said = {"text": text}
    commit(decision, "send_back", now=move.now, said=said, actor=move.actor, came_from=came_from, changed=changed)


def _write_off(move: Move, target: str) -> None:
    """销号: verified by somebody who does not answer for it. With the last decision the matter comes back down."""
    decision, text, now = move.thing, move.body.text, move.now
    deadlines.stop(subject=decision.id, now=now)
    came_from, decision.state, decision.outcome = decision.state, target, text
    decision.ended_at, decision.verified_by = now, move.person
    changed = ["state", "outcome", "ended_at", "verified_by"]
    said = {"text": text}
    commit(decision, "write_off", now=now, said=said, actor=move.actor, came_from=came_from, changed=changed)
    for item in Item.objects.filter(follows=decision, state__in=OPEN_ITEM_STATES).order_by("id"):
        lapse(item, now=now)
    assert move.case is not None
    running = Decision.objects.filter(case=move.case, state__in=OPEN_DECISION_STATES)
    waiting = Item.objects.filter(case=move.case, state__in=OPEN_ITEM_STATES)
    if not running.exists() and not waiting.exists():
        words = _("What the conference decided was carried out and written off: %(text)s") % {"text": text}
        bring_down(move.case, words, now=now)


def _give_time(move: Move, target: str) -> None:
    """More time, by the leader, within the longest the rulebook allows. Raises Conflict `due_beyond`."""
    decision, body = move.thing, move.body
    calendar = workcalendar.calendar_for(decision.region)
    more = Duration(body.days, Unit.WORKING_DAY)
    if calendar.add(decision.due_at, more).at > calendar.add(decision.decided_at, rule(decision).decisions.max).at:
        message = _("A decision is carried out within %(limit)s at most.") % {"limit": rule(decision).decisions.max}
        raise errors.Conflict(message, code="due_beyond")
    clock = deadlines.extend(subject=decision.id, kind=DECISION, by=more, now=move.now, late=True)
    decision.due_at = clock.due_at
    decision.late_since = decision.late_since if clock.due_at <= move.now else None
    said = {"days": body.days, "reason": body.reason, "due_at": clock.due_at.isoformat()}
    commit(decision, "give_time", now=move.now, said=said, actor=move.actor, changed=["due_at", "late_since"])


def _hand_over(move: Move, target: str) -> None:
    """Somebody else answers for it from now on; the limit stays."""
    decision, body = move.thing, move.body
    owner = department(decision.region, body.owner, move.now, "owner")
    decision.owner_department = owner
    decision.owner_person_id = person_there(decision.region, owner, body.person, move.now)
    let_in(Meeting.objects.select_for_update(of=("self",)).get(pk=decision.meeting_id), owner.id)
    deadlines.hand_over(subject=decision.id, kind=DECISION, holder_department=owner.id)
    said = {"owner": owner.name, "reason": body.reason}
    changed = ["owner_department", "owner_person_id"]
    commit(decision, "hand_over", now=move.now, said=said, actor=move.actor, changed=changed)


STEPS = {
    "report": _report,
    "send_back": _send_back,
    "write_off": _write_off,
    "give_time": _give_time,
    "hand_over": _hand_over,
}
