"""The clocks of a case: which run when, and what the case row shows of the one that rules now.

`acceptance` until accepted, then `handling` (a new cycle after each rework or reopening) are mirrored on the row;
`supplement`, `sign`, `first_contact`, `plan`, `ruling`, `co_reply`, `verification`, `callback`, `word`, `suspension`
and `suspension_review` run beside them, each with timers of its own.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from bihuan.casework.deadlines import rules as deadline_rules
from bihuan.casework.deadlines import selectors as deadline_views
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.kernel.workdays import Duration, Unit, WorkCalendar
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from ..models import Case, CoDepartment
from ..rulebook import (
    Acceptance,
    Callback,
    Lights,
    Reopen,
    Returns,
    Rework,
    Suspension,
    Tier,
    Tiers,
    Verification,
)

if TYPE_CHECKING:
    from .turn import Turn

ZONE = ZoneInfo("Asia/Shanghai")
ACCEPTANCE, HANDLING, CO_REPLY = "acceptance", "handling", "co_reply"
SUPPLEMENT, FIRST_CONTACT, PLAN, CALLBACK = "supplement", "first_contact", "plan", "callback"
SUSPENSION_REVIEW = "suspension_review"
OVERDUE = (("due", 1),)
"""What clocks beside the main one alarm at: only when their time is up."""
M = TypeVar("M", bound=BaseModel)


class Rule(Protocol):
    """Gives a section of a rulebook."""

    def __call__(self, section: type[M], /) -> M:
        """Return the section."""


def local_date(now: dt.datetime) -> dt.date:
    """Return the calendar day of an instant where the product works (Asia/Shanghai)."""
    return now.astimezone(ZONE).date()


def calendar(turn: "Turn") -> WorkCalendar:
    """Return the working calendar of the case's region."""
    return workcalendar.calendar_for(turn.case.region)


def tier(turn: "Turn") -> Tier:
    """Return the limits of the case's tier."""
    return turn.rule(Tiers).named(turn.case.tier)


def start_acceptance(case: Case, now: dt.datetime) -> None:
    """Start the clock for accepting a matter that was just raised (the case row is not written yet)."""
    within = rulebooks.version(case.rulebook_version).section(Acceptance).within
    mirror(case, deadlines.start_many(clocks=[_new(case, ACCEPTANCE, within)], now=now)[0], now)
    case.original_due_at = case.due_at


def start_acceptance_again(turn: "Turn") -> None:
    """Start the next cycle of the clock for accepting, for a matter that had been declined."""
    new = _new(turn.case, ACCEPTANCE, turn.rule(Acceptance).within, cycle=None)
    mirror(turn.case, deadlines.start_many(clocks=[new], now=turn.now)[0], turn.now)


def start_handling(turn: "Turn", allotment: Duration) -> None:
    """Start the clock for handling, or its next cycle. The first limit given stays on record as the original one."""
    case = turn.case
    cycle = 1 + case.reworks + case.reopenings
    new = _new(case, HANDLING, allotment, cycle=cycle, department=case.lead_department_id)
    mirror(case, deadlines.start_many(clocks=[new], now=turn.now)[0], turn.now)
    if cycle == 1:
        case.original_due_at = case.due_at


def start(turn: "Turn", kind: str, allotment: Duration, *, department: uuid.UUID | None = None) -> None:
    """Start one of the clocks that run beside the main one; its next cycle if it ran before."""
    new = _new(turn.case, kind, allotment, cycle=None, department=department)
    deadlines.start_many(clocks=[new], now=turn.now)


def start_until(turn: "Turn", kind: str, until: dt.datetime) -> None:
    """Start a clock that ends at a set instant."""
    deadlines.start_many(clocks=[_new(turn.case, kind, until, cycle=None)], now=turn.now)


def start_co_replies(turn: "Turn", departments: Iterable[uuid.UUID], due: dt.datetime) -> None:
    """Start one clock for each co-department, due at `due`, inside the whole one (L5)."""
    new = [
        _new(turn.case, CO_REPLY, due, cycle=None, department=department, part=str(department))
        for department in departments
    ]
    deadlines.start_many(clocks=new, now=turn.now)


