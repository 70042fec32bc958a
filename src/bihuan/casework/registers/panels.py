"""The section of the registers on the case page."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor

from . import permissions, selectors, wording


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return what this case led to, and what others of its kind taught; None when there is nothing for this reader.

    may_write: the reader may enter the closed case into the library, where it is not yet.
    """
    found = selectors.linked_to(case=case, actor=actor)
    beside = selectors.lessons_beside(case=case, actor=actor)
    mine, may_write = None, False
    if selectors.is_over(case) and permissions.is_staff(actor):
        mine = selectors.lesson_of(case=case, actor=actor)
        may_write = mine is None and permissions.writes_lessons(actor, case)
    if not (found or beside or mine or may_write):
        return None
    institutions = [(one, wording.STATES[one.state]) for one in found]
    return {
        "institutions": institutions,
        "lessons": beside,
        "mine": mine,
        "may_write": may_write,
        "number": case.number,
    }


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="registers", template="registers/panel.html", fill=fill, place="side", order=60))
