"""Leaving a matter out of a figure, and ending that: one person proposes with a reason, another decides; all shown."""

import datetime as dt
import functools
import uuid
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import clean_line
from bihuan.foundation.ledger import services as ledger
from bihuan.mechanisms.evaluation import selectors as evaluation

from .. import notices, permissions
from ..models import Exclusion
from ..rules.counting import RATINGS, Index
from ..states import EXCLUSION, OVER, SYSTEM, ExclusionState
from .tallying import recount


def reason_of(text: Any, *, field: str = "reason") -> str:
    """Return a reason as one line. Raises Invalid (`reason_missing`)."""
    reason = clean_line(str(text or ""))[:400]
    if not reason:
        raise errors.Invalid(_("Please give a reason."), code="reason_missing", field=field)
    return reason


def propose_exclusion(*, number: str, index: str, reason: str, actor: Actor, now: dt.datetime) -> Exclusion:
    """Propose to leave a matter out of an index (empty: of all), and tell those who decide.

    Raises NotFound, Forbidden, Invalid (`index_unknown`, `reason_missing`), Conflict (`excluded_already`).
    """
    if index and index not in set(Index):
        raise errors.Invalid(_("There is no such index."), code="index_unknown", field="index")
    why = reason_of(reason)
    with database.writing():
        case = _lock(Case.objects.filter(visible(actor), number=number))
        permissions.check_propose(actor, case)
        if index in RATINGS and permissions.is_rated(actor):
            # To name a rated matter one would have to know that it was rated.
            raise errors.Forbidden(_("Who rated what is not shown to those who are rated."), code="ratings_withheld")
        if Exclusion.objects.filter(case=case, index=index).exclude(state__in=OVER).exists():
            raise errors.Conflict(_("This has been proposed already."), code="excluded_already")
        person = actor.person_id
        assert person is not None, "staff actions are taken by a person"
        made = Exclusion(case=case, region=case.region, index=index, reason=why, proposed_by=person, proposed_at=now)
        _record(made, "proposed", person, now, why, case.number)
        notices.proposed(number=case.number, region=case.region, exclusion_id=made.id, now=now)
    return made


def decide_exclusion(*, exclusion_id: uuid.UUID, action: str, reason: str, actor: Actor, now: dt.datetime) -> Exclusion:
    """Grant or refuse an exclusion, propose to end one (`end`), end it (`confirm_end`) or not (`keep_out`); count anew.

    Raises NotFound, Forbidden (also for whoever proposed what is decided: `own_proposal`), Conflict (`state_forbids`),
    Invalid.
    """
    transition = EXCLUSION.named(action, without=frozenset({SYSTEM}))
    why = reason_of(reason)
    with database.writing():
        found = Exclusion.objects.filter(pk=exclusion_id).first()
        if found is None:
            raise errors.NotFound(_("There is no such proposal here."), code="exclusion_not_found")
        case = _lock(Case.objects.filter(visible(actor), pk=found.case_id))
        found = Exclusion.objects.select_for_update().get(pk=exclusion_id)
        permissions.check_exclusion(actor, action, found, case)
        may = functools.partial(permissions.can_exclusion, actor, row=found, case=case)
        EXCLUSION.check_state(transition, ExclusionState(found.state), may=may)
        came_from = found.state
        (target,) = transition.targets
        found.state = target.value
        _DECIDED[action](found, why, actor.person_id, now)
        _record(found, _FACT[action], actor.person_id, now, why, case.number, came_from=came_from)
        if action == "end":
            notices.proposed(number=case.number, region=case.region, exclusion_id=found.id, now=now, ending=True)
        recount(case_id=case.id, now=now)
    return found


def _decide(row: Exclusion, why: str, by: uuid.UUID | None, now: dt.datetime) -> None:
    row.decision, row.decided_by, row.decided_at = why, by, now


def _propose_end(row: Exclusion, why: str, by: uuid.UUID | None, now: dt.datetime) -> None:
    row.end_reason, row.end_proposed_by, row.end_proposed_at, row.end_decision = why, by, now, ""


def _end(row: Exclusion, why: str, by: uuid.UUID | None, now: dt.datetime) -> None:
    row.end_decision, row.ended_by, row.ended_at = why, by, now


def _keep_out(row: Exclusion, why: str, _by: uuid.UUID | None, _now: dt.datetime) -> None:
    row.end_decision = why


