"""What mechanisms add to a case as it is shown: sections of its page, and the proposal of what to do with it.

A mechanism registers a template and the function that fills it for a case and reader; and for the page of one
enterprise (一企一策) what it knows of it, as far as this reader may see it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bihuan.foundation.directory.models import Enterprise

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


@dataclass(frozen=True, kw_only=True)
class FirmEntry:
    """One line about an enterprise: when, what, how it stands; url: where it leads, if the reader may follow."""

    at: dt.datetime | dt.date | None
    what: str
    state: Any = ""
    note: Any = ""
    url: str = ""


Known = Callable[[Enterprise, Actor, dt.datetime], list[FirmEntry] | None]


@dataclass(frozen=True, kw_only=True)
class FirmSection:
    """One section of an enterprise's page. known: its newest lines for this reader; None: nothing for these eyes."""

    name: str
    title: Any
    known: Known
    order: int = 100


_firm: dict[str, FirmSection] = {}


def register_firm(section: FirmSection) -> None:
    """Add a section to the page of an enterprise. Raises ValueError when the name is taken by another section."""
    if _firm.setdefault(section.name, section) is not section:
        raise ValueError(f"the section {section.name} is registered twice")


def of_firm(*, firm: Enterprise, actor: Actor, now: dt.datetime) -> list[tuple[FirmSection, list[FirmEntry]]]:
    """Return the sections that this reader may see, in order; each context decides for itself."""
    chosen = sorted(_firm.values(), key=lambda section: (section.order, section.name))
    found = ((section, section.known(firm, actor, now)) for section in chosen)
    return [(section, entries) for section, entries in found if entries is not None]
