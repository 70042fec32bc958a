"""One fact of a track: recorded, saved with the row, told to people, to webhooks and to other contexts."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import database, events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices
from ..events import TrackChanged
from ..models import Track
from ..rulebook import Tracking
from ..states import OPEN, TrackState

OPEN_STATES = sorted(state.value for state in OPEN)
_OF_CASE = "select id, state from tracking_track where case_id = %s"


def rule(track: Track) -> Tracking:
    """Return the section of the rulebook under which the track began."""
    return rulebooks.version(track.rulebook_version).section(Tracking)


def lock_open(case_id: uuid.UUID) -> Track | None:
    """Lock and return the open track of a case that the caller holds locked, or None.

    Few matters are tracked and every fact of each asks: so first by a statement whose plan is kept.
    """
    tracks = database.fetch(_OF_CASE, [case_id])
    if not any(state in OPEN_STATES for _id, state in tracks):
        return None
    return Track.objects.select_for_update(of=("self",)).filter(case=case_id, state__in=OPEN_STATES).first()


def new(case: Case, *, state: TrackState, now: dt.datetime) -> Track:
    """Return a new track of the case, not yet saved; `commit` with `made` inserts it."""
    return Track(case=case, region=case.region, state=state.value, found_at=now, rulebook_version=case.rulebook_version)


def commit(
    track: Track,
    case: Case,
    kind: str,
    *,
    now: dt.datetime,
    changed: Iterable[str] = (),
    said: dict[str, Any] | None = None,
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    made: bool = False,
    quiet: bool = False,
) -> None:
    """Record the fact `tracking.<kind>`, save the fields `changed` (all of a row just made), and tell everybody.

    quiet: no notices, because the caller sends others.
    """
    data = said or {}
    ledger.record_and_save(
        track,
        kind=f"tracking.{kind}",
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said={**data, "case": case.number},
        came_from=came_from,
        changed=changed,
        made=made,
    )
    if not quiet:
        notices.send(kind, case=case, track_id=track.id, data=data, now=now)
    payload = {"number": case.number, "state": track.state, "at": now.isoformat()}
    notifications.publish(
        event_type=f"tracking.{kind}",
        payload=payload,
        region=case.region,
        now=now,
        enterprise_id=None,
    )
    events.publish(
        TrackChanged(
            track_id=track.id,
            case_id=case.id,
            number=case.number,
            region=case.region,
            fact=f"tracking.{kind}",
            state=track.state,
            actor_id=actor.person_id,
            at=now,
        )
    )