_DECIDED = {"grant": _decide, "refuse": _decide, "end": _propose_end, "confirm_end": _end, "keep_out": _keep_out}
_FACT = {
    "grant": "granted",
    "refuse": "refused",
    "end": "end_proposed",
    "confirm_end": "ended",
    "keep_out": "kept",
}


def rated_anew(*, case_id: uuid.UUID, indices: Collection[Index], now: dt.datetime) -> int:
    """End what was left out, or was to be, of ratings that are no longer the matter's; return how many.

    The caller counts the matter anew, and holds its row locked.
    """
    with database.writing():
        open_ones = Exclusion.objects.filter(case=case_id, index__in=list(indices)).exclude(state__in=OVER)
        rows = list(open_ones.select_for_update(of=("self",)).select_related("case").order_by("id"))
        for row in rows:
            came_from, row.state, row.ended_at = row.state, ExclusionState.ENDED.value, now
            _record(row, "rated_anew", None, now, None, row.case.number, came_from=came_from)
    return len(rows)


def _lock(rows: Any) -> Case:
    case: Case | None = rows.select_for_update(of=("self",)).defer("search").first()
    if case is None:
        raise errors.NotFound(_("There is no case with this number, or you may not see it."), code="case_not_found")
    return case


RATED = {Index.SATISFACTION: "result", Index.PROCESS_SATISFACTION: "process", Index.PLAN_SATISFACTION: "plan"}
"""Index → the part of the rating that it is made of."""


def exclude_rating(*, mark_id: uuid.UUID, decided_by: uuid.UUID, now: dt.datetime) -> list[Exclusion]:
    """Leave a rating out of the figures because an appeal against it was upheld, and count the matter anew.

    Two people as always: whoever appealed proposed it, whoever upheld the appeal decided. What was proposed meanwhile
    is granted with it; what was granted stays. A rating given later ends it (`rated_anew`). The caller holds the row of
    the case locked.
    """
    with database.writing():
        appeal = evaluation.upheld(mark_id=mark_id)
        if appeal is None or appeal.appealed_by == decided_by:
            return []
        case = Case.objects.defer("search").get(pk=appeal.case_id)
        rated = [index for index, part in RATED.items() if getattr(case, f"rating_{part}") is not None]
        rows = Exclusion.objects.select_for_update().filter(case=case, index__in=rated)
        known = {row.index: row for row in rows.exclude(state__in=OVER)}
        made = [_left_out(known.get(index), case, index, appeal, mark_id, decided_by, now) for index in rated]
        recount(case_id=case.id, now=now)
    return [row for row in made if row is not None]


def _left_out(
    row: Exclusion | None,
    case: Case,
    index: str,
    appeal: evaluation.Upheld,
    mark_id: uuid.UUID,
    decided_by: uuid.UUID,
    now: dt.datetime,
) -> Exclusion | None:
    """Return the exclusion as granted with the appeal; None where it was granted before, or its proposer decides."""
    if row is not None and (row.state != ExclusionState.PROPOSED or row.proposed_by == decided_by):
        return None
    if row is None:
        row = Exclusion(case=case, region=case.region, index=index, proposed_by=appeal.appealed_by, proposed_at=now)
        row.reason = reason_of(appeal.reason)
        _record(row, "proposed", appeal.appealed_by, now, row.reason, case.number)
    row.mark, row.mark_number = mark_id, appeal.number
    row.state, row.decision = ExclusionState.GRANTED.value, reason_of(appeal.decision)
    row.decided_by, row.decided_at = decided_by, now
    _record(row, "granted", decided_by, now, row.decision, case.number, came_from=ExclusionState.PROPOSED.value)
    return row


def _record(
    row: Exclusion,
    kind: str,
    actor_id: uuid.UUID | None,
    now: dt.datetime,
    reason: str | None,
    number: str,
    *,
    came_from: str | None = None,
) -> None:
    said: dict[str, Any] = {"case": number, "index": row.index or "all"}
    if row.mark_number:
        said["mark"] = row.mark_number
    if reason:
        said["reason"] = reason
    ledger.record_and_save(
        row,
        kind=f"scoreboard.exclusion_{kind}",
        actor_id=actor_id,
        now=now,
        said=said,
        came_from=came_from,
        changed=_CHANGES,
        made=kind == "proposed",
    )


_CHANGES = (
    *("state", "decision", "decided_by", "decided_at", "mark", "mark_number"),
    *("end_reason", "end_proposed_by", "end_proposed_at", "end_decision", "ended_by", "ended_at"),
)
"""What a step may change of an exclusion."""
