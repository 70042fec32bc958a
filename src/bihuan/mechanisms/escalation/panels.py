"""The section of upward escalation on the case page: both clocks, and the way up."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases import wording as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor

from . import selectors, wording

PANEL = "escalation/panel.html"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return what came from below and went up, and where it could go; None when there is nothing for this reader."""
    found = selectors.of_case(case=case, actor=actor, now=now)
    above = selectors.destination(case=case, actor=actor, now=now)
    if not found and above is None:
        return None
    rows = [(row, wording.STATES[row.thing.state], cases.STATES.get(row.thing.far_state, "")) for row in found]
    return {"rows": rows, "above": above, "number": case.number}


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="escalation", template=PANEL, fill=fill, place="side", order=20))
