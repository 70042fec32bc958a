"""Reactions of findings: to visits, letters, cases, the receipt of a clue, and their own clocks."""

from bihuan.casework.cases import events as told
from bihuan.casework.cases.events import between
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS

FOLLOWED: tuple[type[told.CaseEvent], ...] = (
    told.CaseClosed,
    told.CaseReopened,
    told.CaseOverturned,
    told.CaseWithdrawn,
    told.CaseMerged,
    told.CaseDeclined,
)
"""Facts of a case after which a finding may have to follow."""


def register() -> None:
    """Subscribe, and make notices and events known."""
    notices.register()
    registry.register_event_types(*(name for name in WORDINGS if name != "findings.hand_over"))
    events.subscribe(between.VisitFound, on_visit)
    events.subscribe(between.LetterMoved, on_letter)
    events.subscribe(between.ClueReceived, on_receipt)
    for event_type in FOLLOWED:
        events.subscribe(event_type, on_case)
    events.subscribe(ThresholdCrossed, services.cross)


def on_visit(event: between.VisitFound) -> None:
    """Visitors found something: it becomes a problem on the list."""
    services.note_visit(event=event)


def on_letter(event: between.LetterMoved) -> None:
    """A letter that was wanted elsewhere moved: perhaps for a finding."""
    services.follow_letter(event=event)


def on_receipt(event: between.ClueReceived) -> None:
    """The vault took a clue in."""
    services.keep_receipt(event=event)


def on_case(event: told.CaseEvent) -> None:
    """A case ended or began anew: perhaps one that a finding follows."""
    services.follow_case(event=event)
