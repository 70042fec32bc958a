"""What mechanisms add to a case as it is shown: sections of its page, and the proposal of what to do with it.

A mechanism registers a template and the function that fills it for a case and reader.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .models import Case
from .permissions import Actor

Fill = Callable[[Case, Actor, dt.datetime], dict[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One section: `place` is `main` or `side`, `order` sorts in it; `fill` returns the context, None leaves it out."""

    name: str
    template: str
    fill: Fill
    place: str = "main"
    order: int = 100


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Add a section to the case page. Raises ValueError when the name is taken by another panel."""
    if _panels.setdefault(panel.name, panel) is not panel:
        raise ValueError(f"the panel {panel.name} is registered twice")


_proposers: list[Fill] = []


def register_proposer(propose: Fill) -> None:
    """Ask `propose(case, actor, now)` for the proposal of a case: a dictionary ready for JSON, or None."""
    if propose not in _proposers:
        _proposers.append(propose)


def proposal(*, case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the first proposal for the case that this actor may see, or None. Call inside `reading`."""
    return next((found for propose in _proposers if (found := propose(case, actor, now)) is not None), None)


def filled(*, case: Case, actor: Actor, now: dt.datetime, place: str) -> list[tuple[Panel, dict[str, Any]]]:
    """Return the panels of a place with their contexts, in order."""
    chosen = sorted(
        (panel for panel in _panels.values() if panel.place == place), key=lambda panel: (panel.order, panel.name)
    )
    return [(panel, context) for panel in chosen if (context := panel.fill(case, actor, now)) is not None]
