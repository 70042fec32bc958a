"""Reactions of dispatch to facts of cases."""

from bihuan.casework.cases import events as told
from bihuan.foundation.kernel import events

from . import services


def register() -> None:
    """Subscribe to objections and their rulings."""
    events.subscribe(told.CaseObjected, on_objection)
    events.subscribe(told.ObjectionRuled, on_ruling)


def on_objection(event: told.CaseObjected) -> None:
    """A department says a matter is not its own."""
    services.note_objection(event=event)


def on_ruling(event: told.ObjectionRuled) -> None:
    """The centre ruled on an objection."""
    services.note_ruling(event=event)
