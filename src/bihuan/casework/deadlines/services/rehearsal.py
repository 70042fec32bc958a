"""试算: what a change of the official days would do to the clocks that run, before it is made."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction

from bihuan.foundation.kernel.database import writing
from bihuan.foundation.workcalendar import selectors as calendars
from bihuan.foundation.workcalendar import services as workcalendar

from .recalculation import Recalculated, recalculate


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What an import of official days did or would do: to the days, and to the open clocks."""

    imported: workcalendar.Imported
    clocks: Recalculated


def follow_official_days(
    *, notice: workcalendar.Notice, actor_id: uuid.UUID, now: dt.datetime, dry_run: bool = False
) -> Effect:
    """Import the official days of a year and say what that means for the open clocks, counted before any is moved.

    The clocks themselves are moved by the job that CalendarChanged schedules. A dry run counts the same and leaves
    nothing behind. Raises what `workcalendar.import_days` raises.
    """
    with writing(), transaction.atomic():
        imported = workcalendar.import_days(notice=notice, actor_id=actor_id, now=now)
        # The last week of the year before may have rested on these days, too.
        clocks = _counted(now=now, first_day=dt.date(notice.year - 1, 12, 25))
        transaction.set_rollback(dry_run)
    calendars.forget()
    return Effect(imported=imported, clocks=clocks)


def _counted(*, now: dt.datetime, first_day: dt.date) -> Recalculated:
    whole = Recalculated()
    while True:
        part = recalculate(now=now, first_day=first_day, after=whole.last, dry_run=True)
        whole.seen += part.seen
        whole.earlier += part.earlier
        whole.later += part.later
        whole.settled += part.settled
        whole.relit += part.relit
        whole.last = part.last
        if part.last is None:
            return whole
