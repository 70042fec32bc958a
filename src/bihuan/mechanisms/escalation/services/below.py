"""下级: what follows below when a case is sent up, goes on, or ends, and when the answer is late."""

from typing import Any

from bihuan.casework.cases import events as told
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.notifications import rules as notices
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import guards, permissions
from ..models import RUNNING_STATES, Escalation
from ..rulebook import Escalation as Rule
from ..states import EscalationState
from . import carrying
from .posting import post
from .recording import commit

CLOCK = "escalation_reply"
ENDINGS = (told.CaseClosed, told.CaseWithdrawn, told.CaseMerged, told.CaseCameDown)
WORDS = (told.ResultConfirmed, told.ResultDenied)


def begin(*, event: told.CaseEscalated) -> None:
    """A case was sent to a region above: put the matter on its way, in the transaction of the action.

    Raises Forbidden unless the rulebook lets this person send matters up.
    """
    to = event.data["to"]
    if not to.isdigit():
        return
    case = Case.objects.select_related("enterprise").defer("search").get(pk=event.case_id)
    assert event.actor_id is not None
    actor = Actor(reader=accounts.reader_of(event.actor_id))
    permissions.check_send(actor, case)
    book = rulebooks.version(case.rulebook_version).section(Rule)
    one = Escalation(
        id=uuid7(),
        case=case,
        region=case.region,
        peer=guards.peer_for(to),
        to_region=to,
        reason=event.data["reason"],
        sent_at=event.at,
        rulebook_version=case.rulebook_version,
    )
    clock = deadlines.start(
        subject=one.id,
        region=one.region,
        kind=CLOCK,
        allotment=book.reply_within,
        lights=(("due", 1),),
        now=event.at,
        rulebook_version=str(one.rulebook_version),
    )
    one.reply_due_at = clock.due_at
    commit(one, case, "sent", now=event.at, said={"to": to, "text": one.reason}, actor=actor, made=True)
    post(one, case, "send", now=event.at, **_matter(one, case))
    carrying.send_up_files(one, now=event.at)


def _matter(one: Escalation, case: Case) -> dict[str, Any]:
    """Return what goes up: the matter and whose it is, with telephone and identity numbers in texts masked."""
    firm = case.enterprise
    return {
        "title": notices.mask(case.title),
        "description": notices.mask(case.description),
        "category": case.category,
        "place": case.place,
        "urgent": case.urgent,
        "enterprise": {"name": firm.name, "uscc": firm.uscc} if firm else {"name": "", "uscc": ""},
        "reason": one.reason,
        "reply_due_at": one.reply_due_at.isoformat() if one.reply_due_at else None,
    }


def go_on(*, event: told.CaseEvent) -> None:
    """A case went on below: tell the level above how it stands; if it ended or came down, take the matter back."""
    running = Escalation.objects.select_for_update(of=("self",)).filter(case_id=event.case_id)
    if isinstance(event, WORDS):
        one = running.filter(state=EscalationState.ANSWERED).order_by("-id").first()
    else:
        one = running.filter(state__in=RUNNING_STATES).first()
    if one is None:
        return
    case = Case.objects.defer("search").get(pk=event.case_id)
    if isinstance(event, WORDS):
        done = isinstance(event, told.ResultConfirmed)
        post(one, case, "word", now=event.at, done=done, text=event.data.get("reason", ""))
    elif isinstance(event, ENDINGS):
        _lapse(one, case, event)
    else:
        post(one, case, "state", now=event.at)


def _lapse(one: Escalation, case: Case, event: told.CaseEvent) -> None:
    now, text = event.at, str(event.data.get("reason") or case.reply_text)
    deadlines.stop(subject=one.id, now=now, void=True)
    came_from, one.state = one.state, EscalationState.WITHDRAWN.value
    one.ended_at, one.reply_due_at = now, None
    changed = ["state", "ended_at", "reply_due_at"]
    commit(one, case, "lapse", now=now, said={}, came_from=came_from, changed=changed)
    post(one, case, "withdraw", now=now, text=text)


def cross(event: ThresholdCrossed) -> None:
    """The level above did not answer in time: on record, and told; other clocks are not this mechanism's business."""
    if event.kind != CLOCK:
        return
    one = Escalation.objects.select_for_update(of=("self",)).filter(pk=event.subject, state__in=RUNNING_STATES).first()
    if one is None:
        return
    case = Case.objects.defer("search").get(pk=one.case_id)
    one.late_since = event.fire_at
    commit(one, case, "late", now=event.now, said={"due_at": event.due_at.isoformat()}, changed=["late_since"])
