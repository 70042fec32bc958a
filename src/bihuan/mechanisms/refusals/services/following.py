"""What the product does by itself: fills the pool, follows the case, and tells what is late."""

import uuid
from typing import Any

from bihuan.casework.cases import events as told
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.states import ClosedKind
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..models import OPEN_STATES, Refusal
from ..rulebook import Refusals
from ..rules import judging, reading
from ..states import BEFORE_VERDICT, BEFORE_VOTE, Outcome, RefusalState
from ..wording import CLOCKS
from .recording import commit

_EARLY = BEFORE_VOTE | {RefusalState.CONCEDED}
_GOOD = frozenset({ClosedKind.RESOLVED.value, ClosedKind.ALTERNATIVE.value})


def pool(*, event: told.CaseEvent) -> None:
    """Put a refused matter into the candidate pool, or note another sign on the one that is there."""
    case = Case.objects.defer("search").get(pk=event.case_id)
    book = rulebooks.version(case.rulebook_version).section(Refusals)
    cause, text = _cause(event, case)
    read = reading.read(text, threshold=book.pool.threshold)
    if cause == "answered":
        cause = "explained" if event.data.get("kind") == ClosedKind.EXPLAINED else ("hidden" if read.kind else "")
    if cause == "passed_around" and case.returns < book.pool.returns:
        return
    if cause not in book.pool.causes:
        return
    found = Refusal.objects.select_for_update(of=("self",)).filter(case=case, state__in=OPEN_STATES).first()
    evidence = [vars_of(one) for one in read.evidence]
    if found is None:
        _new(event, case, cause, text, read.share, evidence)
    elif RefusalState(found.state) in BEFORE_VERDICT and cause not in found.causes:
        found.causes = [*found.causes, cause]
        found.proposed = propose_scores(found, case)
        said = {"cause": cause, "text": text}
        commit(found, "cause_added", now=event.at, said=said, changed=["causes", "proposed"])


def vars_of(one: reading.Evidence) -> dict[str, Any]:
    """Return a piece of evidence as plain values."""
    return {"sign": one.sign, "kind": one.kind, "start": one.start, "end": one.end}


def _cause(event: told.CaseEvent, case: Case) -> tuple[str, str]:
    data = event.data
    if isinstance(event, told.CaseDeclined):
        return "declined", str(data.get("basis", ""))
    if isinstance(event, told.CaseObjected):
        return "passed_around", f"{data.get('reason', '')}\n{data.get('basis', '')}"
    return "answered", case.reply_text


def _new(
    event: told.CaseEvent, case: Case, cause: str, text: str, share: float, evidence: list[dict[str, Any]]
) -> None:
    declined = cause == "declined"
    refusal = Refusal(
        case=case,
        region=case.region,
        number=case.number,
        title=case.title,
        causes=[cause],
        reason=case.decline_reason if declined else "",
        category=case.category,
        text=text,
        evidence=evidence,
        share=share,
        unit_id=None if declined else case.lead_department_id,
        refused_by=event.actor_id,
        enterprise_id=case.enterprise_id,
        pooled_at=event.at,
        rulebook_version=case.rulebook_version,
    )
    refusal.proposed = propose_scores(refusal, case)
    within = rulebooks.version(case.rulebook_version).section(Refusals).limits.select_within
    deadlines.expect(refusal, "refusal_select", within, now=event.at)
    commit(
        refusal, "pooled", now=event.at, said={"cause": cause, "text": text, "percent": round(100 * share)}, made=True
    )


def propose_scores(refusal: Refusal, case: Case) -> dict[str, int]:
    """Return the scores that the product proposes, from what else was refused in this region and category."""
    like = Refusal.objects.filter(region=refusal.region, category=refusal.category).exclude(case=case)
    rows = list(like.values_list("enterprise_id", "unit_id")[:200])
    firms = {firm for firm, _unit in rows}
    units = {unit for _firm, unit in rows} | {refusal.unit_id}
    return judging.scores(
        alike=len(firms - {case.enterprise_id, None}),
        units=len(units),
        causes=refusal.causes,
        urgent=case.urgent,
        repeated=case.returns + case.reworks,
    )


def follow(*, event: told.CaseEvent) -> None:
    """Let a refusal follow its case: solved before the review, achieved after it, or without a matter any more."""
    chosen = Refusal.objects.select_for_update(of=("self",)).filter(case_id=event.case_id, state__in=OPEN_STATES)
    refusal = chosen.first()
    if refusal is None:
        return
    state = RefusalState(refusal.state)
    if isinstance(event, (told.CaseWithdrawn, told.CaseMerged, told.CaseArchived)):
        _end(refusal, "lapse", RefusalState.LAPSED, event)
        return
    case = Case.objects.defer("search").get(pk=event.case_id)
    if event.data.get("kind", case.closed_kind) in _GOOD:
        # An answer that says no between the lines does not become a solution by being closed as one.
        if state in _EARLY and case.reply_text != refusal.text:
            _end(refusal, "solved", RefusalState.SOLVED_EARLY, event)
        elif refusal.outcome in (Outcome.SHOULD, Outcome.CAN):
            _end(refusal, "achieved", RefusalState.DONE, event)


def _end(refusal: Refusal, name: str, state: RefusalState, event: told.CaseEvent) -> None:
    came_from, refusal.state, refusal.ended_at = refusal.state, state.value, event.at
    changed = ["state", "ended_at", *deadlines.expect(refusal, "", None, now=event.at)]
    commit(refusal, name, now=event.at, said={}, came_from=came_from, changed=changed)


def cross(event: ThresholdCrossed) -> None:
    """A step of a review is late: on record and told; clocks of other subjects are not its business."""
    if event.kind not in CLOCKS:
        return
    refusal = _locked(event.subject)
    if refusal is not None:
        refusal.late_since = event.fire_at
        commit(refusal, "late", now=event.now, said={"clock": event.kind}, changed=["late_since"])


def _locked(refusal_id: uuid.UUID) -> Refusal | None:
    chosen = Refusal.objects.select_for_update(of=("self",))
    return chosen.filter(pk=refusal_id, state__in=OPEN_STATES).first()
