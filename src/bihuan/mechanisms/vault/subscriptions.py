"""Reactions of the vault: to what was found elsewhere and is for it alone."""

from bihuan.casework.cases.events.between import ClueFound
from bihuan.foundation.kernel import events

from . import services


def register() -> None:
    """Subscribe to what is handed over."""
    events.subscribe(ClueFound, on_clue)


def on_clue(event: ClueFound) -> None:
    """Something found elsewhere is a clue: take it in."""
    services.take_in(event=event)
