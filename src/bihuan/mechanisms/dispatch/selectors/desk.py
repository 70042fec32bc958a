"""The queue of the triage desk: new matters with what is proposed for them, the oldest first."""

import datetime as dt
import uuid
from dataclasses import dataclass

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, can, visible
from bihuan.casework.cases.states import CaseState
from bihuan.foundation.kernel import database, errors

from ..models import Proposal
from . import proposing

PAGE = 30


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A new matter with its proposal. complete: one keystroke is enough; dispatches: the actor may name the lead."""

    case: Case
    proposal: Proposal | None
    dispatches: bool

    @property
    def complete(self) -> bool:
        """Whether everything is proposed that accepting (and dispatching, for who may) needs."""
        needed = {"tier", "board", "lead"} if self.dispatches else {"tier", "board"}
        return self.proposal is not None and needed <= self.proposal.parts.keys()


def queue(
    *, actor: Actor, now: dt.datetime, after: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Waiting], uuid.UUID | None]:
    """Return matters that the actor may accept or dispatch, urgent and oldest first, and the id to continue after."""
    with database.reading(actor.scope()):
        rows = Case.objects.filter(visible(actor), state__in=(CaseState.SUBMITTED, CaseState.ACCEPTED))
        if after is not None:
            rows = rows.filter(id__gt=after)
        # Ids are time-ordered (UUIDv7), so the order is that of raising.
        found = list(rows.defer("search").select_related("enterprise").order_by("id")[: limit + 1])
        shown = [case for case in found[:limit] if can(actor, _next(case), case)]
        proposed = proposing.of_cases(cases=shown, now=now)
    rows_ = [
        Waiting(case=case, proposal=proposed.get(case.id), dispatches=can(actor, "dispatch", case)) for case in shown
    ]
    return rows_, found[limit - 1].id if len(found) > limit else None


def _next(case: Case) -> str:
    return "accept" if case.state == CaseState.SUBMITTED else "dispatch"


def one(*, number: str, actor: Actor, now: dt.datetime) -> Waiting:
    """Return one new matter with its proposal. Raises NotFound when it is not there for these eyes, or decided on."""
    with database.reading(actor.scope()):
        states = (CaseState.SUBMITTED, CaseState.ACCEPTED)
        rows = Case.objects.filter(visible(actor), number=number, state__in=states)
        case = rows.defer("search").select_related("enterprise").first()
        if case is None or not can(actor, _next(case), case):
            raise errors.NotFound(code="case_not_found")
        proposal = proposing.of_case(case=case, now=now)
    return Waiting(case=case, proposal=proposal, dispatches=can(actor, "dispatch", case))
