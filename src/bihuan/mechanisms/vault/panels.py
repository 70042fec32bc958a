"""On the case page: the way by which staff hand over what a case shows. What became of it is not shown anywhere."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor

from . import permissions


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return what the section needs, or None for readers who may not hand anything over."""
    return {"number": case.number} if permissions.may_give_case(actor, case) else None


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="vault", template="vault/panel.html", fill=fill, place="side", order=90))
