"""What the product does by itself: it tells of late reviews, begins the vote of a competition, and counts it."""

from bihuan.casework.deadlines.events import ThresholdCrossed

from ..models import IN_FORCE, Competition, Institution
from ..states import CompetitionState
from .competitions import NOMINATE, VOTE, close_vote, lapse, open_vote
from .institutions import REVIEW
from .recording import commit


def cross(event: ThresholdCrossed) -> None:
    """A clock of the registers ran out; clocks of other subjects are not its business."""
    handler = {REVIEW: _unreviewed, NOMINATE: _nominated, VOTE: _voted}.get(event.kind)
    if handler is not None:
        handler(event)


def _unreviewed(event: ThresholdCrossed) -> None:
    chosen = Institution.objects.select_for_update(of=("self",)).filter(pk=event.subject, state__in=IN_FORCE)
    thing = chosen.first()
    if thing is not None:
        thing.late_since = event.fire_at
        commit(thing, "late", now=event.now, said={}, changed=["late_since"])


def _nominated(event: ThresholdCrossed) -> None:
    thing = _in(CompetitionState.CALLED, event)
    if thing is not None and not open_vote(thing, now=event.now):
        lapse(thing, now=event.now)


def _voted(event: ThresholdCrossed) -> None:
    thing = _in(CompetitionState.VOTING, event)
    if thing is not None:
        close_vote(thing, now=event.now)


def _in(state: CompetitionState, event: ThresholdCrossed) -> Competition | None:
    chosen = Competition.objects.select_for_update(of=("self",))
    return chosen.filter(pk=event.subject, state=state.value).first()
