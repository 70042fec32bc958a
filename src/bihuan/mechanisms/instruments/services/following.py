"""What the product does by itself: it notes that a step of an instrument is late, and tells."""

from bihuan.casework.deadlines.events import ThresholdCrossed

from ..models import Instrument
from .recording import CLOCKS, commit


def cross(event: ThresholdCrossed) -> None:
    """A step of an instrument is late: on record and told; clocks of other subjects are not its business."""
    if event.kind not in CLOCKS:
        return
    rows = Instrument.objects.select_for_update(of=("self",)).select_related("letter").filter(pk=event.subject)
    found = rows.exclude(state="taken_back").first()
    if found is None:
        return
    found.late_since = event.fire_at
    commit(found, "late", now=event.now, said={"clock": event.kind}, changed=["late_since"])
