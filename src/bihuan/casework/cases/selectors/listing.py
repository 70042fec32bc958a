"""Lists of cases: filters, one page at a time, counts.

What somebody may see is a union of a few rules, and each of them has an index in the order of the list. So a page asks
each rule for its first rows and merges them: its cost does not grow with the register, nor with how far down it lies.
"""

import base64
import binascii
import datetime as dt
import functools
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from django.utils.translation import gettext as _

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department, Enterprise
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import permissions
from ..models import OPEN_STATES
from ..permissions import Actor, Arm
from ..rules import numbers
from ..states import PAUSED
from . import counting
from .elapsed import Calendars, elapsed_share

PAGE = 50
NONE_YET = "-"
"""How a filter says: has none of these yet."""
LIGHT_SQL = (
    "cases_case.light_ids[greatest(1, width_bucket(least(coalesce(cases_case.held_at, %s), %s), cases_case.light_at))]"
)
"""The light at an instant (given twice): the last threshold passed before then, or before the clock was held."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to. Lists mean “any of”; instants are aware; `q` is what somebody typed.

    decision: what waits for somebody above. figure: what a figure counts. `-` for tier or board: none yet.
    sort: `due` (what is open, most urgent first) or `-raised_at` (newest first).
    paused_last: with `due`, what waits for nobody here (its clock stands) comes after everything else.
    """

    state: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    board: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    enterprise: tuple[str, ...] = ()
    closed_kind: tuple[str, ...] = ()
    word: tuple[str, ...] = ()
    figure: tuple[str, ...] = ()
    decision: bool | None = None
    overdue: bool | None = None
    urgent: bool | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    q: str = ""
    sort: str = "-raised_at"
    paused_last: bool = False


class Row(NamedTuple):
    """One line of a list: plain values, no model."""

    id: uuid.UUID
    number: str
    title: str
    state: str
    light: str
    tier: str
    board: str
    category: str
    channel: str
    region: str
    town: str
    urgent: bool
    enterprise_uscc: str | None
    enterprise_name: str | None
    lead_department_id: uuid.UUID | None
    co_department_ids: list[uuid.UUID]
    raised_at: dt.datetime
    due_at: dt.datetime
    original_due_at: dt.datetime
    counts_from: dt.datetime | None
    held_at: dt.datetime | None
    signed_at: dt.datetime | None
    closed_kind: str
    closed_at: dt.datetime | None
    achieved: bool | None
    word: str
    provisional: bool
    returns: int
    allotment: str
    rulebook_version: uuid.UUID
    elapsed_share: float | None
    overdue: bool


_ROW = (
    f"cases_case.id, cases_case.number, cases_case.title, cases_case.state, {LIGHT_SQL}, cases_case.tier,"
    " cases_case.board, cases_case.category, cases_case.channel, cases_case.region, cases_case.town, cases_case.urgent,"
    " firm.uscc, firm.name, cases_case.lead_department_id, cases_case.co_department_ids, cases_case.raised_at,"
    " cases_case.due_at, cases_case.original_due_at, cases_case.counts_from, cases_case.held_at, cases_case.signed_at,"
    " cases_case.closed_kind, cases_case.closed_at, cases_case.achieved, cases_case.word, cases_case.provisional,"
    " cases_case.returns, cases_case.allotment, cases_case.rulebook_version"
)


# In full, not as a parameter: only then a kept plan can use the indexes of what is open. So with limits below.
_OPEN = f"cases_case.state in ({', '.join(map(repr, OPEN_STATES))})"
_NUMBER = re.compile(r"[A-Z]{1,6}-\d{6}-\d{4}-\d{4,7}")


_DECISION = (
    "(cases_case.escalated_to <> '' or cases_case.extension is not null"
    " or (cases_case.suspension is not null and cases_case.suspension ->> 'granted' is null)"
    " or cases_case.due_at < least(coalesce(cases_case.held_at, %s), %s))"
)
"""What waits for somebody above: taken up, more time or a pause asked for, or overdue."""


