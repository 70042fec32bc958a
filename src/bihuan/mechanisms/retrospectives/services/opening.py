"""How a retrospective begins: by the rulebook's conditions when a case closes, or because a person asks for it (R1)."""

import datetime as dt

from django.utils.translation import gettext as _

from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.cases.states import CaseState
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import needed_text

from .. import permissions
from ..models import Retrospective
from ..states import RetrospectiveState
from .measuring import measure
from .recording import commit, ground_names, rule

BY_HAND = "hand"
ANSWERED_FOR = frozenset({CaseState.CLOSED, CaseState.DECLINED})


def open_by_hand(*, number: str, text: str, actor: Actor, now: dt.datetime) -> Retrospective:
    """Ask for the retrospective of a case that no condition names; it begins at once, or when the case closes.

    Raises NotFound, Forbidden, Invalid (no reason), Conflict `retrospective_exists` (a case has one, ever) and
    `case_over` (merged or archived). Leaves one fact: `opened` or `awaited`.
    """
    with database.writing():
        with database.reading(actor.scope()):
            key = cases.find(number=number, actor=actor).pk
        case = Case.objects.select_for_update(of=("self",)).defer("search").get(pk=key)
        permissions.check_dissects(actor, case)
        found = Retrospective.objects.filter(case=case).first()
        if found is not None:
            raise errors.Conflict(
                _("This case has its retrospective already."), code="retrospective_exists", retrospective=str(found.id)
            )
        if CaseState(case.state) in (CaseState.MERGED, CaseState.ARCHIVED):
            raise errors.Conflict(_("The matter is merged or archived."), code="case_over", state=case.state)
        reason = needed_text({"text": text})
        return begin(case, [BY_HAND], now=now, text=reason, actor=actor)


def begin(
    case: Case, grounds: list[str], *, now: dt.datetime, text: str = "", actor: Actor = THE_SYSTEM
) -> Retrospective:
    """Make the retrospective of a case that has none: opened if the case was answered for, else awaited."""
    opened = CaseState(case.state) in ANSWERED_FOR
    retrospective = Retrospective(
        case=case,
        region=case.region,
        number=case.number,
        title=case.title,
        category=case.category,
        grounds=grounds,
        ground_text=text,
        unit_id=case.lead_department_id,
        rulebook_version=case.rulebook_version,
    )
    said = {"grounds": grounds, "ground_names": ground_names(retrospective, grounds), "text": text}
    if not opened:
        commit(retrospective, "awaited", now=now, said=said, actor=actor, made=True)
        return retrospective
    _start(retrospective, now)
    commit(retrospective, "opened", now=now, said=said, actor=actor, made=True, came_from=RetrospectiveState.AWAITED)
    retrospective.save(update_fields=measure(retrospective))
    return retrospective


def wake(retrospective: Retrospective, case: Case, grounds: list[str], *, now: dt.datetime) -> None:
    """Open a retrospective that waited for its case to close, or had ended with it before."""
    came_from, retrospective.ended_at = retrospective.state, None
    retrospective.grounds = list(dict.fromkeys([*retrospective.grounds, *grounds]))
    retrospective.unit_id, retrospective.category = case.lead_department_id, case.category
    names = ground_names(retrospective, retrospective.grounds)
    said = {"grounds": retrospective.grounds, "ground_names": names, "text": retrospective.ground_text}
    changed = ["grounds", "unit", "category", "state", "opened_at", "ended_at", *_start(retrospective, now)]
    changed += measure(retrospective)
    commit(retrospective, "opened", now=now, said=said, changed=changed, came_from=came_from)


def _start(retrospective: Retrospective, now: dt.datetime) -> list[str]:
    retrospective.state, retrospective.opened_at = RetrospectiveState.OPENED.value, now
    return deadlines.expect(retrospective, "retro_assign", rule(retrospective).limits.assign_within, now=now)
