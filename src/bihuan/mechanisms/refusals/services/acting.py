"""What people do with a refusal: one action, one fact."""

import datetime as dt
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.states import REFUSED, CaseState
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import needed_text

from .. import permissions, selectors
from ..models import SERVICES, Note, Refusal
from ..rules import judging
from ..states import REFUSALS, SYSTEM, Outcome, RefusalState
from . import drawing, voting
from .recording import commit, rule


@dataclass(kw_only=True)
class Move:
    """What a step works with: the locked refusal and case, who acts, when, with which words; and where it leads."""

    refusal: Refusal
    case: Case
    actor: Actor
    now: dt.datetime
    body: Mapping[str, Any]
    target: str
    seed: str

    def done(self, name: str, *, changed: list[str], said: dict[str, Any]) -> None:
        """Bring the refusal into its new state and record the fact."""
        came_from, self.refusal.state = self.refusal.state, self.target
        fields = ["state", *changed]
        commit(self.refusal, name, now=self.now, said=said, actor=self.actor, came_from=came_from, changed=fields)


def take(
    *, refusal_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any], seed: str = ""
) -> Refusal:
    """Take one action of a person on a refusal and return the refusal as it then is.

    seed: of the draw that a selection prepares; without one it comes from the machine's own source of chance.
    Raises NotFound (no such refusal, or not for these eyes), Forbidden (not this office, or the side that said no),
    Conflict `state_forbids`, `research_missing`, `panel_incomplete`, `quorum_missing`, `vote_sealed`, `no_reserve`,
    Invalid. Leaves one fact and publishes RefusalChanged.
    """
    with database.writing():
        refusal, case = _locked(refusal_id, actor)
        transition = REFUSALS.named(action, without=frozenset({SYSTEM}))
        if action == "vote":
            voting.check_not_sealed(refusal, actor)
        permissions.check(actor, action, refusal, case, member=selectors.may_vote(refusal, actor))
        state = RefusalState(refusal.state)
        REFUSALS.check_state(
            transition, state, may=lambda name: name in selectors.available_actions(refusal, case, actor)
        )
        target = next(iter(transition.targets), state).value
        _STEPS[action](Move(refusal=refusal, case=case, actor=actor, now=now, body=body, target=target, seed=seed))
    return refusal


def _locked(key: uuid.UUID, actor: Actor) -> tuple[Refusal, Case]:
    case_id = selectors.find(key, actor).case_id
    case = Case.objects.select_for_update(of=("self",)).defer("search").get(pk=case_id)
    return Refusal.objects.select_for_update(of=("self",)).get(pk=key), case


def _research(move: Move) -> None:
    """调研: a note from the field, by a deputy or whoever runs the review."""
    text, reader = needed_text(move.body), move.actor.reader
    assert reader is not None
    visit = move.body.get("visit") in (True, "on", "true", "yes")
    deputy = reader.has(Role.DEPUTY, region=move.refusal.region)
    Note.objects.create(
        refusal=move.refusal,
        region=move.refusal.region,
        by_id=reader.person_id,
        as_deputy=deputy,
        visit=visit,
        text=text,
        at=move.now,
    )
    move.done("research", changed=[], said={"text": text, "visit": visit, "as_deputy": deputy})


def _select(move: Move) -> None:
    """选题: three scores and a reason; the seed of the draw is fixed now and only its hash is told."""
    refusal, book = move.refusal, rule(move.refusal)
    if Note.objects.filter(refusal=refusal, as_deputy=True).count() < book.notes_before_selection:
        raise errors.Conflict(_("A deputy has to research it in the field first."), code="research_missing")
    given = {name: _score(move.body, name) for name in ("importance", "soundness", "typicality")}
    refusal.scores, refusal.selection_reason = given, needed_text(move.body)
    refusal.seed, refusal.selected_at = move.seed or secrets.token_hex(16), move.now
    refusal.seed_hash = judging.commitment(refusal.seed)
    changed = ["scores", "selection_reason", "seed", "seed_hash", "selected_at"]
    changed += deadlines.expect(refusal, "refusal_draw", book.limits.draw_within, now=move.now)
    said = {"text": refusal.selection_reason, **given, "proposed": refusal.proposed, "seed_hash": refusal.seed_hash}
    move.done("select", changed=changed, said=said)


def _score(body: Mapping[str, Any], name: str) -> int:
    given = str(body.get(name, ""))
    if given not in {"1", "2", "3", "4", "5"}:
        raise errors.Invalid(_("%(field)s: a number from 1 to 5") % {"field": name}, code="invalid_body", field=name)
    return int(given)


def _set_aside(move: Move) -> None:
    move.refusal.result, move.refusal.ended_at = needed_text(move.body), move.now
    changed = ["result", "ended_at", *deadlines.expect(move.refusal, "", None, now=move.now)]
    move.done("set_aside", changed=changed, said={"text": move.refusal.result})


def _draw(move: Move) -> None:
    said, changed = drawing.draw(move.refusal, move.case, now=move.now)
    changed += deadlines.expect(move.refusal, "refusal_convene", rule(move.refusal).limits.convene_within, now=move.now)
    move.done("draw", changed=changed, said=said)


def _convene(move: Move) -> None:
    move.refusal.invitation = needed_text(move.body)
    changed = deadlines.expect(move.refusal, "refusal_session", rule(move.refusal).limits.session_within, now=move.now)
    move.done("convene", changed=["invitation", *changed], said={"text": move.refusal.invitation})


def _state_unit(move: Move) -> None:
    move.refusal.unit_says = needed_text(move.body)
    move.done("state_unit", changed=["unit_says"], said={"text": move.refusal.unit_says})


