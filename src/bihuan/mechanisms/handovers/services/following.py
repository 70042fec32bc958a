"""What the product does by itself: a matter that ends without an answer ends its hand-over; a late side is told."""

from bihuan.casework.cases.events import CaseEvent
from bihuan.casework.deadlines.events import ThresholdCrossed

from ..models import OPEN_STATES
from .acting import locked
from .recording import CLOCKS, commit, expect_next


def follow(*, event: CaseEvent) -> None:
    """The matter ended without an answer: take it back from both sides."""
    both = locked(handover__case_id=event.case_id, handover__ended_at=None)
    moved = [one for one in both if one.state in OPEN_STATES]
    came_from = {one.id: one.state for one in moved}
    for one in moved:
        one.state, one.ended_at = "taken_back", event.at
        expect_next(one, now=event.at)
    for one in moved:
        commit(one, both, "lapse", now=event.at, said={}, came_from=came_from[one.id])


def cross(event: ThresholdCrossed) -> None:
    """A step of an account is late: on record and told; clocks of other subjects are not its business."""
    if event.kind not in CLOCKS:
        return
    both = locked(pk=event.subject)
    account = next((one for one in both if one.id == event.subject and one.state in OPEN_STATES), None)
    if account is not None:
        account.late_since = event.fire_at
        commit(account, both, "late", now=event.now, said={"clock": event.kind})
