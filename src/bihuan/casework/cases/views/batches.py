"""One action on many cases, each in a transaction of its own, so that one refusal stops none of the others."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel import database, errors

from .. import selectors, services, wording
from ..forms import ActionForm
from ..models import Case
from ..permissions import Actor
from ..states import MACHINE, CaseState

ACTIONS: Mapping[str, str] = {"remind": "bell-ringing", "dispatch": "send", "merge": "git-merge"}
"""Action → its icon in the bar."""
LABELS: Mapping[str, Any] = {**wording.ACTIONS, "dispatch": _("Dispatch or reassign")}
"""What the bar says. Reassigning is dispatching what waits for it, and upholding what was objected to."""
MOST = 200
"""Cases in one go: what a person can answer for."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one case: done, or why not."""

    number: str
    ok: bool
    why: str = ""


def offered(roles: Iterable[str]) -> list[str]:
    """Return the actions that somebody with these roles may try on many cases."""
    held = frozenset(roles)
    rows = {row.action: row for row in MACHINE.transitions}
    return [action for action in ACTIONS if rows[action].roles & held]


def form(action: str, *, region: str, language: str, data: Any = None) -> ActionForm:
    """Return the one form for all of them; every choice in it is the region's."""
    return ActionForm(data, action=action, case=Case(region=region), language=language, auto_id=f"batch-{action}-%s")


def take(
    *, numbers: Sequence[str], action: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> list[Result]:
    """Take `action` on each case, in the order given. Raises Invalid for none or too many."""
    wanted = list(dict.fromkeys(numbers))
    if not wanted or len(wanted) > MOST:
        raise errors.Invalid(f"1–{MOST}", code="batch_size", field="case")
    return [_one(number, action=action, body=body, actor=actor, now=now) for number in wanted]


def _objected(number: str, actor: Actor) -> bool:
    """Tell whether giving the case to a department means to uphold an objection against the one that has it."""
    with database.reading(actor.scope()):
        return selectors.find(number=number, actor=actor).state == CaseState.OBJECTED


def _one(number: str, *, action: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Result:
    try:
        if action == "dispatch" and _objected(number, actor):
            action, body = "rule_objection", {"upheld": True, "lead": body.get("lead", "")}
        services.take(number=number, action=action, actor=actor, now=now, body=body)
    except errors.Problem as problem:
        return Result(number=number, ok=False, why=str(problem.detail))
    return Result(number=number, ok=True)
