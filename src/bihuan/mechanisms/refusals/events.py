"""What happens to refusals and proposals: facts with their wordings, and events for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RefusalChanged(Event):
    """A fact of a refusal was recorded (`refusals.…`), where it stands after it, and its outcome (empty before)."""

    refusal_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    region: str
    fact: str
    state: str
    outcome: str
    actor_id: uuid.UUID | None
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class PolicyProposalChanged(Event):
    """A policy proposal was made, taken up, or came to its end: registers of institutions may follow it."""

    proposal_id: uuid.UUID
    region: str
    title: str
    refusal_ids: tuple[uuid.UUID, ...]
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "refusals.pooled": _("It came into the candidate pool ({cause})"),
    "refusals.cause_added": _("Another sign of a refusal ({cause})"),
    "refusals.research": _("{actor} researched it: {text}"),
    "refusals.select": _(
        "{actor} selected it for review (importance {importance}, soundness {soundness}, typicality {typicality};"
        " hash of the seed {seed_hash}): {text}"
    ),
    "refusals.set_aside": _("{actor} set it aside: {text}"),
    "refusals.draw": _("{actor} drew the panel with the seed {seed}: {count} members"),
    "refusals.convene": _("{actor} called the session: {text}"),
    "refusals.state_unit": _("The unit stated: {text}"),
    "refusals.state_enterprise": _("The enterprise stated: {text}"),
    "refusals.open_vote": _("{actor} opened the vote, number {round}: {text}"),
    "refusals.vote": _("A member voted; sealed as {seal}"),
    "refusals.recuse": _("{actor} took a member off the panel: {text}"),
    "refusals.annul": _("{actor} annulled the verdict, because a member was involved: {text}; the panel votes again"),
    "refusals.close_vote": _("{actor} closed the vote with {count} votes; joint result: {outcome}"),
    "refusals.tally": _("All votes are in and were opened; joint result: {outcome}"),
    "refusals.vote_again": _("No result has more than half of the votes; the panel votes again"),
    "refusals.order": _("{actor} ordered, due {due_at}: {text}"),
    "refusals.report": _("The unit reported on it: {text}"),
    "refusals.complete": _("{actor} wrote it off: {text}"),
    "refusals.achieved": _("The matter was solved; what the review asked for is done"),
    "refusals.concede": _("The unit does it after all, before the review: {text}"),
    "refusals.solved": _("Solved before the review"),
    "refusals.lapse": _("The matter was withdrawn, merged or archived; its review ended"),
    "refusals.late": _("A time limit of the review ran out: {clock}"),
    "refusals.enrolled": _("{actor} put somebody into the pool of panels ({group})"),
    "refusals.retired": _("{actor} took somebody out of the pool of panels"),
    "refusals.proposed": _("{actor} proposed to change a policy: {title}"),
    "refusals.take_up": _("{actor} took the proposal up: {text}"),
    "refusals.register_change": _("{actor} registered the change: {text}"),
    "refusals.turn_down": _("{actor} turned the proposal down: {text}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