def stop(turn: "Turn", *kinds: str, part: str | None = None) -> None:
    """Stop the clocks of these kinds; a stopped main clock freezes the light on the row."""
    for clock in deadlines.stop(subject=turn.case.id, now=turn.now, kinds=kinds, part=part):
        _show_if_main(turn, clock)


def stop_handling(turn: "Turn") -> None:
    """The lead department has answered: its time ends here."""
    stop(turn, HANDLING)


def stop_all(turn: "Turn", *, void: bool = False) -> None:
    """The matter has ended: no clock of it runs or alarms any more; `void` where it ended without result."""
    for clock in deadlines.stop(subject=turn.case.id, now=turn.now, void=void):
        _show_if_main(turn, clock)


def pause(turn: "Turn", kind: str, *, hold: str) -> None:
    """Stop time for a clock, for the reason `hold`."""
    for clock in deadlines.pause(subject=turn.case.id, now=turn.now, kinds=[kind], hold=hold):
        _show_if_main(turn, clock)


def resume(turn: "Turn", kind: str, *, hold: str) -> None:
    """Let time pass again for a clock: the reason `hold` is over."""
    for clock in deadlines.resume(subject=turn.case.id, now=turn.now, kinds=[kind], hold=hold):
        _show_if_main(turn, clock)


def pause_handling(turn: "Turn", hold: str) -> None:
    """Stop time for lead and co-departments, for the reason `hold`."""
    kinds = [HANDLING, CO_REPLY, FIRST_CONTACT, PLAN]
    for clock in deadlines.pause(subject=turn.case.id, now=turn.now, kinds=kinds, hold=hold):
        _show_if_main(turn, clock)


def resume_handling(turn: "Turn", hold: str, *, void: bool = False) -> None:
    """Let time pass again for lead and co-departments; with `void` the time that stood still counts after all."""
    for clock in deadlines.resume(subject=turn.case.id, now=turn.now, hold=hold, void=void):
        _show_if_main(turn, clock)


def extend_handling(turn: "Turn", *, days: int) -> None:
    """Give the main clock `days` more working days; the original limit stays on the row.

    It was asked for in time: that the decision comes after the limit takes nothing away from whoever asked.
    """
    more = Duration(days, Unit.WORKING_DAY)
    extended = deadlines.extend(subject=turn.case.id, kind=HANDLING, by=more, now=turn.now, late=True)
    mirror(turn.case, extended, turn.now)


def retarget_handling(turn: "Turn", allotment: Duration) -> None:
    """Give the main clock another allotment, counted from its start; the original limit stays on the row."""
    changed = deadlines.retarget(subject=turn.case.id, kind=HANDLING, allotment=allotment, now=turn.now)
    mirror(turn.case, changed, turn.now)


def allowed(clock: Clock, case: Case, rule: Rule, *, before: Rule) -> Duration | None:
    """Return what a rulebook (`rule`) allows for an open clock of a case; None where its end was set by hand.

    before: the rulebook under which the clock runs, by which a rework is told from a reopening.
    """
    current = deadline_rules.terms(deadline_rules.read_facts(clock.facts)).allotment
    if not isinstance(current, Duration):
        return None
    if clock.kind == HANDLING and clock.cycle > 1:
        return rule(Rework).due if before(Rework).due == current else rule(Reopen).due
    tier = rule(Tiers).named(case.tier or "ordinary")
    limits: dict[str, Duration | None] = {
        ACCEPTANCE: rule(Acceptance).within,
        SUPPLEMENT: tier.supplement_within,
        HANDLING: tier.due,
        "sign": tier.sign_within,
        FIRST_CONTACT: tier.first_contact_within,
        PLAN: tier.plan_within,
        "ruling": rule(Returns).ruling_within,
        SUSPENSION_REVIEW: rule(Suspension).review_every,
        "verification": rule(Verification).within,
        CALLBACK: rule(Callback).within,
    }
    return limits.get(clock.kind)


