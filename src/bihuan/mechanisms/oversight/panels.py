"""The section of oversight on the case page."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor

from . import selectors, wording
from .models import Order

PANEL = "oversight/panel.html"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the orders and lists of the case, or None when there are none for this reader."""
    found = selectors.of_case(case=case, actor=actor, now=now)
    orders = [(row, wording.STATES[row.thing.state]) for row in found if isinstance(row.thing, Order)]
    lists = [wording.LISTS[row.thing.kind] for row in found if not isinstance(row.thing, Order)]
    return {"orders": orders, "lists": lists} if found else None


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="oversight", template=PANEL, fill=fill, place="side", order=30))
