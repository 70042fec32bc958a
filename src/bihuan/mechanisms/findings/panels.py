"""The section of findings on the case page."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor

from . import permissions, selectors, wording

PANEL = "findings/panel.html"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the findings that belong to the case, or None when there are none for this reader."""
    if not permissions.watches(actor):
        return None
    found = [(row, wording.STATES[row.thing.state]) for row in selectors.of_case(case=case, actor=actor, now=now)]
    return {"rows": found} if found else None


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="findings", template=PANEL, fill=fill, place="side", order=37))