def _narrowed(filters: Filters, now: dt.datetime) -> tuple[str, list[Any]]:
    """Return the condition of the filters alone, on `cases_case`."""
    parts = ["true"]
    parameters: list[Any] = []

    def add(condition: str, *given: Any) -> None:
        parts.append(condition)
        parameters.extend(given)

    if filters.sort == "due" and not filters.state:
        add(_OPEN)
    for column, chosen in (
        ("state", filters.state),
        ("tier", filters.tier),
        ("board", filters.board),
        ("channel", filters.channel),
        ("category", filters.category),
        ("closed_kind", filters.closed_kind),
        ("word", filters.word),
    ):
        if chosen:
            add(f"cases_case.{column} = any(%s)", ["" if one == NONE_YET else one for one in chosen])
    if filters.figure:
        sql, given = counting.condition(filters.figure, now)
        add(sql, *given)
    if filters.region:
        codes = [code for region in filters.region for code in directory.descendants(region)]
        # For one region alone an index knows the order; PostgreSQL does not see that a list has one element.
        add(*(("cases_case.region = %s", codes[0]) if len(codes) == 1 else ("cases_case.region = any(%s)", codes)))
    if filters.light:
        add(f"{LIGHT_SQL} = any(%s)", now, now, list(filters.light))
    if filters.department:
        ids = list(Department.objects.filter(code__in=filters.department).values_list("id", flat=True))
        add("cases_case.lead_department_id = any(%s)", ids)
    if filters.enterprise:
        ids = list(Enterprise.objects.filter(uscc__in=filters.enterprise).values_list("id", flat=True))
        add("cases_case.enterprise_id = any(%s)", ids)
    if filters.overdue is not None:
        add(
            f"{'' if filters.overdue else 'not '}(cases_case.due_at < least(coalesce(cases_case.held_at, %s), %s))",
            now,
            now,
        )
    if filters.decision:
        add(_DECISION, now, now)
    if filters.urgent is not None:
        add("cases_case.urgent = %s", filters.urgent)
    if filters.since:
        add("cases_case.raised_at >= %s", filters.since)
    if filters.until:
        add("cases_case.raised_at < %s", filters.until)
    if filters.q:
        number, query = filters.q.strip().upper(), numbers.search_query(filters.q)
        if query and not _NUMBER.fullmatch(number):
            add("cases_case.id in (select cases_search(%s))", query)
        else:
            add("cases_case.number = %s", number)
    return " and ".join(parts), parameters


Page = tuple[list[Row], str | None]
_PAUSED = f"cases_case.state in ({', '.join(map(repr, sorted(state.value for state in PAUSED)))})"
_LATER = "p."
"""Begins the cursor of a page in the part of a list that comes after everything else."""


def page(*, actor: Actor, filters: Filters, now: dt.datetime, cursor: str | None = None, limit: int = PAGE) -> Page:
    """Return one page of the list and the cursor of the next (None at the end). Raises Invalid for a broken cursor.

    Keyset paging: the cost of a page does not depend on how far down it lies.
    """
    if not filters.paused_last or filters.sort != "due" or filters.state:
        return _page(actor, filters, now, cursor, limit)
    if not (cursor or "").startswith(_LATER):
        rows, following = _page(actor, filters, now, cursor, limit, f"not {_PAUSED}")
        if following or len(rows) == limit:
            if following is None and _page(actor, filters, now, None, 1, _PAUSED)[0]:
                following = _LATER
            return rows, following
        start = None
    else:
        rows, start = [], (cursor or "").removeprefix(_LATER)
    later, following = _page(actor, filters, now, start, limit - len(rows), _PAUSED)
    return rows + later, following and _LATER + following


