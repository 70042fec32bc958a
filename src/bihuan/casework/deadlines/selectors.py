"""Reading clocks."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.foundation.kernel.workdays import Duration
from bihuan.foundation.workcalendar import selectors as calendars
from bihuan.foundation.workcalendar import wording

from . import rules
from .models import Clock, ClockState, Timer
from .rules import ClockView, FactKind, Step


def clocks_of(subject: uuid.UUID) -> list[Clock]:
    """Return all clocks of `subject`, oldest first."""
    return list(Clock.objects.filter(subject=subject).order_by("started_at", "id"))


def clocks_of_many(subjects: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Clock]]:
    """Return the clocks of each of `subjects`, oldest first; one query."""
    found: dict[uuid.UUID, list[Clock]] = defaultdict(list)
    for clock in Clock.objects.filter(subject__in=list(subjects)).order_by("started_at", "id"):
        found[clock.subject].append(clock)
    return found


def open_from(day: dt.date) -> int:
    """Return how many open clocks are looked at again when working time changes from `day` on (a preview's number)."""
    # The same day's margin as the recalculation itself: the due date is an instant, the day one of the wall clock.
    since = dt.datetime.combine(day, dt.time(), dt.UTC) - dt.timedelta(days=1)
    return Clock.objects.exclude(state=ClockState.STOPPED).filter(Q(provisional=True) | Q(due_at__gte=since)).count()


def light_of(clock: Clock, now: dt.datetime) -> str | None:
    """Return the light a clock shows at `now`, from the row alone; None before the first."""
    on = [light for light, at in zip(clock.light_ids, clock.light_at, strict=True) if at is not None and at <= now]
    return on[-1] if on else None


def light_sql(alias: str, now: str) -> str:
    """Return an SQL expression for the light of the clock row `alias` at the expression `now` (null before the first).

    For lists that read rows without replaying them: `light_sql("c", "%(now)s")`.
    """
    # Both are names of the caller's own query, never input.
    return f"{alias}.light_ids[(select count(*) from unnest({alias}.light_at) as lit where lit <= {now})]"  # noqa: S608


def view_of(clock: Clock, now: dt.datetime) -> ClockView:
    """Return what a clock shows at `now`, replayed with the calendar of its region."""
    return rules.replay(rules.read_facts(clock.facts), calendars.calendar_for(clock.region), now)


def oldest_unfired_age(now: dt.datetime) -> dt.timedelta:
    """Return how long the oldest due timer has been waiting; zero when none is due. The health metric of the sweep."""
    oldest = Timer.objects.filter(fired_at__isnull=True).aggregate(at=Min("fire_at"))["at"]
    return max(now - oldest, dt.timedelta(0)) if oldest else dt.timedelta(0)


def explain(clock: Clock, now: dt.datetime) -> list[str]:
    """Return why a clock is due when it is, in short phrases of the reader's language, the due date last."""
    facts = rules.read_facts(clock.facts)
    calendar = calendars.calendar_for(clock.region)
    view = rules.replay(facts, calendar, now)
    base = rules.explain(facts, calendar)
    zone, beside = calendar.hours_on(calendar.local_date(view.due_at)).zone, calendar.local_date(view.due_at)

    def moment(instant: dt.datetime) -> str:
        return wording.moment(instant, zone=zone, beside=beside)

    told = wording.steps(base)[:-1] if base is not None else [_("a due date was set")]
    told += [_step(step, moment(step.at), view=view) for step in view.steps]
    if view.due_at != view.original_due_at:
        told.append(_("originally due %(due)s") % {"due": moment(view.original_due_at)})
    if view.provisional and (base is None or not base.unannounced):
        told.append(_("official days on the way are not announced yet, so this may still change"))
    told.append(_("due %(due)s") % {"due": moment(view.due_at)})
    return told


def span(length: dt.timedelta, *, working: bool) -> str:
    """Return a length of time in words, in whole minutes: `3 working hours 20 minutes`."""
    hours, minutes = divmod(int(length.total_seconds() // 60), 60)
    if working:
        whole = ngettext("%(count)d working hour", "%(count)d working hours", hours)
    else:
        whole = ngettext("%(count)d hour", "%(count)d hours", hours)
    rest = ngettext("%(count)d minute", "%(count)d minutes", minutes)
    parts = [whole % {"count": hours}] if hours else []
    parts += [rest % {"count": minutes}] if minutes or not hours else []
    return " ".join(parts)


def _step(step: Step, at: str, *, view: ClockView) -> str:
    if step.kind is FactKind.PAUSED:
        if step.until is None or step.lasted is None:
            return _("paused since %(at)s") % {"at": at}
        return _("paused on %(at)s for %(span)s") % {"at": at, "span": span(step.lasted, working=view.in_working_time)}
    if step.kind is FactKind.EXTENDED:
        if isinstance(step.allotment, Duration):
            return _("extended on %(at)s by %(duration)s") % {"at": at, "duration": wording.duration(step.allotment)}
        return _("a later due date was set on %(at)s") % {"at": at}
    return _("new terms since %(at)s") % {"at": at}
