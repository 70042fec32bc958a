"""Sections of the case page: a mechanism registers a template and the function that fills it for a case and reader."""

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


def filled(*, case: Case, actor: Actor, now: dt.datetime, place: str) -> list[tuple[Panel, dict[str, Any]]]:
    """Return the panels of a place with their contexts, in order."""
    chosen = sorted(
        (panel for panel in _panels.values() if panel.place == place), key=lambda panel: (panel.order, panel.name)
    )
    return [(panel, context) for panel in chosen if (context := panel.fill(case, actor, now)) is not None]
