"""The section of tracking on the case page."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor

from . import permissions, selectors

PANEL = "tracking/panel.html"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the newest track of the case, or the offer to open one, or None when there is nothing to show."""
    found = selectors.of_case(case=case, actor=actor, now=now)
    may_open = (found is None or found.track.ended_at is not None) and permissions.can_open(actor, case)
    if found is None and not (may_open and case.state not in ("closed", "declined", "merged", "archived")):
        return None
    return {"case": case, "found": found, "may_open": may_open}


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="tracking", template=PANEL, fill=fill, place="side", order=40))