def _page(actor: Actor, filters: Filters, now: dt.datetime, cursor: str | None, limit: int, only: str = "true") -> Page:
    arms = permissions.arms(actor)
    if not arms:
        return [], None
    condition, parameters = _narrowed(filters, now)
    condition += f" and {only}"
    column, direction, order = ("due_at", ">", "asc") if filters.sort == "due" else ("raised_at", "<", "desc")
    if cursor:
        condition += f" and (cases_case.{column}, cases_case.id) {direction} (%s, %s)"
        parameters += read_cursor(cursor)
    ordered = f"order by cases_case.{column} {order}, cases_case.id {order}"
    sql, values = _merged(
        arms, f"where {{}} and {condition}", parameters, column=column, ordered=ordered, limit=limit + 1
    )
    with database.reading(actor.scope()):
        found = database.fetch(f"select {_ROW} from {sql}", [now, now, *values])  # noqa: S608
    # One calendar for all rows of a place: asking for it may cost a query.
    calendars = functools.cache(workcalendar.calendar_for)
    rows = [_row(values, now, calendars) for values in found[:limit]]
    following = make_cursor(getattr(rows[-1], column), rows[-1].id) if len(found) > limit else None
    return rows, following


_FIRM = "left join directory_enterprise firm on firm.id = cases_case.enterprise_id"


def _merged(
    arms: list[Arm], where: str, rest: list[Any], *, column: str, ordered: str, limit: int
) -> tuple[str, list[Any]]:
    """Return what follows “from” for a page: one arm directly, several by the keys of their first rows."""
    ended = f"{where} {ordered} limit {limit:d}"
    if len(arms) == 1 and len(arms[0].keys) == 1:
        arm = arms[0]
        return f"cases_case {_FIRM} {ended.format(arm.fixed())}", [*arm.keys[0], *rest]
    parts, values = [], []
    for arm in arms:
        own = f"select cases_case.id, cases_case.{column} from cases_case"  # noqa: S608
        if len(arm.keys) == 1:
            parts.append(f"({own} {ended.format(arm.fixed())})")
            values += [*arm.keys[0], *rest]
        else:
            first = f"lateral ({own} {ended.format(arm.named())}) own"
            parts.append(f"(select own.id, own.{column} from {arm.unnested()} cross join {first})")  # noqa: S608
            values += [*map(list, zip(*arm.keys, strict=True)), *rest]
    # Named like the table, so that the same order can be asked of the keys.
    found = f"select distinct id, {column} from ({' union all '.join(parts)}) arms"  # noqa: S608
    keys = f"({found}) cases_case {ordered} limit {limit:d}"
    whole = f"(select cases_case.id from {keys}) keys join cases_case on cases_case.id = keys.id {_FIRM} {ordered}"  # noqa: S608
    return whole, values


def _row(values: tuple[Any, ...], now: dt.datetime, calendars: Calendars) -> Row:
    region, due_at, counts_from, held_at, allotment = (values[index] for index in _USED)
    moment = min(held_at, now) if held_at else now
    share = elapsed_share(
        region=region,
        counts_from=counts_from,
        due_at=due_at,
        natural=allotment == "natural",
        moment=moment,
        calendars=calendars,
    )
    return Row._make((*values, share, due_at < moment))


_USED = [Row._fields.index(name) for name in ("region", "due_at", "counts_from", "held_at", "allotment")]


def every(*, actor: Actor, filters: Filters, now: dt.datetime) -> Iterator[Row]:
    """Yield all rows of a list, page by page (exports)."""
    cursor = None
    while True:
        rows, cursor = page(actor=actor, filters=filters, now=now, cursor=cursor, limit=1_000)
        yield from rows
        if cursor is None:
            return


def make_cursor(instant: dt.datetime, row_id: uuid.UUID) -> str:
    """Return an opaque cursor that stands after the row with this sort key."""
    return base64.urlsafe_b64encode(orjson.dumps([instant, row_id])).decode().rstrip("=")


def read_cursor(cursor: str) -> list[Any]:
    """Return [instant, id] of a cursor. Raises Invalid when it is not one of ours."""
    try:
        instant, row_id = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [dt.datetime.fromisoformat(instant), uuid.UUID(row_id)]
    except (ValueError, TypeError, binascii.Error) as error:
        raise errors.Invalid(
            _("This page address is broken; start again from the first page."), code="cursor_invalid", field="cursor"
        ) from error


