"""Reactions of dispatch to facts of cases."""

from bihuan.casework.cases import events as told
from bihuan.foundation.kernel import events

from . import services


def register() -> None:
    """Subscribe to decisions, objections and rulings."""
    events.subscribe(told.CaseAccepted, on_acceptance)
    events.subscribe(told.CaseDispatched, on_dispatch)
    events.subscribe(told.CaseObjected, on_objection)
    events.subscribe(told.ObjectionRuled, on_ruling)


def on_acceptance(event: told.CaseAccepted) -> None:
    """Category, tier and board were decided."""
    services.note_acceptance(event=event)


def on_dispatch(event: told.CaseDispatched) -> None:
    """Lead and co-departments were decided."""
    services.note_dispatch(event=event)


def on_objection(event: told.CaseObjected) -> None:
    """A department says a matter is not its own."""
    services.note_objection(event=event)


def on_ruling(event: told.ObjectionRuled) -> None:
    """The centre ruled on an objection."""
    services.note_ruling(event=event)
    services.correct_lead(event=event)
