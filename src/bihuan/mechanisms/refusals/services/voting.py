"""Sealed votes: a commitment is on record at once, the vote itself is told when all are in (N3, N4)."""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.cases.states import REFUSED, CaseState
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.text import needed_text

from .. import selectors
from ..models import Refusal, Seat, Vote
from ..rules import judging
from ..states import Outcome, RefusalState
from .recording import commit, rule


def check_not_sealed(refusal: Refusal, actor: Actor) -> None:
    """Raise Conflict `vote_sealed` when the actor has voted in this round: a sealed vote is never changed."""
    cast_already = Vote.objects.filter(
        seat__refusal=refusal, seat__person_id=selectors.person_of(actor), round=refusal.round, void=False
    )
    if refusal.state == RefusalState.VOTING and cast_already.exists():
        raise errors.Conflict(_("Your vote is sealed; it cannot be changed."), code="vote_sealed")


def cast(refusal: Refusal, actor: Actor, *, now: dt.datetime, body: Mapping[str, Any]) -> None:
    """Seal one vote {outcome, text}. The fact holds the seal only, and no name."""
    outcome, reason = str(body.get("outcome", "")), needed_text(body)
    if outcome not in judging.OUTCOMES:
        message = _("outcome: one of cannot, should, can")
        raise errors.Invalid(message, code="invalid_body", field="outcome")
    seat = Seat.objects.select_for_update(of=("self",)).get(refusal=refusal, person_id=selectors.person_of(actor))
    salt = secrets.token_hex(16)
    seal = judging.sealed(salt=salt, person=str(actor.person_id), outcome=outcome, reason=reason)
    Vote.objects.create(
        seat=seat,
        region=refusal.region,
        round=refusal.round,
        outcome=outcome,
        reason=reason,
        salt=salt,
        seal=seal,
        at=now,
    )
    commit(refusal, "vote", now=now, said={"seal": seal, "round": refusal.round}, actor=actor)


def _valid(refusal: Refusal) -> Any:
    return Vote.objects.filter(seat__refusal=refusal, round=refusal.round, void=False)


def count(refusal: Refusal) -> int:
    """Return how many valid votes of this round are in."""
    return int(_valid(refusal).count())


def complete(refusal: Refusal) -> bool:
    """Tell whether everybody who has a seat has voted in this round."""
    return count(refusal) == int(selectors.seated(refusal).count())


def reveal(refusal: Refusal, case: Case, *, now: dt.datetime, actor: Actor = THE_SYSTEM) -> None:
    """Open all votes with their salts, say the joint result, and let it bind the case.

    Without a majority the panel meets and votes again. A matter that should or can be done is worked on again.
    """
    votes = [
        {
            "person": str(vote.seat.person_id),
            "group": vote.seat.group,
            "outcome": vote.outcome,
            "reason": vote.reason,
            "salt": vote.salt,
            "seal": vote.seal,
        }
        for vote in _valid(refusal).select_related("seat").order_by("seat__place")
    ]
    came_from, limits = refusal.state, rule(refusal).limits
    refusal.outcome = judging.tally(vote["outcome"] for vote in votes)
    said = {"votes": votes, "count": len(votes), "outcome": refusal.outcome, "round": refusal.round}
    if not refusal.outcome:
        refusal.state, refusal.round = RefusalState.CONVENED.value, refusal.round + 1
        changed = ["state", "round", *deadlines.expect(refusal, "refusal_session", limits.session_within, now=now)]
        commit(refusal, "vote_again", now=now, said=said, actor=actor, came_from=came_from, changed=changed)
        return
    refusal.state, refusal.decided_at = RefusalState.DECIDED.value, now
    changed = [
        "state",
        "outcome",
        "decided_at",
        *deadlines.expect(refusal, "refusal_order", limits.order_within, now=now),
    ]
    name = "tally" if actor.system else "close_vote"
    commit(refusal, name, now=now, said=said, actor=actor, came_from=came_from, changed=changed)
    if refusal.outcome != Outcome.CANNOT and CaseState(case.state) in REFUSED:
        reason = {
            Outcome.SHOULD: _("The panel found that it should be done; conditions are to be created."),
            Outcome.CAN: _("The panel found that it can be done; plan and deadline are due at once."),
        }[Outcome(refusal.outcome)]
        cases.overturn(case_id=case.id, reason=reason, now=now)