def tally(*, actor: Actor, filters: Filters, now: dt.datetime) -> counting.Tally:
    """Return the figures of what the actor sees of a list, all and by each dimension. One query."""
    return counting.tally(actor=actor, narrowed=_narrowed(filters, now), now=now)


COUNTED = 1_000
"""How many cases `counts` looks at, so that its cost has an end however many are open.

A small register counts the same way: EXPLAIN ANALYZE on the data of the benchmarks gives 0.18 ms with the ordered end
and 0.16 ms without at 12 open cases, 1.3 ms and 1.1 ms at 600; that is no reason for a second way of counting.
"""


def counts(
    *, actor: Actor, now: dt.datetime, filters: Filters | None = None, most: int | None = COUNTED
) -> dict[str, Any]:
    """Return how many open cases the actor sees: `total`, by `light`, by `state`, `overdue`. One query.

    Counts the `most` urgent ones (None: all); `capped` says that there are more, so that each number means “at least”.
    """
    condition, rest = _narrowed(filters or Filters(sort="due"), now)
    result: dict[str, Any] = {"total": 0, "overdue": 0, "light": {}, "state": {}, "capped": False}
    if not (arms := permissions.arms(actor)):
        return result
    most = 2**31 if most is None else most
    columns = (
        f"{LIGHT_SQL} as light, cases_case.state,"
        " cases_case.due_at < least(coalesce(cases_case.held_at, %s), %s) as overdue"
    )
    found, values = _first(arms, columns, [now] * 4, condition=condition, rest=rest, limit=most + 1)
    sql = f"select light, state, overdue, count(*) from ({found}) counted group by 1, 2, 3"  # noqa: S608
    with database.reading(actor.scope()):
        rows = database.fetch(sql, values)
    for light, state, overdue, number in rows:
        result["total"] += number
        result["overdue"] += number if overdue else 0
        result["light"][light] = result["light"].get(light, 0) + number
        result["state"][state] = result["state"].get(state, 0) + number
    if result["total"] > most:
        result |= {"total": most, "capped": True}
    return result


def _first(
    arms: list[Arm], columns: str, given: list[Any], *, condition: str, rest: list[Any], limit: int
) -> tuple[str, list[Any]]:
    """Return a query of `columns` of the `limit` most urgent cases that meet the condition, each once.

    Every arm reads them itself, so no row is looked up (and judged by the policies) a second time.
    """
    ended = f"where {{}} and {condition} order by cases_case.due_at, cases_case.id limit {limit:d}"
    parts, values = [], []
    for arm in arms:
        own = f"select cases_case.id, cases_case.due_at, {columns} from cases_case"  # noqa: S608
        if len(arm.keys) == 1:
            parts.append(f"({own} {ended.format(arm.fixed())})")
            values += [*given, *arm.keys[0], *rest]
        else:
            first = f"lateral ({own} {ended.format(arm.named())}) own"
            parts.append(f"(select own.* from {arm.unnested()} cross join {first})")  # noqa: S608
            values += [*map(list, zip(*arm.keys, strict=True)), *given, *rest]
    if len(parts) == 1:
        return parts[0].removeprefix("(").removesuffix(")"), values
    # Merged in the order that every arm has: no more rows are read than counted, and none is sorted.
    merged = f"select distinct on (due_at, id) * from ({' union all '.join(parts)}) arms"  # noqa: S608
    return f"{merged} order by due_at, id limit {limit:d}", values


TODAY = 1000
"""How many cases `due_until` counts, so that its cost has an end."""


def due_until(*, actor: Actor, now: dt.datetime, until: dt.datetime) -> int:
    """Return how many running cases the actor sees fall due between `now` and `until`; at most TODAY."""
    arms = permissions.arms(actor)
    if not arms:
        return 0
    condition = f"{_OPEN} and cases_case.held_at is null and cases_case.due_at between %s and %s"
    found, values = _first(arms, "1", [], condition=condition, rest=[now, until], limit=TODAY)
    with database.reading(actor.scope()):
        return int(database.fetch(f"select count(*) from ({found}) due", values)[0][0])  # noqa: S608