def _state_enterprise(move: Move) -> None:
    move.refusal.enterprise_says = needed_text(move.body)
    move.done("state_enterprise", changed=["enterprise_says"], said={"text": move.refusal.enterprise_says})


def _open_vote(move: Move) -> None:
    """面对面评议 is over: who was heard stands in the minutes; the panel votes."""
    refusal, book = move.refusal, rule(move.refusal)
    if selectors.seated(refusal).count() < book.panel.quorum:
        raise errors.Conflict(_("The panel has fewer members than the quorum."), code="quorum_missing")
    refusal.minutes = needed_text(move.body)
    changed = deadlines.expect(refusal, "refusal_vote", book.limits.vote_within, now=move.now)
    said = {"text": refusal.minutes, "round": refusal.round, "heard_unit": bool(refusal.unit_says)}
    said["heard_enterprise"] = bool(refusal.enterprise_says)
    move.done("open_vote", changed=["minutes", *changed], said=said)


def _vote(move: Move) -> None:
    voting.cast(move.refusal, move.actor, now=move.now, body=move.body)
    if voting.complete(move.refusal):
        voting.reveal(move.refusal, move.case, now=move.now)


def _close_vote(move: Move) -> None:
    if voting.count(move.refusal) < rule(move.refusal).panel.quorum:
        raise errors.Conflict(_("Fewer votes than the quorum are in."), code="quorum_missing")
    voting.reveal(move.refusal, move.case, now=move.now, actor=move.actor)


def _recuse(move: Move) -> None:
    """回避: somebody turns out to be involved; the vote is void, the next of the group takes the seat."""
    said = drawing.recuse(move.refusal, move.case, now=move.now, body=move.body)
    move.done("recuse", changed=[], said=said)
    if move.refusal.state == RefusalState.VOTING and voting.complete(move.refusal):
        voting.reveal(move.refusal, move.case, now=move.now)


def _annul(move: Move) -> None:
    """撤销重评: a member whose vote counted was involved; nothing binds any more until the panel has voted again."""
    refusal = move.refusal
    said = drawing.recuse(refusal, move.case, now=move.now, body=move.body) | {"was": refusal.outcome}
    refusal.outcome, refusal.decided_at, refusal.round = "", None, refusal.round + 1
    refusal.service, refusal.measure, refusal.measure_due = "", "", None
    changed = ["outcome", "decided_at", "round", "service", "measure", "measure_due"]
    changed += deadlines.expect(refusal, "refusal_session", rule(refusal).limits.session_within, now=move.now)
    move.done("annul", changed=changed, said=said)


def _order(move: Move) -> None:
    """分类处置: a service where it truly cannot be done, conditions by a date where it should, a plan where it can."""
    refusal, limits = move.refusal, rule(move.refusal).limits
    if refusal.outcome == Outcome.CANNOT:
        refusal.service = str(move.body.get("service", ""))
        if refusal.service not in SERVICES:
            message = _("Say which service the enterprise gets instead: substitute, supporting or added.")
            raise errors.Invalid(message, code="invalid_body", field="service")
    refusal.measure = needed_text(move.body)
    within = limits.can_within if refusal.outcome == Outcome.CAN else limits.should_within
    changed = deadlines.expect(refusal, "refusal_measure", _due(move) or within, now=move.now)
    refusal.measure_due = refusal.due_at
    assert refusal.due_at is not None
    said = {"text": refusal.measure, "service": refusal.service, "due_at": refusal.due_at.isoformat()}
    move.done("order", changed=["service", "measure", "measure_due", *changed], said=said)


def _due(move: Move) -> dt.datetime | None:
    given = str(move.body.get("due", "") or "")
    if not given:
        return None
    try:
        day = dt.date.fromisoformat(given)
    except ValueError as error:
        raise errors.Invalid(_("due: a date such as 2026-12-31"), code="invalid_body", field="due") from error
    at = dt.datetime.combine(day, dt.time(17, 30), move.now.tzinfo)
    if at <= move.now:
        raise errors.Invalid(_("due: the date has to lie ahead"), code="invalid_body", field="due")
    return at


def _report(move: Move) -> None:
    """The unit tells how far it is; only those who run the review write it off."""
    move.refusal.progress = needed_text(move.body)
    move.done("report", changed=["progress"], said={"text": move.refusal.progress})


def _complete(move: Move) -> None:
    """销号: what was ordered is there. A matter that should or can be done has to be closed as solved for that."""
    refusal = move.refusal
    if refusal.outcome != Outcome.CANNOT and move.case.state != CaseState.CLOSED:
        raise errors.Conflict(_("The matter itself is not closed yet."), code="case_open")
    refusal.result, refusal.ended_at = needed_text(move.body), move.now
    changed = ["result", "ended_at", *deadlines.expect(refusal, "", None, now=move.now)]
    move.done("complete", changed=changed, said={"text": refusal.result})


def _concede(move: Move) -> None:
    """主动办 (N6): the unit does it after all because the review was coming; the matter is worked on again."""
    text = needed_text(move.body)
    changed = deadlines.expect(move.refusal, "", None, now=move.now)
    move.done("concede", changed=changed, said={"text": text})
    if CaseState(move.case.state) in REFUSED:
        cases.overturn(case_id=move.case.id, reason=text, now=move.now)


_STEPS: dict[str, Callable[[Move], None]] = {
    "research": _research,
    "select": _select,
    "set_aside": _set_aside,
    "draw": _draw,
    "convene": _convene,
    "state_unit": _state_unit,
    "state_enterprise": _state_enterprise,
    "open_vote": _open_vote,
    "vote": _vote,
    "recuse": _recuse,
    "close_vote": _close_vote,
    "annul": _annul,
    "order": _order,
    "report": _report,
    "complete": _complete,
    "concede": _concede,
}
