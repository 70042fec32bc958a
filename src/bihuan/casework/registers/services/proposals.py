"""从“不能办”到“能办” (N5): the register of policy proposals follows what mechanisms proposed."""

import datetime as dt
import uuid
from collections.abc import Collection

from bihuan.foundation.kernel import database

from ..models import Proposal
from .institutions import follow_institution
from .recording import commit


def follow_proposal(
    *,
    source: str,
    source_id: uuid.UUID,
    region: str,
    title: str,
    text: str,
    state: str,
    answer: str,
    case_ids: Collection[uuid.UUID],
    actor_id: uuid.UUID | None,
    now: dt.datetime,
) -> Proposal:
    """Enter a policy proposal, or note how far it has come; the same word twice changes nothing.

    state: `proposed`, `taken_up`, `changed`, `turned_down`; answer: what was said with it. Where the policy changed, an
    institution is drafted from it, once, linked with the same cases: it is the answer that counts from then on. The
    caller has checked permission. Leaves a fact for each new state, and publishes InstitutionChanged for a draft.
    """
    with database.writing():
        database.fetch("select pg_advisory_xact_lock(hashtext(%s))", [f"registers:{source_id}"])
        found = Proposal.objects.select_for_update(of=("self",)).filter(source=source, source_id=source_id).first()
        if found is not None and found.state == state:
            return found
        made = found is None
        proposal = found or Proposal(source=source, source_id=source_id, region=region, proposed_at=now)
        came_from = None if made else proposal.state
        proposal.title, proposal.text, proposal.case_ids = title, text, sorted(case_ids)
        proposal.state, proposal.answer, proposal.moved_at = state, answer, now
        if state == "changed":
            proposal.institution = follow_institution(
                source="proposal",
                source_id=proposal.id,
                region=region,
                title=title,
                text=answer or text,
                case_ids=case_ids,
                actor_id=actor_id,
                now=now,
                kind="improved",
            )
        said = {"title": title, "text": answer or text, "state": state, "source": source}
        changed = ["title", "text", "case_ids", "state", "answer", "moved_at", "institution"]
        name = "entered" if made else "moved"
        commit(proposal, name, now=now, said=said, by=actor_id, came_from=came_from, changed=changed, made=made)
    return proposal
