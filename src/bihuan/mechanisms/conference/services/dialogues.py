"""周恳谈、月例会: the product plans them ahead, with the host whose turn it is and the guests whose turn it is."""

import datetime as dt
import uuid

from bihuan.casework.cases.permissions import THE_SYSTEM
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices, rules
from ..models import Attendee, Meeting, Member
from ..rulebook import Conference, Series
from .calling import new_meeting
from .recording import commit

_POOL = """
select firm.id, firm.uscc,
    count(*) filter (where matter.closed_at is null and matter.state not in ('declined', 'merged')) as open,
    talks.last, coalesce(talks.times, 0)
from cases_case matter join directory_enterprise firm on firm.id = matter.enterprise_id
left join (
    select seat.enterprise_id, max(talk.starts_at) as last, count(*) as times
    from conference_attendee seat join conference_meeting talk on talk.id = seat.meeting_id
    where seat.enterprise_id is not null and talk.kind = 'dialogue' and talk.state <> 'cancelled'
    group by seat.enterprise_id
) talks on talks.enterprise_id = firm.id
where matter.region = %s and matter.raised_at >= %s and firm.closed_on is null
group by firm.id, firm.uscc, talks.last, talks.times
"""
YEAR = dt.timedelta(days=365)


def plan_dialogues(*, now: dt.datetime) -> int:
    """Plan the dialogues of all series that fall into the time their rulebook plans ahead; return how many are new."""
    with database.writing():
        regions = [one.region for one in rulebooks.applied()]
    return sum(_plan(region, series, now) for region in regions for series in _series(region, now))


def _series(region: str, now: dt.datetime) -> tuple[Series, ...]:
    """Return the series of a region whose people look after matters themselves."""
    if not directory.boards(region, on=answers.local_date(now)):
        return ()
    return rulebooks.in_force(region, now).section(Conference).dialogues


def _plan(region: str, series: Series, now: dt.datetime) -> int:
    calendar = workcalendar.calendar_for(region)
    until = calendar.add(now, rulebooks.in_force(region, now).section(Conference).ahead).at
    days = rules.dates(
        weekday=series.weekday,
        day=series.day,
        first=answers.local_date(now),
        last=answers.local_date(until),
        next_workday=calendar.next_workday,
        is_workday=calendar.is_workday,
    )
    planned = 0
    for day in days:
        at = dt.time.fromisoformat(series.at)
        starts_at = dt.datetime.combine(day, at, calendar.hours_on(day).zone)
        if starts_at > now:
            planned += _one(region, series, starts_at, now)
    return planned


def _one(region: str, series: Series, starts_at: dt.datetime, now: dt.datetime) -> int:
    """Plan one dialogue, unless it is planned (or was cancelled, or moved) already."""
    with database.writing():
        meeting = new_meeting(region, "dialogue", starts_at, series.place, now=now, series=series.id)
        meeting.planned_for = answers.local_date(starts_at)
        if Meeting.objects.filter(region=region, series=series.id, planned_for=meeting.planned_for).exists():
            return 0
        meeting.host_id = _host(region, series, now)
        said = {"starts_at": starts_at.isoformat(), "place": series.place}
        commit(meeting, "planned", now=now, said=said, actor=THE_SYSTEM, made=True)
        chosen = rules.guests(_pool(region, now), count=series.guests)
        Attendee.objects.bulk_create(
            Attendee(
                meeting=meeting,
                region=region,
                role="guest",
                enterprise_id=one.enterprise_id,
                last_invited_at=one.invited_at,
                open_matters=one.open_matters,
            )
            for one in chosen
        )
        notices.invite(meeting, [one.enterprise_id for one in chosen], now=now)
    return 1


def _host(region: str, series: Series, now: dt.datetime) -> uuid.UUID | None:
    """Return the leader whose turn it is: of those who preside in the leading group, else of all leaders."""
    presiding = {role.id for role in rulebooks.in_force(region, now).section(Conference).group if role.presides}
    seats = Member.objects.filter(region=region, until=None, role__in=presiding).order_by("id")
    leaders = list(seats.values_list("person_id", flat=True)) or list(
        accounts.holders(role="leader", region=region, now=now)
    )
    talks = Meeting.objects.filter(region=region, series=series.id, host_id__in=leaders).exclude(state="cancelled")
    held = dict(talks.order_by("starts_at").values_list("host_id", "starts_at"))
    return rules.next_host([(one, held.get(one)) for one in leaders])


def _pool(region: str, now: dt.datetime) -> list[rules.Guest]:
    """Return the enterprises that raised something here within a year."""
    rows = database.fetch(_POOL, [region, now - YEAR])
    return [
        rules.Guest(enterprise_id=firm, uscc=uscc, open_matters=waiting, invited_at=last, times=times)
        for firm, uscc, waiting, last, times in rows
    ]
