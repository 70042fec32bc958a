"""What the product does by itself: a finding follows its letter and its case, and a clock that ran out is told."""

import datetime as dt

from bihuan.casework.cases import events as told
from bihuan.casework.cases.events import between
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.directory import selectors as directory

from ..models import OPEN_STATES, Finding
from .recording import CLOCKS, commit, expect_next

ENDED = (told.CaseWithdrawn, told.CaseMerged, told.CaseDeclined)
"""Ends of a case after which nobody was made responsible: the finding has to be sorted anew."""


def follow_letter(*, event: between.LetterMoved) -> None:
    """A letter that the finding became moved: written off with it, open again with it, to be sorted if taken back."""
    finding = _locked(pk=event.source_id)
    if finding is None or finding.state not in ("lettered", "written_off"):
        return
    if event.number:
        finding.letter = event.number
    finding.instrument_id = event.instrument_id
    target = {"closed": "written_off", "taken_back": "found"}.get(event.state, "lettered")
    if target == finding.state:
        finding.save(update_fields=["letter", "instrument_id"])
        return
    if target == "lettered" and finding.state == "written_off":
        finding.relapses += 1
    said = {"letter": finding.letter or finding.title, "text": event.text}
    _move(finding, target, "follow_letter", said=said, now=event.at)


def follow_case(*, event: told.CaseEvent) -> None:
    """The case that settles who is responsible ended or began anew, and the finding with it."""
    finding = _locked(case_id=event.case_id, nature="unclear", state__in=["coordinating", "answered"])
    if finding is None:
        return
    said = {"case": event.number, "text": str(event.data.get("text", ""))}
    if isinstance(event, told.CaseClosed) and event.parties.lead_department_id is not None:
        finding.department = directory.department_by_id(event.parties.lead_department_id)
        finding.shown, finding.answered_at = True, event.at
        finding.answer = str(event.data.get("text", ""))
        target = "answered"
    elif isinstance(event, (told.CaseReopened, told.CaseOverturned)):
        target = "coordinating"
    elif isinstance(event, (told.CaseClosed, *ENDED)):
        target = "found"
    else:
        return
    if target != finding.state:
        _move(finding, target, "follow_case", said=said, now=event.at)


def keep_receipt(*, event: between.ClueReceived) -> None:
    """The vault took the clue in: keep number and seal of its receipt."""
    Finding.objects.filter(pk=event.source_id, state="handed_over").update(receipt=[event.number, event.seal])


def cross(event: ThresholdCrossed) -> None:
    """A step of a finding is late: on record and told; clocks of other subjects are not its business."""
    if event.kind not in CLOCKS:
        return
    finding = _locked(pk=event.subject)
    if finding is None or finding.state == "handed_over":
        return
    finding.late_since = event.fire_at
    commit(finding, "late", now=event.now, said={"clock": event.kind})


def _locked(**chosen: object) -> Finding | None:
    rows = Finding.objects.select_for_update(of=("self",)).select_related("department")
    return rows.filter(**chosen).order_by("id").first()


def _move(finding: Finding, target: str, name: str, *, said: dict[str, str], now: dt.datetime) -> None:
    came_from, finding.state = finding.state, target
    finding.ended_at = None if target in OPEN_STATES else now
    if target == "found":
        finding.nature = ""
    expect_next(finding, now=now)
    commit(finding, name, now=now, said=said, came_from=came_from)
