"""One fact of an instrument: recorded, saved with the row, told to people, to webhooks and to other contexts."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from bihuan.casework.cases.events.between import LetterMoved
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import events
from bihuan.foundation.kernel.workdays import Duration
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices
from ..events import InstrumentChanged
from ..models import Instrument
from ..rulebook import Instruments
from ..states import ADDRESSEE, KINDS, STEPS, before_issue, next_step

CLOCKS = tuple(f"instrument_{name}" for name in ("issue", "receive", "reply", "assess", "review", "look_back"))


def rule(instrument: Instrument) -> Instruments:
    """Return what the rulebook under which the instrument was drafted says."""
    return rulebooks.version(instrument.rulebook_version).section(Instruments)


def expect_next(instrument: Instrument, *, now: dt.datetime) -> None:
    """Start the clock of the step that is expected now; the draft has one for all steps up to its issue."""
    kind = KINDS[instrument.kind]
    step, section = next_step(kind, instrument.state), rule(instrument)
    limits: dict[str, tuple[str, Duration]] = {
        "receive": ("instrument_receive", section.receive_within),
        "assess": ("instrument_assess", section.assess_within),
        "close": ("instrument_assess", section.assess_within),
    }
    if step is not None and instrument.state in before_issue(kind):
        clock, limit = "instrument_issue", section.issue_within
    elif step in ("reply", "hold"):
        clock, limit = "instrument_reply", getattr(section.reply_within, kind.name)
    elif step in limits:
        clock, limit = limits[step]
    elif instrument.look == "drawn":
        clock, limit = "instrument_look_back", section.look_back.after
    else:
        deadlines.expect(instrument, "", None, now=now)
        return
    deadlines.expect(instrument, clock, limit, now=now)


def commit(
    instrument: Instrument,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
) -> None:
    """Record the fact `instruments.<name>`, save the row, and tell everybody."""
    fact, kind = f"instruments.{name}", KINDS[instrument.kind]
    step = next_step(kind, instrument.state)
    instrument.shown = instrument.shown or (step is not None and STEPS[step][1] == ADDRESSEE)
    due = instrument.due_at.isoformat() if instrument.due_at else ""
    ledger.record_and_save(
        instrument,
        kind=fact,
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said={**said, "kind": instrument.kind, **({"due_at": due} if due else {})},
        came_from=came_from,
        changed=[*changed, "shown"],
        made=made,
    )
    notices.send(name, instrument=instrument, due=due, now=now, but=actor.person_id)
    if "coordinator" in kind.readers:
        payload = {"kind": instrument.kind, "state": instrument.state, "at": now.isoformat()}
        notifications.publish(event_type=fact, payload=payload, region=instrument.region, now=now, enterprise_id=None)
    events.publish(
        InstrumentChanged(
            instrument_id=instrument.id,
            kind=instrument.kind,
            case_id=instrument.case_id,
            region=instrument.region,
            fact=fact,
            state=instrument.state,
            relapses=instrument.relapses,
            actor_id=actor.person_id,
            at=now,
        )
    )
    if instrument.source is not None:
        events.publish(
            LetterMoved(
                source_id=instrument.source,
                instrument_id=instrument.id,
                kind=instrument.kind,
                state=instrument.state,
                number=instrument.letter.number if instrument.letter else "",
                text=str(said.get("text", "")),
                at=now,
            )
        )
