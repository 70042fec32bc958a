"""The section of simulated accountability on the case page: early signs, inquiries, and the way to apply."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor

from . import permissions, selectors, wording
from .models import OPEN_STATES

PANEL = "accountability/panel.html"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return what of it the reader may see, or None when there is nothing for this reader."""
    if actor.reader is None or not actor.reader.roles & set(permissions.READERS):
        return None
    rows = [(row, wording.STATES[row.inquiry.state]) for row in selectors.of_case(case=case, actor=actor, now=now)]
    signs = [(one, wording.SIGNS[one.kind]) for one in selectors.signs_of(case=case, actor=actor)]
    running = any(row.inquiry.state in OPEN_STATES for row, _state in rows)
    apply = permissions.can_apply(actor, case) and not running and case.state != "merged"
    if not rows and not signs and not apply:
        return None
    return {"rows": rows, "signs": signs, "apply": apply, "number": case.number}


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="accountability", template=PANEL, fill=fill, place="side", order=45))
