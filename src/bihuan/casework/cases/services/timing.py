"""What follows when a clock of a case reaches a threshold: a fact, notices, and what the rulebook names."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..models import Case
from ..permissions import THE_SYSTEM
from ..rulebook import Light, Lights
from ..rules import facts
from ..states import CaseState, Word
from . import clocks, handling, word
from .turn import Step, Turn, commit

_followed: ContextVar[Counter[str] | None] = ContextVar("bihuan_consequences", default=None)


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
    token = _followed.set(followed)
    try:
        done = deadlines.sweep(now=now)
    finally:
        _followed.reset(token)
    return Swept(fired=done.fired, failed=done.failed, by_light=done.by_light, consequences=followed)


def cross(event: ThresholdCrossed) -> None:
    """React to a threshold of one of a case's clocks; clocks of other subjects are not casework's business."""
    case = Case.objects.filter(id=event.subject).defer("search").select_for_update(of=("self",)).first()
    if case is None:
        return
    turn = Turn(case=case, actor=THE_SYSTEM, now=event.now, book=rulebooks.version(case.rulebook_version))
    if event.kind in (clocks.ACCEPTANCE, clocks.HANDLING):
        _light_up(turn, event)
    elif event.kind in _EXPIRY and (reaction := _EXPIRY[event.kind](turn)):
        _follow(f"{event.kind}_expired")
        step, kind = reaction
        before = facts.snapshot(case)
        step(turn, None)
        commit(turn, before=before, kind=kind, said={"clock": event.kind})


def _light_up(turn: Turn, event: ThresholdCrossed) -> None:
    """Record that the light changed, and what the rulebook says follows. The first light is lit from the start."""
    if event.position == 0:
        return
    light = _light(turn, event.light)
    if light is None:
        return
    consequences = [] if event.superseded else list(light.consequences)
    said: dict[str, Any] = {
        "light": light.id,
        "light_name": light.name.in_language(get_language() or "zh-hans"),
        "clock": event.kind,
        "consequences": consequences,
        "crossed_at": facts.to_plain(event.fire_at),
    }
    for consequence in consequences:
        _follow(consequence)
    commit(turn, before=facts.snapshot(turn.case), kind="case.light_changed", said=said)


def _light(turn: Turn, light_id: str) -> Light | None:
    return next((light for light in turn.rule(Lights).root if light.id == light_id), None)


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


def _follow(name: str) -> None:
    counter = _followed.get()
    if counter is not None:
        counter[name] += 1