def take_terms(turn: "Turn", *, before: Rule) -> None:
    """Bring the open clocks of a case under its rulebook, which is another than when they were started."""
    with deadlines.together(subject=turn.case.id) as book:
        for clock in book.open_clocks():
            changed = deadlines.take_terms(
                clock=clock,
                allotment=allowed(clock, turn.case, turn.rule, before=before),
                lights=_lights(turn.case, clock.kind),
                rulebook_version=str(turn.case.rulebook_version),
                now=turn.now,
            )
            _show_if_main(turn, changed)
        _draw_in(turn, [clock for clock in book.open_clocks() if clock.kind == CO_REPLY])


def _draw_in(turn: "Turn", helping: Iterable[Clock]) -> None:
    """Give co-departments less time where the whole has become shorter than theirs (L5); never more."""
    hours, case = calendar(turn), turn.case
    due = co_due(turn)
    if case.held_at is not None and case.counts_from is not None:
        # A date that is set leaves behind what stood still before; the whole will be moved by that as well.
        stood = hours.position(turn.now) - hours.position(max(case.held_at, case.counts_from))
        due = hours.instant(hours.position(due) + max(stood, 0))
    for clock in helping:
        if clock.due_at > due:
            deadlines.retarget(subject=case.id, kind=CO_REPLY, part=clock.part, allotment=due, now=turn.now)
            CoDepartment.objects.filter(case=case, department_id=clock.part, replied_at=None).update(due_at=due)


def extended(turn: "Turn", *, days: int) -> dt.datetime:
    """Return when the main clock would be due with `days` more working days."""
    return calendar(turn).add(turn.case.due_at, Duration(days, Unit.WORKING_DAY)).at


def co_due(turn: "Turn") -> dt.datetime:
    """Return when co-departments have to answer: one working day before the whole is due, at the earliest tomorrow."""
    case = turn.case
    tomorrow = calendar(turn).add(turn.now, Duration(1, Unit.WORKING_DAY)).at
    before = calendar(turn).subtract(case.due_at, Duration(1, Unit.WORKING_DAY))
    return min(max(before, tomorrow), max(case.due_at, tomorrow))


def mirror(case: Case, clock: Clock, now: dt.datetime) -> None:
    """Show the main clock on the case row, so that lists need no clock to say light, limit and elapsed share."""
    view = deadline_views.view_of(clock, now)
    lit = [instant for instant in clock.light_at if instant is not None]
    case.due_at, case.light_ids, case.light_at = clock.due_at, list(clock.light_ids), lit
    case.held_at = clock.stopped_at or clock.paused_at
    case.provisional = clock.provisional
    case.allotment = clock.allotment if view.in_working_time else "natural"
    if view.in_working_time:
        hours = workcalendar.calendar_for(case.region)
        case.counts_from = hours.instant(hours.position(view.due_at) - view.allotted // dt.timedelta(microseconds=1))
    else:
        case.counts_from = view.due_at - view.allotted


def _new(
    case: Case,
    kind: str,
    allotment: Duration | dt.datetime,
    *,
    cycle: int | None = 1,
    department: uuid.UUID | None = None,
    part: str = "",
) -> deadlines.NewClock:
    return deadlines.NewClock(
        subject=case.id,
        region=case.region,
        kind=kind,
        part=part,
        allotment=allotment,
        lights=_lights(case, kind),
        cycle=cycle,
        holder_department=department,
        rulebook_version=str(case.rulebook_version),
    )


def _lights(case: Case, kind: str) -> Iterable[tuple[str, float]]:
    if kind not in (ACCEPTANCE, HANDLING, CO_REPLY):
        return OVERDUE
    return [(row.id, row.at) for row in rulebooks.version(case.rulebook_version).section(Lights).root]


def _show_if_main(turn: "Turn", clock: Clock) -> None:
    if clock.kind == (ACCEPTANCE if turn.case.accepted_at is None else HANDLING):
        mirror(turn.case, clock, turn.now)
