"""Lists of cases: which filters there are, what each accepts, and one line of the list."""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, Field

from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.answers import local
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..permissions import Actor
from ..rulebook import Categories, Channels, Lights
from ..selectors import FIGURES, NONE_YET, PAGE, Filters, Row
from ..states import CaseState, ClosedKind

MOST = 200
"""The longest page that may be asked for."""
_LOOKED_AT = 40
"""Of how many regions the rulebooks are asked which channels, categories and lights there are."""

ANY_OF = "Several values divided by commas mean any of them"
List = Annotated[str, Field(max_length=2_000, description=ANY_OF)]


def _instant(value: Any) -> Any:
    if isinstance(value, str) and not re.match(r"(19|20|21)\d\d-", value):
        raise ValueError(_("a date or an instant in ISO 8601 is needed, for example 2026-11-20T09:00:00+08:00"))
    return value


Instant = Annotated[AwareDatetime | dt.date, BeforeValidator(_instant)]


class Narrowed(Schema):
    """The filters that every list of cases has."""

    state: List | None = None
    light: List | None = None
    tier: List | None = None
    board: List | None = None
    department: List | None = Field(default=None, max_length=2_000, description=f"Codes of lead departments. {ANY_OF}")
    region: List | None = Field(default=None, max_length=2_000, description=f"GB/T 2260, with all below. {ANY_OF}")
    channel: List | None = None
    category: List | None = None
    enterprise: List | None = Field(default=None, max_length=2_000, description=f"USCC. {ANY_OF}")
    closed_kind: List | None = None
    figure: List | None = Field(default=None, max_length=2_000, description=f"What a figure counts. {ANY_OF}")
    overdue: bool | None = None
    urgent: bool | None = None
    since: Instant | None = Field(default=None, description="Raised at this instant (or on this day) or later")
    until: Instant | None = Field(default=None, description="Raised before this instant (or before this day)")
    q: str | None = Field(default=None, max_length=200, description="Words of title or description, or a case number")


class Paged(Schema):
    """Cursor paging."""

    cursor: str | None = Field(default=None, max_length=400, description="`next` of the page before")
    limit: int = Field(default=PAGE, ge=1, le=MOST)


class ListQuery(Narrowed, Paged):
    """Filters, order and page of `GET /cases`."""

    sort: Literal["due", "-raised_at"] = Field(
        default="-raised_at", description="`due`: open cases, most urgent first; `-raised_at`: newest first"
    )


class AlertQuery(Paged):
    """Filters and page of `GET /alerts`."""

    region: List | None = None
    department: List | None = None
    board: List | None = None
    light: List | None = None


def filters(query: Narrowed | AlertQuery, *, actor: Actor, now: dt.datetime) -> Filters:
    """Return the filters of a list. Raises Invalid, `unknown_value`, naming the filter and what it accepts."""
    said = {name: value for name, value in query.model_dump().items() if value is not None}
    chosen = {name: _split(value) for name, value in said.items() if name in _LISTS}
    regions = chosen.get("region") or _own_regions(actor)
    for name, check in _LISTS.items():
        if name in chosen:
            check(name, chosen[name], regions, now)
    if "enterprise" in chosen:
        chosen["enterprise"] = tuple(
            directory_rules.check_uscc(one, field="enterprise") for one in chosen["enterprise"]
        )
    wanted: dict[str, Any] = {**chosen}
    wanted |= {name: said[name] for name in ("overdue", "urgent", "q", "sort") if name in said}
    wanted |= {name: _start(said[name]) for name in ("since", "until") if name in said}
    return Filters(**wanted)


def lights_after_first(*, actor: Actor, now: dt.datetime) -> tuple[str, ...]:
    """Return the ids of all lights but the first, in the places the actor looks at."""
    found = dict.fromkeys(
        light.id for book in _books(_own_regions(actor), now) for light in book.section(Lights).root[1:]
    )
    return tuple(found)


def alerting(wanted: Filters, lights: tuple[str, ...]) -> Filters:
    """Return the filters of the alerts: open, one of these lights, most urgent first."""
    return dataclasses.replace(wanted, light=lights, sort="due")


