"""Taking over matters from a foreign register, with their own times. They keep their source id and never alarm."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.kernel.text import clean_line, clean_text
from bihuan.foundation.kernel.workdays import OutOfCalendar, WorkCalendar
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.rulebooks.selectors import Rulebook
from bihuan.foundation.workcalendar import selectors as workcalendar

from ..models import Case
from ..permissions import Actor
from ..rulebook import Channels, Lights, Tiers
from ..states import ClosedKind
from . import clocks, entering
from .raising import DESCRIPTION_MAX, TITLE_MAX

_LINES = {
    "title": TITLE_MAX, "region": 12, "source": 40, "source_id": 120, "channel": 40, "enterprise": 64,
    "enterprise_name": 120, "category": 64, "board": 64, "department": 64, "place": 200, "closed_kind": 16,
    "contact_name": 120, "contact_phone": 40,
}  # fmt: skip
_TEXTS = {"description": DESCRIPTION_MAX, "reply_text": DESCRIPTION_MAX}


@dataclass(kw_only=True)
class Past:
    """One matter of a foreign register. `source` and `source_id` make it known again; times are aware instants.

    target_at: the deadline the other register gave, if it says. A matter with `closed_at`, or with a reply and a
    `closed_kind` (what it came to), comes in closed. department: code of the lead department here, if it is known.
    `category` may be the other register's own word.
    """

    title: str
    description: str
    region: str
    source: str
    source_id: str
    raised_at: dt.datetime
    channel: str = "bulk"
    enterprise: str = ""
    enterprise_name: str = ""
    category: str = ""
    board: str = ""
    department: str = ""
    place: str = ""
    target_at: dt.datetime | None = None
    reply_text: str = ""
    replied_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    closed_kind: str = ""
    contact_name: str = ""
    contact_phone: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes the matter known again."""
        return self.region[:6], self.source, self.source_id


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of one row: its number (none in a dry run); or that it was known already; or why it was refused."""

    number: str = ""
    known: bool = False
    problem: errors.Problem | None = None


@dataclass(frozen=True, kw_only=True)
class _Place:
    """What holds now for new rows of one region."""

    county: str
    town: str
    book: Rulebook
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """A matter that may come in, where it belongs in the answer, and its row."""

    index: int
    matter: Past
    case: Case


def import_past(*, matters: Sequence[Past], actor: Actor, now: dt.datetime, dry_run: bool = False) -> list[Taken]:
    """Enter past matters, some hundreds at a time, in one transaction; each row whole or not at all.

    A row whose region, source and source id are in the register already is left as it is (`known`), so running an
    import again changes nothing. Facts carry the other register's own times and `imported_at`. No clock is started, no
    event published and nobody told: imported matters never alarm. With `dry_run` rows are only checked. Returns one
    Taken per row, in order.
    """
    try:
        return _import(matters, actor, now, dry_run)
    except IntegrityError:
        if connection.in_atomic_block:
            raise
        return _import(matters, actor, now, dry_run)  # somebody entered one of them in between; now it is known


def _import(matters: Sequence[Past], actor: Actor, now: dt.datetime, dry_run: bool) -> list[Taken]:
    results = [Taken()] * len(matters)
    cleaned: list[tuple[int, Past]] = []
    for index, matter in enumerate(matters):
        try:
            cleaned.append((index, _cleaned(matter)))
        except errors.Problem as problem:
            results[index] = Taken(problem=problem)
    with database.writing():
        _lock_sources({matter.source for _index, matter in cleaned})
        known = _known([matter for _index, matter in cleaned])
        place_of = cache(lambda region: _place(region, now))
        fresh: list[Fresh] = []
        for index, matter in cleaned:
            if matter.key in known:
                results[index] = Taken(known=True, number=known[matter.key])
                continue
            try:
                case = _past_case(matter, place_of(matter.region), now)
            except errors.Problem as problem:
                results[index] = Taken(problem=problem)
                continue
            fresh.append(Fresh(index=index, matter=matter, case=case))
            known[matter.key] = ""
        if fresh and not dry_run:
            entering.enter(fresh, actor, now)
    for one in fresh:
        results[one.index] = Taken(number=one.case.number)
    return results


def _cleaned(matter: Past) -> Past:
    """Return the matter with clean texts. Raises Invalid `too_long`: nothing is ever cut off in silence."""
    values: dict[str, Any] = {}
    for limits, clean in ((_LINES, clean_line), (_TEXTS, clean_text)):
        for name, most in limits.items():
            if given := getattr(matter, name):
                values[name] = value = clean(given)
                if len(value) > most:
                    raise errors.Invalid(
                        _("At most %(most)s characters, please.") % {"most": most}, code="too_long", field=name
                    )
    return replace(matter, **values)


def _lock_sources(sources: Iterable[str]) -> None:
    """Two imports of one register wait for each other, so that neither takes a row twice."""
    with connection.cursor() as cursor:
        for source in sorted(sources):
            cursor.execute("select pg_advisory_xact_lock(hashtext('import'), hashtext(%s))", [source])


def _known(matters: Sequence[Past]) -> dict[tuple[str, str, str], str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.region, c.source, c.source_id, c.number from cases_case c"
            " join unnest(%s::text[], %s::text[], %s::text[]) as k(region, source, source_id)"
            " on c.region = k.region and c.source = k.source and c.source_id = k.source_id where c.source_id <> ''",
            [list(column) for column in zip(*{matter.key for matter in matters}, strict=True)] or [[], [], []],
        )
        return {(region, source, source_id): number for region, source, source_id, number in cursor.fetchall()}


def _place(code: str, now: dt.datetime) -> _Place:
    region = directory.region_in_force(code, clocks.local_date(now))
    county = region.code[:6]
    return _Place(
        county=county,
        town=region.code if len(region.code) > 6 else "",
        book=rulebooks.in_force(county, now),
        calendar=workcalendar.calendar_for(county),
    )


def _past_case(matter: Past, place: _Place, now: dt.datetime) -> Case:
    """Return the row of a matter that may come in; number, enterprise and history are still missing. Raises Invalid."""
    _check_times(matter, now)
    title = matter.title or " ".join(matter.description.split())[:TITLE_MAX]
    for name, value in (("title", title), ("source", matter.source), ("source_id", matter.source_id)):
        if not value:
            raise errors.Invalid(_("This is missing."), code="required", field=name)
    if place.book.section(Channels).find(matter.channel) is None:
        raise errors.Invalid(_("There is no such channel here."), code="channel_unknown", field="channel")
    if matter.closed_kind and matter.closed_kind not in set(ClosedKind):
        raise errors.Invalid(_("There is no such kind of closing."), code="closed_kind_unknown", field="closed_kind")
    if matter.board:
        directory.board_in_force(place.county, matter.board, clocks.local_date(now))
    if matter.enterprise:
        directory_rules.check_uscc(matter.enterprise, field="enterprise")
    case = Case(
        id=uuid7(),
        region=place.county,
        town=place.town,
        title=title,
        description=matter.description or title,
        channel=matter.channel,
        place=matter.place,
        category=matter.category,
        board=matter.board,
        anonymous=not matter.enterprise,
        raised_at=matter.raised_at,
        rulebook_version=place.book.id,
        source=matter.source,
        source_id=matter.source_id,
        lead_department_id=_department_id(matter, place),
    )
    _set_deadline(case, matter, place)
    return case


def _department_id(matter: Past, place: _Place) -> uuid.UUID | None:
    if not matter.department:
        return None
    department = directory.department(place.county, matter.department)
    if department is None:
        raise errors.Invalid(
            _("There is no such department in this region."), code="department_unknown", field="department"
        )
    return department.id


def _check_times(matter: Past, now: dt.datetime) -> None:
    """What happened lies in the past, and in the order raised, replied, closed."""
    before = matter.raised_at
    for name in ("raised_at", "replied_at", "closed_at"):
        instant = getattr(matter, name)
        if instant is None:
            continue
        if instant > now:
            raise errors.Invalid(_("This lies in the future."), code="time_in_future", field=name)
        if instant < matter.raised_at:
            raise errors.Invalid(_("This lies before the matter was raised."), code="times_out_of_order", field=name)
        if instant < before:
            raise errors.Invalid(_("This lies before the reply."), code="times_out_of_order", field=name)
        before = instant


def _set_deadline(case: Case, matter: Past, place: _Place) -> None:
    """Take the other register's deadline, in natural time; where it has none, the limit of an ordinary matter here."""
    lights = place.book.section(Lights).root
    raised, target = matter.raised_at, matter.target_at
    if target is not None:
        # A deadline before the matter was raised leaves no time at all: overdue from the first moment.
        begin = min(raised, target)
        case.light_at = [begin + (target - begin) * light.at for light in lights]
        case.counts_from, case.allotment, case.due_at = begin, "natural", target
    else:
        limit = place.book.section(Tiers).ordinary.due
        try:
            deadline = place.calendar.add(raised, limit)
            start, end = place.calendar.position(deadline.counts_from), place.calendar.position(deadline.at)
        except OutOfCalendar as error:
            raise errors.Invalid(
                _("The working calendar does not reach this time, so no deadline can be set; give one."),
                code="time_out_of_calendar",
                field="raised_at",
            ) from error
        case.light_at = [place.calendar.instant(start + round((end - start) * light.at)) for light in lights]
        case.counts_from, case.allotment = deadline.counts_from, str(limit)
        case.due_at, case.provisional = deadline.at, deadline.provisional
    case.light_ids = [light.id for light in lights]
    case.original_due_at = case.due_at
