"""At the triage desk: take a proposal as it is, or change it; both are the loop's own actions, in one transaction."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases import services as loop
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.states import CaseState
from bihuan.foundation.kernel import database, errors

from ..selectors import catalogue, desk


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a person decides. matter: the key of the catalogue's matter, "" for none of them, None: as recognized."""

    tier: str
    board: str
    category: str = ""
    urgent: bool = False
    lead: str = ""
    co: list[str] = field(default_factory=list)
    matter: str | None = None


def take_proposal(*, number: str, actor: Actor, now: dt.datetime) -> Case:
    """Accept a matter as proposed, and dispatch it where the actor may: one keystroke.

    Raises NotFound, Conflict `nothing_proposed` where something needed is not proposed, and what the actions raise.
    """
    waiting = desk.one(number=number, actor=actor, now=now)
    if not waiting.complete or waiting.proposal is None:
        raise errors.Conflict(
            _("Not everything that is needed is proposed for this matter; please decide."), code="nothing_proposed"
        )
    said: dict[str, Any] = {name: part["value"] for name, part in waiting.proposal.parts.items()}
    decision = Decision(
        tier=said["tier"],
        board=said["board"],
        category=said.get("category", ""),
        urgent=waiting.proposal.urgent,
        lead=said.get("lead", ""),
        co=said.get("co", []),
    )
    return decide(number=number, decision=decision, actor=actor, now=now)


def decide(*, number: str, decision: Decision, actor: Actor, now: dt.datetime) -> Case:
    """Accept a new matter and dispatch it where a lead is named and the actor may dispatch; all of it or nothing.

    The loop's facts are left (`case.accepted`, `case.dispatched`); a chosen matter of the catalogue stands in the note.
    Raises what the actions raise, Invalid `matter_unknown`.
    """
    with database.writing():
        waiting = desk.one(number=number, actor=actor, now=now)
        note = _choose(waiting, decision.matter, actor, now)
        case = waiting.case
        if case.state == CaseState.SUBMITTED:
            words = {"tier": decision.tier, "board": decision.board, "urgent": decision.urgent}
            words |= {"category": decision.category} if decision.category else {}
            case = loop.take(number=number, action="accept", actor=actor, now=now, body=words | note)
        if decision.lead and cases.can(actor, "dispatch", case):
            words = {"lead": decision.lead, "co": decision.co}
            case = loop.take(number=number, action="dispatch", actor=actor, now=now, body=words | note)
    return case


def _choose(waiting: desk.Waiting, key: str | None, actor: Actor, now: dt.datetime) -> dict[str, str]:
    """Keep which matter of the catalogue a person says it is, if that is not the one recognized."""
    row = waiting.proposal
    if key is None or row is None or key == row.key:
        return {}
    chosen = catalogue.current(waiting.case.region).by_key(key)
    if key and chosen is None:
        raise errors.Invalid(_("The catalogue has no such matter."), code="matter_unknown", field="matter")
    # What was proposed stays as it was: it is what the decision is measured by.
    row.key, row.chosen_by = key, actor.person_id
    row.save()
    if chosen is None:
        return {"note": _("None of the matters of the dispatch catalogue")}
    return {"note": _("Matter of the dispatch catalogue: %(matter)s") % {"matter": chosen.entry.matter}}
