"""The section of the retrospective on the case page: for the administration, never for the raiser."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import NAMES, Role

from . import selectors, wording
from .models import BLOCKING
from .states import RETROSPECTIVES, RetrospectiveState

PANEL = "retrospectives/panel.html"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the retrospective of the case, or that one may be opened; None where the reader has to do with neither."""
    found = selectors.of_case(case=case, actor=actor, now=now)
    if found is not None:
        state = found.retrospective.state
        owner = RETROSPECTIVES.owners[RetrospectiveState(state)]
        return {
            "row": found,
            "state": wording.STATES[state],
            "owner": NAMES[Role(owner)] if owner else "",
            "blocks": state in BLOCKING,
        }
    return {"number": case.number} if selectors.may_open(case=case, actor=actor) else None


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="retrospectives", template=PANEL, fill=fill, place="side", order=50))