def _split(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _start(value: dt.datetime | dt.date) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    return dt.datetime.combine(value, dt.time(), ZoneInfo(settings.TIME_ZONE))


def _own_regions(actor: Actor) -> tuple[str, ...]:
    grants = actor.reader.grants if actor.reader else ()
    return tuple(dict.fromkeys(grant.regions[0][:6] for grant in grants))


def _books(regions: Iterable[str], now: dt.datetime) -> list[rulebooks.Rulebook]:
    inside = dict.fromkeys(code for region in regions for code in directory.descendants(region))
    return list(
        {book.id: book for code in list(inside)[:_LOOKED_AT] if (book := rulebooks.in_force(code, now))}.values()
    )


Check = Callable[[str, tuple[str, ...], tuple[str, ...], dt.datetime], None]


def _refuse_unknown(name: str, values: tuple[str, ...], known: Iterable[str]) -> None:
    allowed = list(dict.fromkeys(known))
    unknown = [value for value in values if value not in allowed]
    if unknown:
        raise errors.Invalid(
            _("%(field)s: there is no “%(value)s”.") % {"field": name, "value": unknown[0][:40]},
            code="unknown_value",
            field=name,
            allowed=allowed[:100],
        )


def _one_of(*known: str) -> Check:
    return lambda name, values, regions, now: _refuse_unknown(name, values, known)


def _in_rulebooks(section: type[Channels] | type[Categories] | type[Lights]) -> Check:
    def check(name: str, values: tuple[str, ...], regions: tuple[str, ...], now: dt.datetime) -> None:
        _refuse_unknown(name, values, (row.id for book in _books(regions, now) for row in book.section(section).root))

    return check


def _in_directory(read: Callable[[str], tuple[Any, ...]]) -> Check:
    def check(name: str, values: tuple[str, ...], regions: tuple[str, ...], now: dt.datetime) -> None:
        inside = [code for region in regions for code in directory.descendants(region)]
        known = [row.code for code in inside for row in read(code)]
        _refuse_unknown(name, values, [*known, NONE_YET] if name == "board" else known)

    return check


def _region(name: str, values: tuple[str, ...], regions: tuple[str, ...], now: dt.datetime) -> None:
    _refuse_unknown(
        name, values, (value for value in values if directory_rules.is_region_code(value) and directory.region(value))
    )


def _anything(name: str, values: tuple[str, ...], regions: tuple[str, ...], now: dt.datetime) -> None:
    """Accept what is checked elsewhere."""


# Region first: the others are looked up in the regions asked for.
_LISTS: dict[str, Check] = {
    "region": _region,
    "state": _one_of(*(state.value for state in CaseState)),
    "tier": _one_of("ordinary", "complex", "hard", NONE_YET),
    "figure": _one_of(*FIGURES),
    "closed_kind": _one_of(*(kind.value for kind in ClosedKind)),
    "light": _in_rulebooks(Lights),
    "channel": _in_rulebooks(Channels),
    "category": _in_rulebooks(Categories),
    "board": _in_directory(directory.boards),
    "department": _in_directory(directory.departments),
    "enterprise": _anything,
}


class EnterpriseOut(Schema):
    """Whose matter it is."""

    uscc: str
    name: str


class CaseOut(Schema):
    """One line of a list."""

    number: str
    title: str
    state: str
    light: str | None
    tier: str | None
    board: str | None
    category: str | None
    channel: str
    region: str
    town: str | None
    urgent: bool
    enterprise: EnterpriseOut | None
    lead_department: str | None
    co_departments: list[str]
    raised_at: dt.datetime
    due_at: dt.datetime | None
    original_due_at: dt.datetime | None
    elapsed_share: float | None = Field(description="Share of the time limit used up; 1.0 is all of it")
    overdue: bool
    closed_kind: str | None
    closed_at: dt.datetime | None
    achieved: bool | None
    word: str
    provisional: bool = Field(description="The limit lies in a year whose official days are not announced yet")


class CasePage(Schema):
    """One page."""

    items: list[CaseOut]
    next: str | None


class Counts(Schema):
    """Open cases within sight. Only so many are counted, the most urgent first: `capped` numbers mean “at least”."""

    total: int
    overdue: int
    light: dict[str, int]
    state: dict[str, int]
    capped: bool


class AlertPage(CasePage):
    """Open cases whose light is not the first, most urgent first, and how many there are of everything open."""

    counts: Counts


def items(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the lines of a list, ready for JSON."""
    codes: dict[str, dict[uuid.UUID, str]] = {}
    return [_item(row, codes) for row in rows]


def codes_of(region: str) -> dict[uuid.UUID, str]:
    """Return id → code of the departments of a region."""
    return {one.id: one.code for one in directory.departments(region)}


def _item(row: Row, codes: dict[str, dict[uuid.UUID, str]]) -> dict[str, Any]:
    known = codes.get(row.region)
    if known is None:
        known = codes[row.region] = codes_of(row.region)
    return {
        "number": row.number,
        "title": row.title,
        "state": row.state,
        "light": row.light or None,
        "tier": row.tier or None,
        "board": row.board or None,
        "category": row.category or None,
        "channel": row.channel,
        "region": row.region,
        "town": row.town or None,
        "urgent": row.urgent,
        "enterprise": {"uscc": row.enterprise_uscc, "name": row.enterprise_name} if row.enterprise_uscc else None,
        "lead_department": known.get(row.lead_department_id) if row.lead_department_id else None,
        "co_departments": [known[one] for one in row.co_department_ids if one in known],
        "raised_at": local(row.raised_at),
        "due_at": local(row.due_at),
        "original_due_at": local(row.original_due_at),
        "elapsed_share": row.elapsed_share,
        "overdue": row.overdue,
        "closed_kind": row.closed_kind or None,
        "closed_at": local(row.closed_at),
        "achieved": row.achieved,
        "word": row.word,
        "provisional": row.provisional,
    }
