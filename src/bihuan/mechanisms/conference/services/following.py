"""What the product does by itself: finds candidates, lets them lapse, keeps the clocks, puts reviews on the agenda."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import events as told
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.rulebook import Lights
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices
from ..models import OPEN_DECISION_STATES, OPEN_ITEM_STATES, Decision, Item, Meeting
from ..rulebook import Conference
from ..states import ItemState
from .recording import commit, expect, rule

SCREENING, MINUTES, DECISION, VERIFY = "screening", "minutes", "decision", "verify_decision"


def propose(*, event: told.CaseEvent | told.ConsequenceFollowed) -> None:
    """Make a matter a candidate of the conference: by its light, by its tier, or because somebody took it up there."""
    rulebook = Case.objects.values_list("rulebook_version", flat=True).get(pk=event.case_id)
    wanted = rulebooks.version(rulebook).section(Conference).candidates
    if isinstance(event, told.ConsequenceFollowed):
        if event.consequence == "conference" and wanted.lights:
            _candidate(event.case_id, "light", event.light_name["zh"], by=None, now=event.at)
    elif isinstance(event, told.CaseEscalated):
        if event.data["to"] == "conference":
            _candidate(event.case_id, "proposal", event.data["reason"], by=event.actor_id, now=event.at)
    elif event.data["tier"] in wanted.tiers:
        _candidate(event.case_id, "tier", event.data["reason"], by=event.actor_id, now=event.at)


def _candidate(case_id: uuid.UUID, source: str, reason: str, *, by: uuid.UUID | None, now: dt.datetime) -> None:
    """Propose the case, unless it waits before the conference already: whoever comes second finds it there."""
    waiting = Item.objects.filter(case=case_id, forum="conference", state__in=OPEN_ITEM_STATES, follows=None)
    if waiting.exists():
        return
    case = Case.objects.defer("search").get(pk=case_id)
    item = Item(
        case=case,
        region=case.region,
        source=source,
        reason=reason,
        proposed_by=by,
        found_at=now,
        rulebook_version=case.rulebook_version,
    )
    expect(item, SCREENING, rule(item).screen_within, now=now)
    commit(item, "proposed", now=now, said={"source": source, "reason": reason}, made=True)


def follow(*, event: told.CaseEvent) -> None:
    """The matter ended: what waits for a meeting lapses; decisions made on it are carried out all the same."""
    waiting = Item.objects.select_for_update(of=("self",)).filter(
        case=event.case_id, state__in=OPEN_ITEM_STATES, follows=None
    )
    for item in waiting.order_by("id"):
        lapse(item, now=event.at)


def lapse(item: Item, *, now: dt.datetime) -> None:
    """Let an open item end without result."""
    deadlines.stop(subject=item.id, now=now, void=True)
    came_from, item.state, item.ended_at = item.state, ItemState.LAPSED.value, now
    commit(item, "lapse", now=now, said={}, came_from=came_from, changed=["state", "ended_at"])


def put_reviews_on(meeting: Meeting, *, now: dt.datetime) -> int:
    """Put what earlier conferences decided and nobody has written off yet on this one's agenda; return how many (J4).

    A decision that waits on another agenda already stays there.
    """
    which = rule(meeting).review
    if meeting.kind != "conference" or which == "none":
        return 0
    due = Decision.objects.filter(region=meeting.region, state__in=OPEN_DECISION_STATES, meeting__kind="conference")
    if which == "overdue":
        due = due.filter(due_at__lt=now)
    waiting = Item.objects.filter(state__in=OPEN_ITEM_STATES, follows__isnull=False).values("follows")
    last = meeting.items.count()
    made = list(due.exclude(meeting=meeting).exclude(pk__in=waiting).order_by("due_at", "id"))
    for place, decision in enumerate(made, start=last + 1):
        item = Item(
            case_id=decision.case_id,
            region=meeting.region,
            state=ItemState.ON_AGENDA.value,
            source="review",
            reason=_("Not written off yet: %(number)s") % {"number": decision.number},
            brief=decision.what,
            meeting=meeting,
            position=place,
            length=5,
            follows=decision,
            found_at=now,
            rulebook_version=meeting.rulebook_version,
        )
        said = {"meeting": meeting.number, "decision": decision.number}
        commit(item, "reviewed_next", now=now, said=said, made=True, quiet=True)
    return len(made)


def cross(event: ThresholdCrossed) -> None:
    """A clock of the conference reached a light; clocks of other subjects are not its business."""
    handler = {SCREENING: _unscreened, MINUTES: _unminuted, DECISION: _lit, VERIFY: _unverified}.get(event.kind)
    if handler is not None:
        handler(event)


def _unscreened(event: ThresholdCrossed) -> None:
    item = Item.objects.select_for_update(of=("self",)).filter(pk=event.subject, state="candidate").first()
    if item is not None:
        item.late_since = event.fire_at
        commit(item, "late", now=event.now, said={}, changed=["late_since"])


def _unminuted(event: ThresholdCrossed) -> None:
    meeting = Meeting.objects.select_for_update(of=("self",)).filter(pk=event.subject, state="held").first()
    if meeting is not None:
        meeting.late_since = event.fire_at
        commit(meeting, "late", now=event.now, said={}, changed=["late_since"])


def _lit(event: ThresholdCrossed) -> None:
    """A light of a decision: the owner is reminded; at the end its supervisors are told (督查室、纪委监委)."""
    decision = _open(event)
    if decision is None or event.position == 0:
        return
    if event.fire_at >= event.due_at:
        decision.late_since = decision.late_since or event.fire_at
        said = {"light": event.threshold, "what": decision.what}
        commit(decision, "late", now=event.now, said=said, changed=["late_since"])
        return
    lights = rulebooks.version(decision.rulebook_version).section(Lights).root
    name = next((light.name.in_both() for light in lights if light.id == event.threshold), event.threshold)
    said = {"light": event.threshold, "light_name": name}
    commit(decision, "light", now=event.now, said=said, quiet=event.superseded)


def _unverified(event: ThresholdCrossed) -> None:
    decision = _open(event)
    if decision is not None:
        notices.send("unverified", decision, data={}, now=event.now, but=None)


def _open(event: ThresholdCrossed) -> Any:
    rows = Decision.objects.select_for_update(of=("self",))
    return rows.filter(pk=event.subject, state__in=OPEN_DECISION_STATES).first()
