"""What time brings: a step of an inquiry or a round of self-checks is late; on record once, told once."""

from bihuan.casework.deadlines.events import ThresholdCrossed

from .. import notices
from ..models import OPEN_STATES, Check, Inquiry
from ..states import CheckState
from ..wording import CLOCKS
from .recording import commit, record


def cross(event: ThresholdCrossed) -> None:
    """Note that a time limit ran out; clocks of other subjects are not our business."""
    if event.kind not in CLOCKS:
        return
    if event.kind == "check_answer":
        _check_late(event)
        return
    chosen = Inquiry.objects.select_for_update(of=("self",))
    inquiry = chosen.filter(pk=event.subject, state__in=OPEN_STATES, late_since=None).first()
    if inquiry is not None:
        inquiry.late_since = event.fire_at
        commit(inquiry, "late", now=event.now, said={"clock": event.kind}, changed=["late_since"])


def _check_late(event: ThresholdCrossed) -> None:
    chosen = Check.objects.select_for_update(of=("self",))
    check = chosen.filter(pk=event.subject, state=CheckState.OPEN.value, late_since=None).first()
    if check is not None:
        check.late_since = event.fire_at
        record(check, "late", now=event.now, said={"clock": event.kind}, changed=["late_since"])
        notices.send("check_late", thing=check, subject=check.title, inquiry="", units=(), now=event.now, but=None)
