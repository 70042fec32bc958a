"""What is proposed for a case: the catalogue of its place, then the model of its place, then nothing."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.rulebook import Categories
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import answers
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..models import Proposal
from ..rulebook import Routing
from ..rules import catalogue as rules
from ..rules import learning, proposals
from . import catalogue, learnt

BEFORE_DECISION = frozenset({"submitted", "supplement_requested", "accepted"})
"""States in which a proposal still follows catalogue and model; later it stays as it was."""


@dataclass(kw_only=True)
class Sketch:
    """What would be proposed now. parts: field → Said, departments by code; reasons: {code, …} for `wording`."""

    key: str = ""
    parts: dict[str, proposals.Said] = field(default_factory=dict)
    urgent: bool = False
    reasons: list[dict[str, Any]] = field(default_factory=list)

    def plain(self) -> dict[str, dict[str, Any]]:
        """Return the parts as they are stored."""
        return {
            name: {"value": s.value, "confidence": s.confidence, "source": s.source} for name, s in self.parts.items()
        }


def stamp(region: str) -> str:
    """Return by which edition and model proposals of a county are made now; empty where there is neither."""
    edition = catalogue.current(region).edition
    return ":".join(filter(None, (str(edition.id) if edition else "", learnt.of(region).digest[:40])))


def of_case(*, case: Case, now: dt.datetime) -> Proposal | None:
    """Return the proposal for a case: as stored, or as it would be made now where that has changed (not saved).

    None where the place has neither a catalogue nor a model, or the case was decided on without one. Inside `reading`.
    """
    return of_cases(cases=[case], now=now).get(case.id)


def of_cases(*, cases: Sequence[Case], now: dt.datetime) -> dict[uuid.UUID, Proposal]:
    """Return case id → proposal for those that have one; a query for all. Call inside `reading`."""
    stored = {row.case_id: row for row in Proposal.objects.filter(case_id__in=[case.id for case in cases])}
    found = {}
    for case in cases:
        row = stored.get(case.id)
        if case.state in BEFORE_DECISION and not (row and row.decided):
            row = made(case=case, now=now, row=row)
        if row is not None:
            found[case.id] = row
    return found


def made(*, case: Case, now: dt.datetime, row: Proposal | None = None) -> Proposal | None:
    """Return the proposal with what catalogue and model say now, not saved; `row` itself where nothing has changed."""
    mark = stamp(case.region)
    if row is not None and row.stamp == mark:
        return row
    if not mark:
        return row
    chosen = row.key if row is not None and row.chosen_by else None
    found = sketch(case=case, now=now, chosen=chosen)
    row = row or Proposal(case_id=case.id, region=case.region)
    row.made_at, row.stamp, row.key = now, mark, found.key
    row.parts, row.urgent, row.reasons = found.plain(), found.urgent, found.reasons
    row.confidence = proposals.confidence(found.parts)
    return row


def sketch(*, case: Case, now: dt.datetime, chosen: str | None = None) -> Sketch:
    """Return what would be proposed for a case now. chosen: the key of the matter a person chose ("" for none)."""
    routing = rulebooks.version(case.rulebook_version).section(Routing)
    matter, words = recognized(case=case, chosen=chosen)
    answers_ = _answers(case)
    found = Sketch(
        key=matter.entry.key if matter else "",
        parts=proposals.combine(
            catalogue=_as_said(matter) if matter else {},
            sure=proposals.trust(used=matter.used, overruled=matter.overruled) if matter else 0.0,
            model={name: (answer.label, answer.confidence) for name, answer in answers_.items()},
            least=routing.sure_from.model_dump(),
        ),
    )
    if matter is not None:
        basis = {"code": "catalogue", "matter": matter.entry.matter, "basis": matter.entry.basis}
        found.reasons.append({**basis, "words": list(words)})
    _keep_known(case, found, answers.local_date(now))
    _say_pieces(found, answers_)
    urgent = proposals.urgent_words(routing.urgent_words, title=case.title, body=case.description)
    if urgent:
        found.urgent = True
        found.reasons.append({"code": "urgent", "words": urgent})
    return found


def recognized(*, case: Case, chosen: str | None = None) -> tuple[catalogue.Matter | None, tuple[str, ...]]:
    """Return the matter of the catalogue that a case is about, and the words that say so (none for a chosen one)."""
    known = catalogue.current(case.region)
    if chosen is not None:
        return known.by_key(chosen), ()
    match = rules.recognize(known.matters, title=case.title, body=case.description[:2_000])
    return (match.entry, match.words) if match else (None, ())


def _as_said(matter: catalogue.Matter) -> dict[str, Any]:
    entry = matter.entry
    found = {"category": entry.category, "tier": entry.tier, "board": entry.board}
    return {**found, "lead": matter.lead.code, "co": [one.code for one in matter.co]}


def _answers(case: Case) -> Mapping[str, learning.Answer]:
    model = learnt.of(case.region).model
    return model.answer(case.title, case.description) if model else {}


def _keep_known(case: Case, found: Sketch, today: dt.date) -> None:
    """Leave out what is no longer there; where a department went into another one, that one is proposed, and named."""
    categories = {row.id for row in rulebooks.version(case.rulebook_version).section(Categories).root}
    boards = {board.code: board for board in directory.boards(case.region, on=today)}
    for name, known in (("category", categories), ("board", boards.keys())):
        if name in found.parts and found.parts[name].value not in known:
            del found.parts[name]
    if lead := found.parts.get("lead"):
        board = boards.get(found.parts["board"].value) if "board" in found.parts else None
        unit = _heir(case.region, lead.value, today, found)
        if unit is None and board is not None:
            unit = board.lead_department
            found.reasons.append({"code": "board_lead", "gone": lead.value, "board": board.name, "heir": unit.name})
        if unit is None:
            del found.parts["lead"]
        else:
            found.parts["lead"] = proposals.Said(value=unit.code, confidence=lead.confidence, source=lead.source)
    if co := found.parts.get("co"):
        units = [_heir(case.region, code, today, found) for code in co.value]
        lead_code = found.parts["lead"].value if "lead" in found.parts else ""
        codes = list(dict.fromkeys(unit.code for unit in units if unit is not None and unit.code != lead_code))
        found.parts["co"] = proposals.Said(value=codes, confidence=co.confidence, source=co.source)


def _heir(region: str, code: str, today: dt.date, found: Sketch) -> Department | None:
    by_id = {one.id: one for one in directory.departments(region)}
    gone = directory.department(region, code)
    unit: Department | None = proposals.heir(
        gone,
        successor_of=lambda one: by_id.get(one.successor_id),
        in_force=lambda one: directory.in_force(one, today),
    )
    if gone is not None and unit is not None and unit.id != gone.id:
        found.reasons.append({"code": "heir", "gone": gone.name, "heir": unit.name})
    return unit


def _say_pieces(found: Sketch, answers_: Mapping[str, learning.Answer]) -> None:
    """Name the pieces of the text that speak for what the model says, the lead department's before all."""
    for name in ("lead", "category", "board"):
        if name in found.parts and found.parts[name].source == "model" and answers_[name].reasons:
            found.reasons.append({"code": "model", "field": name, "words": list(answers_[name].reasons)})
            return
