"""What happens to a track: facts with their wordings, and one event for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class TrackChanged(Event):
    """A fact of a track was recorded: which (`tracking.…`), and where the track stands after it."""

    track_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    region: str
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "tracking.proposed": _("{actor} proposes to track the matter: {score} points"),
    "tracking.entered": _("{actor} put the matter into the tracking store: {reason}"),
    "tracking.refused": _("{actor} decided not to track the matter: {reason}"),
    "tracking.dropped": _("The matter ended before a decision on tracking"),
    "tracking.planned": _("The steps of plan version {version} are followed: {steps}"),
    "tracking.revision_asked": _("The enterprise is not satisfied with plan version {version}; it has to be revised"),
    "tracking.progress_reported": _("{actor} told how far it is: {text}"),
    "tracking.node_met": _("{actor} reached step {node}: {text}"),
    "tracking.node_light": _("The light of step {node} changed to {light}"),
    "tracking.update_missed": _("The regular update did not come: it was due {due_at}"),
    "tracking.bulletin_published": _("Bulletin {bulletin} was sent to the enterprise"),
    "tracking.rested": _("The matter was withdrawn or merged; whether it leaves the store is decided one level up"),
    "tracking.achieved": _("The enterprise confirmed that it is done; tracking ends"),
    "tracking.left": _("{actor} took the matter out of the tracking store: {reason}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
