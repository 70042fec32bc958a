"""Keeping proposals, and what people decided instead: in the transaction of their decision, and never in its way."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import events as told
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.states import CaseState
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database

from ..models import Proposal
from ..rules import proposals as rules
from ..selectors import proposing

AT_ONCE = 300
"""So many new matters get their proposal in one run, so that no transaction grows long."""


def propose_new(*, now: dt.datetime, at_once: int = AT_ONCE) -> int:
    """Keep a proposal for new matters that have none, or one that catalogue or model have outgrown. Returns how many.

    The way in never waits for this: matters are raised without it, and a reader sees the same proposal before.
    """
    done = 0
    with database.writing():
        new = Case.objects.filter(state=CaseState.SUBMITTED)
        for region in list(new.order_by("region").values_list("region", flat=True).distinct()):
            mark = proposing.stamp(region)
            if not mark:
                continue
            up_to_date = Proposal.objects.filter(region=region, stamp=mark).values("case_id")
            waiting = new.filter(region=region).exclude(id__in=up_to_date).defer("search").order_by("id")
            # A matter that somebody is deciding on right now is left to them.
            for case in list(waiting.select_for_update(skip_locked=True, of=("self",))[: at_once - done]):
                stored = Proposal.objects.filter(case_id=case.id).first()
                row = proposing.made(case=case, now=now, row=stored)
                if row is not None:
                    row.save()
                    done += 1
    return done


def note_acceptance(*, event: told.CaseAccepted) -> None:
    """Keep what was decided on category, tier and board beside what was proposed."""
    with database.writing():
        case = Case.objects.filter(pk=event.case_id).defer("search").first() if proposing.stamp(event.region) else None
        if case is None:
            return
        stored = Proposal.objects.select_for_update().filter(case_id=case.id).first()
        row = proposing.made(case=case, now=event.at, row=stored)
        if row is not None:
            _decide(row, event, category=case.category, tier=case.tier, board=case.board)


def note_dispatch(*, event: told.CaseDispatched) -> None:
    """Keep whom the matter was given to beside who was proposed. A second dispatch (重办) teaches nothing."""
    _note_lead(event, first=True)


def note_ruling(*, event: told.ObjectionRuled) -> None:
    """An upheld objection corrects the decision, and with it the proposal."""
    if event.data.get("upheld"):
        _note_lead(event, first=False)


def _note_lead(event: told.CaseEvent, *, first: bool) -> None:
    with database.writing():
        row = Proposal.objects.select_for_update().filter(case_id=event.case_id).first()
        if row is None or (first and "lead" in row.decided):
            return
        codes = {one.id: one.code for one in directory.departments(event.region)}
        co = [codes[one] for one in event.parties.co_department_ids if one in codes]
        lead = codes.get(event.parties.lead_department_id) if event.parties.lead_department_id else None
        _decide(row, event, lead=lead, **({"co": co} if first else {}))


def _decide(row: Proposal, event: told.CaseEvent, **decided: Any) -> None:
    row.decided = {**row.decided, **{name: value for name, value in decided.items() if value not in (None, "")}}
    proposed = {name: part["value"] for name, part in row.parts.items()}
    for name, right in rules.compare(proposed, row.decided).items():
        setattr(row, f"right_{name}", right)
    row.decided_at, row.decided_by = row.decided_at or event.at, row.decided_by or event.actor_id
    row.save()
