"""What follows when a clock of a case reaches a threshold: a fact, notices, and what the rulebook names."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ClockRecalculated, ThresholdCrossed
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.kernel import clock
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices
from ..permissions import THE_SYSTEM
from ..rulebook import Lights, Suspension
from ..rules import facts
from ..states import CaseState, Word
from . import clocks, handling, lighting, word
from .turn import Step, Turn, commit, lock_by_id


@dataclass
class Swept:
    """What a sweep did: timers fired, by light, and consequences that followed, each by name."""

    fired: int = 0
    failed: int = 0
    by_light: Counter[str] = field(default_factory=Counter)
    consequences: Counter[str] = field(default_factory=Counter)


def sweep(*, now: dt.datetime) -> Swept:
    """Fire everything that is due, once, with its consequences. Safe with any number of workers."""
    followed: Counter[str] = Counter()
    with lighting.counting(followed), structlog.contextvars.bound_contextvars(number=None):
        done = deadlines.sweep(now=now)
    return Swept(fired=done.fired, failed=done.failed, by_light=done.by_light, consequences=followed)


def cross(event: ThresholdCrossed) -> None:
    """React to a threshold of one of a case's clocks; clocks of other subjects are not casework's business."""
    case = lock_by_id(event.subject)
    if case is None:
        return
    structlog.contextvars.bind_contextvars(number=case.number)
    turn = Turn(case=case, actor=THE_SYSTEM, now=event.now, book=rulebooks.version(case.rulebook_version))
    if event.kind in (clocks.ACCEPTANCE, clocks.HANDLING):
        _light_up(turn, event)
    elif event.kind == clocks.SUSPENSION_REVIEW:
        _review(turn, event)
    elif event.kind in _EXPIRY:
        reaction = _EXPIRY[event.kind](turn)
        if reaction is None:
            return
        lighting.follow(f"{event.kind}_expired")
        step, kind = reaction
        before = facts.snapshot(case)
        with deadlines.together(subject=case.id):
            step(turn, None)
        commit(turn, before=before, kind=kind, said={"clock": event.kind})
    elif event.kind in notices.ABOVE:
        _missed(turn, event)


def follow_calendar(event: ClockRecalculated) -> None:
    """Bring the case row in line with a main clock that a changed calendar moved; the original limit moves with it
    while it was provisional.
    """
    case = lock_by_id(event.subject)
    if case is None or event.kind not in (clocks.ACCEPTANCE, clocks.HANDLING):
        return
    turn = Turn(case=case, actor=THE_SYSTEM, now=clock.now(), book=rulebooks.version(case.rulebook_version))
    before = facts.snapshot(case)
    moved = Clock.objects.get(pk=event.clock_id)
    clocks.mirror(case, moved, turn.now)
    if event.was_provisional and moved.cycle == 1:
        case.original_due_at = moved.original_due_at
    if facts.changes(before, case):
        said = {"was_due": facts.to_plain(event.was_due_at), "due": facts.to_plain(event.due_at), "clock": event.kind}
        commit(turn, before=before, kind="case.deadline_recalculated", said=said)


def _light_up(turn: Turn, event: ThresholdCrossed) -> None:
    """Record that the light changed, and let follow what the rulebook says. The first light is lit from the start.

    When the sweep comes late and a later light is due as well, the earlier one is recorded, but only the later one's
    notices go out: each crossed threshold counts once, nobody is flooded.
    """
    light = next((light for light in turn.rule(Lights).root if light.id == event.threshold), None)
    if event.position == 0 or light is None:
        return
    before = facts.snapshot(turn.case)
    said = lighting.words_of(light, event.kind) | {"crossed_at": facts.to_plain(event.fire_at)}
    lighting.take_effect(turn, light, said, silent=event.superseded, fire_at=event.fire_at)
    commit(turn, before=before, kind="case.light_changed", said=said)


def _missed(turn: Turn, event: ThresholdCrossed) -> None:
    """A clock beside the main one ran out: whoever stands above its holder is told, and it is on record."""
    said: dict[str, Any] = {"clock": event.kind, "crossed_at": facts.to_plain(event.fire_at)}
    lighting.follow(f"{event.kind}_overdue")
    holder = event.holder_department
    if not notices.missed(turn.case, event.kind, holder=holder, now=event.now, fire_at=event.fire_at):
        said["unreceived"] = [event.kind]
    commit(turn, before=facts.snapshot(turn.case), kind="case.deadline_missed", said=said)


def _review(turn: Turn, event: ThresholdCrossed) -> None:
    """复核: nobody reviewed a suspension in time; told, and expected anew, so that it alarms again."""
    if turn.case.state != CaseState.SUSPENDED:
        return
    with deadlines.together(subject=turn.case.id):
        clocks.stop(turn, clocks.SUSPENSION_REVIEW)
        clocks.start(turn, clocks.SUSPENSION_REVIEW, turn.rule(Suspension).review_every)
    _missed(turn, event)


def _silence(turn: Turn) -> tuple[Step, str] | None:
    spoken = turn.case.word != Word.PENDING or turn.case.state != CaseState.CLOSED
    return None if spoken else (word.no_response, "case.no_response")


def _suspension_over(turn: Turn) -> tuple[Step, str] | None:
    return (handling.resume, "case.resumed") if turn.case.state == CaseState.SUSPENDED else None


_EXPIRY: dict[str, Callable[[Turn], tuple[Step, str] | None]] = {
    "word": _silence,
    handling.SUSPENSION: _suspension_over,
}
"""Clock → what the product itself does when it runs out."""
