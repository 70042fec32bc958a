"""What people do with a retrospective: one action, one fact."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors

from .. import permissions, selectors
from ..models import Retrospective
from ..states import RETROSPECTIVES, SYSTEM, RetrospectiveState
from . import dissecting, reporting
from .moving import Move

_STEPS: dict[str, Callable[[Move], None]] = {
    "assign": dissecting.assign,
    "invite": dissecting.invite,
    "advise": dissecting.advise,
    "state_unit": dissecting.state_unit,
    "find_cause": dissecting.find_cause,
    "presume": dissecting.presume,
    "dissect": dissecting.dissect,
    "rehearse": dissecting.rehearse,
    "propose_output": dissecting.propose_output,
    "strike": dissecting.strike,
    "let_stand": dissecting.let_stand,
    "draft": reporting.draft,
    "edit": reporting.edit,
    "submit": reporting.submit,
    "send_back": reporting.send_back,
    "approve": reporting.approve,
    "check": reporting.check,
}


def take(
    *, retrospective_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Retrospective:
    """Take one action of a person on a retrospective and return it as it then is.

    Raises NotFound (no such one, or not for these eyes), Forbidden (not this office, a department that handled the
    case, or `own_report`), Conflict `state_forbids`, `dissection_incomplete`, `cause_there`, `last_cause`,
    `report_stale`, Invalid.
    Leaves one fact and publishes RetrospectiveChanged; `approve` also RetrospectiveConcluded.
    """
    with database.writing():
        retrospective, case = _locked(retrospective_id, actor)
        transition = RETROSPECTIVES.find(action)
        if transition is None or SYSTEM in transition.roles:
            raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
        guest = selectors.guest_of(retrospective, actor) is not None
        permissions.check(actor, action, case, guest=guest)
        state = RetrospectiveState(retrospective.state)
        if state not in transition.sources:
            raise errors.Conflict(
                _("This is not possible in the present state."),
                code="state_forbids",
                state=state.value,
                allowed_actions=selectors.available_actions(retrospective, case, actor),
            )
        target = next(iter(transition.targets), state).value
        _STEPS[action](Move(retrospective=retrospective, case=case, actor=actor, now=now, body=body, target=target))
    return retrospective


def _locked(key: uuid.UUID, actor: Actor) -> tuple[Retrospective, Case]:
    case_id = selectors.find(key, actor).case_id
    case = Case.objects.select_for_update(of=("self",)).defer("search").get(pk=case_id)
    return Retrospective.objects.select_for_update(of=("self",)).select_related("unit").get(pk=key), case
