"""The section of refusals on the case page."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor

from . import selectors, wording

PANEL = "refusals/panel.html"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the reviews of the case, or None when there are none for this reader."""
    found = [
        (row, wording.STATES[row.refusal.state], wording.OUTCOMES.get(row.refusal.outcome, ""))
        for row in selectors.of_case(case=case, actor=actor, now=now)
    ]
    return {"rows": found} if found else None


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="refusals", template=PANEL, fill=fill, place="side", order=40))
