"""One fact of a finding: recorded, saved with the row, told to people, to webhooks and to other contexts."""

import datetime as dt
from typing import Any

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import answers, events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices
from ..events import FindingChanged
from ..models import Finding
from ..rulebook import Findings

CLOCKS = tuple(f"finding_{name}" for name in ("check", "sort", "rectify", "verify", "look_back"))


def rule(finding: Finding) -> Findings:
    """Return what the rulebook under which the finding was made says."""
    return rulebooks.version(finding.rulebook_version).section(Findings)


def expect_next(finding: Finding, *, now: dt.datetime) -> None:
    """Start the clock of what is expected in the state it is in; letters and cases have clocks of their own."""
    book = rule(finding)
    if finding.state == "planned" and finding.check_on is not None:
        deadlines.expect(finding, "finding_check", answers.end_of_day(finding.check_on), now=now)
        return
    kind, limit = {
        "found": ("finding_sort", book.sort_within),
        "asked": ("finding_rectify", book.rectify_within),
        "answered": ("finding_verify", book.verify_within),
        "written_off": ("finding_look_back", book.look_back.after if finding.look == "drawn" else None),
    }.get(finding.state, ("", None))
    deadlines.expect(finding, kind, limit, now=now)


def commit(
    finding: Finding,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    made: bool = False,
) -> None:
    """Record the fact `findings.<name>`, save the row, and tell everybody; of a clue nobody but the ledger learns."""
    due = {"due_at": finding.due_at.isoformat()} if finding.due_at else {}
    ledger.record_and_save(
        finding,
        kind=f"findings.{name}",
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said={**said, **due},
        came_from=came_from,
        made=made,
    )
    if finding.state == "handed_over":
        return
    notices.send(name, finding=finding, now=now, but=actor.person_id)
    payload = {"id": str(finding.id), "state": finding.state, "nature": finding.nature, "at": now.isoformat()}
    event_type = f"findings.{name}"
    notifications.publish(event_type=event_type, payload=payload, region=finding.region, now=now, enterprise_id=None)
    events.publish(
        FindingChanged(
            finding_id=finding.id,
            region=finding.region,
            department_id=finding.department_id,
            nature=finding.nature,
            fact=event_type,
            state=finding.state,
            relapses=finding.relapses,
            actor_id=actor.person_id,
            at=now,
        )
    )
