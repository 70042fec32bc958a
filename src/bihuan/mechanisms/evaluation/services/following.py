"""What evaluation does when something happens to a case, or one of its own clocks runs out."""

from bihuan.casework.cases import events as told
from bihuan.casework.cases.models import Case
from bihuan.casework.deadlines.events import ThresholdCrossed

from . import asking, calling, marking

MARK_CLOCKS = ("mark_contact", "mark_correct", "mark_revisit")


def follow(*, event: told.CaseEvent) -> None:
    """Invite after a closing, hear a rating, let the call about a matter that goes on lapse. The case is locked."""
    case = Case.objects.defer("search").get(pk=event.case_id)
    if isinstance(event, told.CaseClosed):
        asking.invite(case, event.at)
    elif isinstance(event, told.CaseRated):
        asking.use(case, event.at)
        marking.hear(event)
    else:
        calling.lapse(case, event.at)


def cross(event: ThresholdCrossed) -> None:
    """A step is late; clocks of other subjects are not evaluation's business."""
    if event.kind in MARK_CLOCKS:
        marking.late(event.subject, clock=event.kind, since=event.fire_at, now=event.now)
    elif event.kind == "evaluation_call":
        calling.late(event.subject, clock=event.kind, since=event.fire_at, now=event.now)
