"""从“不能办”到“能办” (N5): a common problem becomes a proposal, the proposal a change that is registered."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.casework.registers import selectors as registers
from bihuan.casework.registers import services as register
from bihuan.foundation.kernel import database, errors, events
from bihuan.foundation.kernel.text import clean_line, needed_text
from bihuan.foundation.ledger import services as ledger

from .. import permissions, selectors
from ..events import PolicyProposalChanged
from ..models import Proposal, Refusal
from ..states import PROPOSALS, ProposalState

MOST = 200
SOURCE = "refusals"
"""How the register of policy proposals names what comes from here."""


def propose(
    *, region: str, title: str, text: str, refusal_ids: Sequence[uuid.UUID], actor: Actor, now: dt.datetime
) -> Proposal:
    """Propose to change a policy, with the refusals (of this region, seen by the actor) that show why.

    Raises Forbidden, Invalid `no_refusals`, Invalid for missing words. Leaves one fact; PolicyProposalChanged.
    """
    with database.writing():
        permissions.check_organises(actor, region)
        found = selectors.seen(actor).filter(pk__in=refusal_ids[:MOST], region=region).values_list("id", flat=True)
        linked = sorted(found)
        if not linked:
            raise errors.Invalid(
                _("Name at least one refusal that shows the problem."), code="no_refusals", field="refusals"
            )
        named = clean_line(title)[:200]
        if not named:
            raise errors.Invalid(_("title: please give it a name"), code="invalid_body", field="title")
        proposal = Proposal(
            region=region, title=named, text=needed_text({"text": text}), refusal_ids=linked, proposed_at=now
        )
        said: dict[str, Any] = {"title": named, "text": proposal.text, "refusals": [str(one) for one in linked]}
        _record(proposal, "proposed", said, actor, now, made=True)
    return proposal


def take_proposal(*, proposal_id: uuid.UUID, action: str, text: str, actor: Actor, now: dt.datetime) -> Proposal:
    """Take a proposal up, register what was changed, or turn it down. Raises NotFound, Conflict, Invalid."""
    with database.writing():
        proposal = Proposal.objects.select_for_update(of=("self",)).filter(pk=proposal_id).first()
        if proposal is None or not permissions.organises(actor, proposal.region):
            raise errors.NotFound(_("There is no such proposal here."), code="proposal_not_found")
        transition = PROPOSALS.named(action)
        if ProposalState(proposal.state) not in transition.sources:
            raise errors.Conflict(
                _("This is not possible in the present state."), code="state_forbids", state=proposal.state
            )
        (target,) = transition.targets
        came_from, proposal.state, proposal.answer = proposal.state, target.value, needed_text({"text": text})
        if target in (ProposalState.CHANGED, ProposalState.TURNED_DOWN):
            proposal.ended_at = now
        _record(proposal, action, {"text": proposal.answer}, actor, now, came_from=came_from)
    return proposal


def enter(*, event: PolicyProposalChanged) -> None:
    """Tell the register of policy proposals how far one has come, with the cases whose refusals show the problem."""
    _enter(Proposal.objects.get(pk=event.proposal_id), event.actor_id, event.at)


def enter_earlier(*, now: dt.datetime) -> int:
    """Tell the register of proposals it does not know yet: those made before there was one. Returns how many."""
    with database.writing():
        made = list(Proposal.objects.order_by("id"))
        known = registers.entered(source=SOURCE, source_ids=[one.id for one in made])
        missing = [one for one in made if known.get(one.id) != one.state][:MOST]
        for one in missing:
            _enter(one, None, now)
    return len(missing)


def _enter(proposal: Proposal, by: uuid.UUID | None, now: dt.datetime) -> None:
    cases = Refusal.objects.filter(pk__in=proposal.refusal_ids).values_list("case", flat=True)
    register.follow_proposal(
        source=SOURCE,
        source_id=proposal.id,
        region=proposal.region,
        title=proposal.title,
        text=proposal.text,
        state=proposal.state,
        answer=proposal.answer,
        case_ids=set(cases),
        actor_id=by,
        now=now,
    )


def _record(
    proposal: Proposal,
    name: str,
    said: dict[str, Any],
    actor: Actor,
    now: dt.datetime,
    *,
    came_from: str | None = None,
    made: bool = False,
) -> None:
    ledger.record_and_save(
        proposal,
        kind=f"refusals.{name}",
        actor_id=actor.person_id,
        now=now,
        said=said,
        came_from=came_from,
        changed=["state", "answer", "ended_at"],
        made=made,
    )
    events.publish(
        PolicyProposalChanged(
            proposal_id=proposal.id,
            region=proposal.region,
            title=proposal.title,
            refusal_ids=tuple(proposal.refusal_ids),
            state=proposal.state,
            actor_id=actor.person_id,
            at=now,
        )
    )
