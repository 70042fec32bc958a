"""What people do with a finding: one action, one fact; how it is sorted (O3) decides where it goes."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.events import between
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Channels
from bihuan.casework.cases.states import OPEN as OPEN_CASES
from bihuan.foundation.kernel import database, errors, events
from bihuan.foundation.kernel.text import clean_line, needed_text
from bihuan.foundation.ledger import rules as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, selectors
from ..models import OPEN_STATES, Finding
from ..states import FINDINGS, NATURES, SYSTEM, FindingState
from .entering import department_of
from .recording import commit, expect_next, rule

_KEPT = {"ask": "demand", "answer": "answer", "find_nothing": "outcome", "dismiss": "outcome", "write_off": "outcome"}
"""Action → the field that keeps its text."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the giver of a clue gets at once, and never again."""

    number: str
    seal: str
    received_at: dt.datetime


def take(
    *, finding_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Finding | Receipt:
    """Take one action of a person on a finding and return it as it then is; for `hand_over`, the receipt.

    All actions need {text}. `find`, `ask` and `suggest` take {department: code} where none is named yet; `suggest` also
    {causes}; `hand_over` {person}. Raises NotFound, Forbidden, Conflict (`state_forbids`, `department_missing`,
    `not_drawn`), Invalid, and what opening a case, drafting a letter or handing over a clue raises. Leaves one fact;
    publishes FindingChanged, and the event of where it goes.
    """
    selectors.find(finding_id=finding_id, actor=actor, now=now)
    with database.writing():
        finding, case = _locked(finding_id)
        target = _allowed(finding, action, actor)
        text = needed_text(body)
        came_from, finding.state = finding.state, target
        said = _change(finding, case, action, text=text, body=body, actor=actor, now=now)
        finding.ended_at = None if finding.state in OPEN_STATES else finding.ended_at or now
        expect_next(finding, now=now)
        if action == "hand_over":
            return _hand_over(finding, text=text, body=body, actor=actor, now=now, came_from=came_from)
        commit(finding, action, now=now, said={"text": text, **said}, actor=actor, came_from=came_from)
        if action == "suggest":
            _write(finding, text=text, body=body, actor=actor, now=now)
        if finding.state == "written_off" and came_from != "written_off":
            _draw(finding, now=now)
    return finding


def _locked(finding_id: uuid.UUID) -> tuple[Finding, Case | None]:
    """Lock its case, then the finding."""
    case_id = Finding.objects.filter(pk=finding_id).values_list("case_id", flat=True).first()
    case = None
    if case_id is not None:
        case = Case.objects.defer("search").select_for_update(of=("self",)).get(pk=case_id)
    rows = Finding.objects.select_for_update(of=("self",)).select_related("department")
    return rows.get(pk=finding_id), case


def _allowed(finding: Finding, action: str, actor: Actor) -> str:
    transition = FINDINGS.named(action, without=frozenset({SYSTEM}))
    permissions.check(actor, action, finding)
    FINDINGS.check_state(
        transition, FindingState(finding.state), may=lambda name: permissions.can(actor, name, finding)
    )
    if action in ("look_back", "relapse") and finding.look != "drawn":
        raise errors.Conflict(_("It was not drawn to be looked at again."), code="not_drawn")
    return next(iter(transition.targets)).value if transition.targets else finding.state


def _change(
    finding: Finding,
    case: Case | None,
    action: str,
    *,
    text: str,
    body: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime,
) -> dict[str, Any]:
    if action in _KEPT:
        setattr(finding, _KEPT[action], text)
    finding.nature = NATURES.get(action, finding.nature)
    if action in ("find", "ask", "suggest"):
        finding.department = finding.department or department_of(finding.region, body, actor, now)
    if action == "find":
        finding.found_at, finding.text = now, f"{finding.text}\n{text}".strip()
    elif action in ("ask", "suggest"):
        if finding.department is None:
            raise errors.Conflict(_("Say which department it concerns."), code="department_missing")
        finding.shown = finding.shown or action == "ask"
        return {"department": finding.department.name}
    elif action == "coordinate":
        finding.case = case if case is not None and case.state in OPEN_CASES else _open_case(finding, text, now)
        return {"case": finding.case.number}
    elif action == "answer":
        finding.answered_at = now
    elif action == "send_back":
        finding.sent_back += 1
    elif action == "look_back":
        finding.look = "holds"
    elif action == "relapse":
        finding.look, finding.relapses, finding.shown = "relapsed", finding.relapses + 1, True
    return {}


def _open_case(finding: Finding, text: str, now: dt.datetime) -> Case:
    """Let the centre settle who is responsible: as a matter of nobody's, in the channel that the rulebook names."""
    matter = cases.Matter(
        title=finding.title,
        description="\n".join(one for one in (finding.text, text) if one),
        channel=_channel(finding),
        region=finding.region,
        anonymous=True,
        source="findings",
        source_id=f"{finding.id}:{finding.last_seq}",
    )
    receipt = cases.raise_case(matter=matter, actor=Actor(system=True, on_behalf_of="findings"), now=now)
    return Case.objects.defer("search").get(pk=receipt.case_id)


def _channel(finding: Finding) -> str:
    """Return the channel that the rulebook names; where the place has none of this name, its first one of staff."""
    known = rulebooks.version(finding.rulebook_version).section(Channels).root
    asked = rule(finding).channel
    staff = [one.id for one in known if not one.public]
    return asked if asked in {one.id for one in known} else next(iter(staff), known[0].id)


def _write(finding: Finding, *, text: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> None:
    """Have a letter drafted: oversight recommendation by discipline inspection, else an advisory letter."""
    assert finding.department is not None
    discipline = actor.reader is not None and actor.reader.has("discipline", region=finding.region)
    events.publish(
        between.LetterWanted(
            source_id=finding.id,
            region=finding.region,
            kind="oversight_recommendation" if discipline else "advisory_letter",
            department=finding.department.code,
            title=finding.title,
            parts={
                "text": "\n".join((finding.text, text)).strip(),
                "source": finding.title,
                "problems": finding.text or finding.title,
                "causes": str(body.get("causes") or "") or _("To be clarified by the department."),
                "suggestions": text,
            },
            case=finding.case.number if finding.case else "",
            actor_id=actor.person_id,
            at=now,
        )
    )


def _hand_over(
    finding: Finding, *, text: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime, came_from: str
) -> Receipt:
    """Hand it to the investigating section: one way. Afterwards nobody reads the finding any more (O3, O5)."""
    finding.offices, finding.shown = [], False
    commit(finding, "hand_over", now=now, said={}, actor=actor, came_from=came_from)
    events.publish(
        between.ClueFound(
            source_id=finding.id,
            region=finding.region,
            text="\n".join(one for one in (finding.title, finding.text, text) if one),
            unit=finding.department.code if finding.department else "",
            person=clean_line(str(body.get("person") or ""))[:200],
            actor_id=actor.person_id,
            at=now,
        )
    )
    number, seal = Finding.objects.values_list("receipt", flat=True).get(pk=finding.pk)
    return Receipt(number=number, seal=seal, received_at=now)


def _draw(finding: Finding, *, now: dt.datetime) -> None:
    """Let the hash of the chain say whether it is looked at again (O7); what came back once always is."""
    if finding.relapses or ledger.is_drawn(finding.last_hash, rule(finding).look_back.share):
        head, finding.look = finding.last_hash, "drawn"
        expect_next(finding, now=now)
        commit(finding, "drawn", now=now, said={"head": head})
