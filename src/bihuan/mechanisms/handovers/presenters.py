"""What pages of double hand-overs show."""

from typing import Any

from django.utils.translation import gettext as _

from bihuan.foundation.accounts import presenters as timelines

from . import wording
from .selectors import Seen, Side


def _holder(side: Side) -> str:
    return side.account.department.name if side.account.department else _("Discipline inspection")


def row(found: Seen) -> tuple[Seen, list[tuple[Any, str, Any, Side]]]:
    """Return a row of the register: the hand-over, and of each side its name, who holds it, and where it stands."""
    return found, [
        (wording.SIDES[one.account.side], _holder(one), wording.STATES[one.account.state], one) for one in found.sides
    ]


def sheet(found: Seen, trace: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the page of one hand-over shows."""
    sides = [
        {
            "side": one,
            "account": one.account,
            "name": wording.SIDES[one.account.side],
            "holder": _holder(one),
            "state": wording.STATES[one.account.state],
            "actions": [(name, *wording.ACTIONS[name]) for name in one.available_actions],
        }
        for one in found.sides
    ]
    return {
        "found": found,
        "handover": found.handover,
        "sides": sides,
        "entries": timelines.entries(trace, note=lambda fact: str(wording.SIDES[fact["data"]["side"]])),
    }
