"""What the product does by itself: opens retrospectives, follows the case, and tells what is late."""

import uuid

from bihuan.casework.cases import events as told
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.states import CaseState
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import database
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..models import OPEN_STATES, Retrospective
from ..rulebook import Retrospectives
from ..rules import grounds
from ..states import REPORTED, RetrospectiveState
from ..wording import CLOCKS
from .measuring import measure
from .opening import begin, wake
from .recording import commit, ground_names


def follow(*, event: told.CaseEvent) -> None:
    """Open the retrospective of a case that closed, once; measure it again when it closed again; end it with it."""
    found = Retrospective.objects.select_for_update(of=("self",)).filter(case_id=event.case_id).first()
    if isinstance(event, (told.CaseWithdrawn, told.CaseMerged)):
        if found is not None and found.state in OPEN_STATES:
            _lapse(found, event)
        return
    if found is not None and found.state not in (*OPEN_STATES, RetrospectiveState.LAPSED):
        return
    case = Case.objects.defer("search").get(pk=event.case_id)
    met = grounds.grounds(rulebooks.version(case.rulebook_version).section(Retrospectives).conditions, _facts(case))
    if found is None:
        if met:
            begin(case, met, now=event.at)
    elif found.state in (RetrospectiveState.AWAITED, RetrospectiveState.LAPSED):
        if met or found.state == RetrospectiveState.AWAITED:
            wake(found, case, met, now=event.at)
    else:
        changed = measure(found)
        commit(found, "measured", now=event.at, said={"minutes": found.minutes}, changed=changed)


def _facts(case: Case, *, institution: bool = False) -> grounds.Facts:
    return grounds.Facts(
        channel=case.channel,
        tier=case.tier,
        category=case.category,
        closed_kind=case.closed_kind,
        urgent=case.urgent,
        escalated=bool(case.escalated_to),
        institution=institution,
        repeated=case.reworks + case.reopenings,
    )


def note_institution(*, event: told.InstitutionProposed) -> None:
    """A lasting rule was proposed because of these cases: those that the rulebook names for it are looked back at."""
    with database.writing():
        rows = Case.objects.filter(pk__in=event.case_ids).exclude(state__in=[CaseState.MERGED, CaseState.ARCHIVED])
        for case in rows.select_for_update(of=("self",)).defer("search").order_by("id"):
            conditions = rulebooks.version(case.rulebook_version).section(Retrospectives).conditions
            of_institutions = [one for one in conditions if one.institution]
            met = grounds.grounds(of_institutions, _facts(case, institution=True))
            found = Retrospective.objects.select_for_update(of=("self",)).filter(case=case).first()
            if met and found is None:
                begin(case, met, now=event.at, text=event.title)
            elif found is not None and set(met) - set(found.grounds) and found.state in OPEN_STATES:
                found.grounds = list(dict.fromkeys([*found.grounds, *met]))
                said = {"grounds": met, "ground_names": ground_names(found, met), "text": event.title}
                commit(found, "grounds_added", now=event.at, said=said, changed=["grounds"])


def _lapse(retrospective: Retrospective, event: told.CaseEvent) -> None:
    came_from, retrospective.state = retrospective.state, RetrospectiveState.LAPSED.value
    retrospective.ended_at = event.at
    changed = ["state", "ended_at", *deadlines.expect(retrospective, "", None, now=event.at)]
    commit(retrospective, "lapse", now=event.at, said={}, came_from=came_from, changed=changed)


def cross(event: ThresholdCrossed) -> None:
    """A step of a retrospective is late: on record and told; clocks of other subjects are not its business."""
    if event.kind not in CLOCKS:
        return
    retrospective = _locked(event.subject)
    if retrospective is not None:
        retrospective.late_since = event.fire_at
        commit(retrospective, "late", now=event.now, said={"clock": event.kind}, changed=["late_since"])


def _locked(key: uuid.UUID) -> Retrospective | None:
    chosen = Retrospective.objects.select_for_update(of=("self",)).filter(pk=key)
    return chosen.filter(state__in=[*OPEN_STATES, *REPORTED]).first()
