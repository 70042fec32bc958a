"""The section of evaluation on the case page, for those who hear; the rated side gets none.

And what contexts above put beside a bad mark: links to what they made of it.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor

from . import selectors, wording

PANEL = "evaluation/panel.html"
Beside = Callable[[uuid.UUID, Actor], list[tuple[Any, str]]]
_beside: list[Beside] = []


def register_beside(links: Beside) -> None:
    """Ask `links(mark, actor)` for (words, address) to show on the page of a bad mark to whoever hears."""
    if links not in _beside:
        _beside.append(links)


def beside(mark_id: uuid.UUID, actor: Actor) -> list[tuple[Any, str]]:
    """Return the links that others put beside a bad mark for this reader."""
    return [link for links in _beside for link in links(mark_id, actor)]


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the bad marks and callbacks of the case, or None when there are none for this reader."""
    marks, calls = selectors.of_case(case=case, actor=actor, now=now)
    if not marks and not calls:
        return None
    return {
        "marks": [(one, wording.MARKS[one.state]) for one in marks],
        "calls": [(one, wording.CALLS[one.call.state]) for one in calls],
    }


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="evaluation", template=PANEL, fill=fill, place="side", order=20))
