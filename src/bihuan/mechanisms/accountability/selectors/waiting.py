"""What waits for somebody in a region, whoever it is: for what acts without a reader."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..models import Check, Duty, Entry, Inquiry, Observer, Point, Relief, Sign
from ..states import CheckState, PointState, ReliefState, SignState


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Open signs, all inquiries in order of application with their standing duties, open reliefs, rounds, points."""

    signs: Sequence[Sign]
    inquiries: Sequence[tuple[Inquiry, Sequence[Duty]]]
    reliefs: Sequence[Relief]
    rounds: Sequence[tuple[Check, Sequence[Entry]]]
    points: Sequence[tuple[Point, Sequence[Observer]]]


def waiting(*, region: str) -> Waiting:
    """Return what waits in a region, such as the demonstration works through; call inside `database.writing()`."""
    signs = Sign.objects.filter(region=region, state=SignState.OPEN.value).select_related("case", "department")
    inquiries = list(Inquiry.objects.filter(region=region).select_related("case", "unit").defer("case__search"))
    duties = list(Duty.objects.filter(inquiry__in=inquiries, struck_at=None).order_by("at", "section"))
    reliefs = Relief.objects.filter(region=region, state=ReliefState.PROPOSED.value).select_related("inquiry")
    rounds = list(Check.objects.filter(region=region).order_by("opened_at"))
    entries = list(Entry.objects.filter(check_round__in=rounds, answered_at=None).select_related("department"))
    points = list(Point.objects.filter(region=region, state=PointState.ACTIVE.value).order_by("name"))
    seats = list(Observer.objects.filter(point__in=points, until=None).order_by("since"))
    running = [one for one in rounds if one.state == CheckState.OPEN]
    return Waiting(
        signs=list(signs.defer("case__search").order_by("found_at", "case__number", "kind")),
        inquiries=[
            (one, [duty for duty in duties if duty.inquiry_id == one.id])
            for one in sorted(inquiries, key=lambda one: (one.applied_at, one.number))
        ],
        reliefs=list(reliefs.order_by("number")),
        rounds=[
            (one, sorted((e for e in entries if e.check_round_id == one.id), key=lambda e: (e.board, e.name)))
            for one in (running or rounds[-1:])
        ],
        points=[(one, [seat for seat in seats if seat.point_id == one.id]) for one in points],
    )
