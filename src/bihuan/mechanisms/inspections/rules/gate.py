"""The gate: whether a check may be registered, and if not, by which rule and what would be allowed instead.

Plain values only. Sources: 行政处罚法 §42 (two officers with certificates); 国办发〔2024〕54号 (bodies with power,
items that are published, yearly caps, merging, no visit for what is on paper); 胶州 ABC; 卫东 whitelist.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

HORIZON = 400
"""How many days ahead the next allowed day is looked for."""


@dataclass(frozen=True, kw_only=True)
class Thing:
    """An item that is to be looked at. subject: what it is about, alike for alike items of several bodies."""

    id: str
    name: str
    body: str
    category: str
    subject: str
    published: bool
    on_site: bool


@dataclass(frozen=True, kw_only=True)
class Inspector:
    """One officer. certified: the certificate holds on the day; recused: may not check this enterprise."""

    id: str
    name: str
    body: str
    certified: bool
    recused: bool


@dataclass(frozen=True, kw_only=True)
class Cap:
    """A yearly cap. per: `body`, `category`, or `all` bodies together."""

    per: str
    most: int


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """What a class of enterprises means. exempt: only essential categories are checked at all."""

    id: str
    exempt: bool
    caps: tuple[Cap, ...]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A check of the enterprise that is registered or was made. open: another body can still join it."""

    number: str
    on: dt.date
    bodies: frozenset[str]
    categories: frozenset[str]
    subjects: frozenset[str]
    open: bool = False


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for. bodies: each body that comes, with whether it has power on the day.

    free: clue-based or urgent: what the law asks for still holds, what spares the enterprise is reviewed afterwards.
    joining: it goes along with a check that has its place already. filed: how a check outside the region was filed.
    """

    on: dt.date
    today: dt.date
    bodies: tuple[tuple[str, bool], ...]
    things: tuple[Thing, ...]
    officers: tuple[Inspector, ...]
    free: bool = False
    joining: bool = False
    elsewhere: bool = False
    filed: bool = False
    random: bool = False


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """Quiet days: spans of days of each month, and spans of dates (both ends included)."""

    monthly: tuple[tuple[int, int], ...] = ()
    dates: tuple[tuple[dt.date, dt.date], ...] = ()

    def holds(self, day: dt.date) -> bool:
        """Tell whether enterprises are left in peace on a day."""
        return any(first <= day.day <= last for first, last in self.monthly) or any(
            first <= day <= last for first, last in self.dates
        )


@dataclass(frozen=True, kw_only=True)
class Book:
    """What a place settles: officers of each body, quiet days, days within which a subject is not looked at again,
    days within which visits are merged, categories in which even the best class is checked.
    """

    officers: int
    quiet: Quiet
    repeat_days: int
    merge_days: int
    essential: frozenset[str]
    open_day: Callable[[dt.date], bool]


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a check is refused. code: one of `CODES`; rule: the field of the rulebook or the law; more: what its words
    and its way out need (`day`, `number`, `most`, `name` …).
    """

    code: str
    rule: str
    more: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return it as it is kept and sent."""
        return {"code": self.code, "rule": self.rule, **self.more}


LAW = (
    "no_power",
    "nothing_listed",
    "item_unpublished",
    "item_of_other",
    "officers_few",
    "officer_recused",
    "not_ahead",
    "elsewhere",
)
"""Reasons that hold for every check: the law knows no urgent check by one officer without a certificate."""
SPARING = ("exempt", "on_paper", "quiet_day", "not_workday", "cap", "repeat", "mergeable")
"""Reasons that spare enterprises: a clue or an emergency passes them, and says why."""
CODES = LAW + SPARING


def decide(wish: Wish, grade: Treatment, taken: Sequence[Taken], book: Book) -> tuple[Reason, ...]:
    """Return all reasons against a check, the law's first; none: it may be registered.

    taken: all checks of the enterprise that count, by whichever body, near the day and in its calendar year.
    """
    return (*_law(wish, book), *_sparing(wish, grade, taken, book))


def passes(reasons: Iterable[Reason], *, free: bool) -> bool:
    """Tell whether a check passes in spite of the reasons: a clue or an emergency passes those that only spare."""
    return not any(one.code in LAW or not free for one in reasons)


def _law(wish: Wish, book: Book) -> Iterator[Reason]:
    if wish.on < wish.today or (wish.on - wish.today).days >= HORIZON:
        yield Reason(code="not_ahead", rule="inspections.gate", more={"day": wish.today.isoformat()})
    for body, power in wish.bodies:
        if not power:
            yield Reason(code="no_power", rule="国办发〔2024〕54号", more={"body": body})
        have = [one for one in wish.officers if one.body == body and one.certified and not one.recused]
        if len(have) < book.officers:
            more = {"body": body, "most": book.officers, "have": len(have)}
            yield Reason(code="officers_few", rule="行政处罚法 §42", more=more)
    for officer in wish.officers:
        if officer.recused:
            yield Reason(code="officer_recused", rule="行政处罚法 §43", more={"name": officer.name})
    if not wish.things:
        yield Reason(code="nothing_listed", rule="国办发〔2024〕54号")
    bodies = {body for body, _power in wish.bodies}
    for thing in wish.things:
        if not thing.published:
            yield Reason(code="item_unpublished", rule="国办发〔2024〕54号", more={"name": thing.name})
        elif thing.body not in bodies:
            yield Reason(code="item_of_other", rule="国办发〔2024〕54号", more={"name": thing.name})
    if wish.elsewhere and not wish.filed:
        yield Reason(code="elsewhere", rule="国办发〔2024〕54号")


def _sparing(wish: Wish, grade: Treatment, taken: Sequence[Taken], book: Book) -> Iterator[Reason]:
    if wish.things and not any(one.on_site for one in wish.things):
        yield Reason(code="on_paper", rule="国办发〔2024〕54号")
    if grade.exempt:
        for thing in wish.things:
            if thing.category not in book.essential:
                more = {"grade": grade.id, "name": thing.name, "category": thing.category}
                yield Reason(code="exempt", rule="inspections.classes.grades", more=more)
    if not wish.joining:
        yield from _day(wish, book)
    yield from _caps(wish, grade, taken)
    yield from _again(wish, taken, book)
    if not wish.joining and not wish.random:
        yield from _merge(wish, taken, book)


def _day(wish: Wish, book: Book) -> Iterator[Reason]:
    quiet, works = book.quiet.holds(wish.on), book.open_day(wish.on)
    if works and not quiet:
        return
    later = (max(wish.on, wish.today) + dt.timedelta(days=step) for step in range(1, HORIZON))
    free = next((day for day in later if book.open_day(day) and not book.quiet.holds(day)), None)
    more = {"day": free.isoformat() if free else ""}
    if quiet:
        yield Reason(code="quiet_day", rule="inspections.gate.quiet", more=more)
    else:
        yield Reason(code="not_workday", rule="calendar", more=more)


def _caps(wish: Wish, grade: Treatment, taken: Sequence[Taken]) -> Iterator[Reason]:
    year = [one for one in taken if one.on.year == wish.on.year]
    for cap in grade.caps:
        if cap.per == "all":
            # Whoever goes along comes at the same time: it is one visit.
            groups = [] if wish.joining else [("", year)]
        elif cap.per == "body":
            groups = [(body, [one for one in year if body in one.bodies]) for body, _power in wish.bodies]
        else:
            wanted = sorted({one.category for one in wish.things})
            groups = [(kind, [one for one in year if kind in one.categories]) for kind in wanted]
        for name, found in groups:
            if len(found) >= cap.most:
                more = {
                    "per": cap.per,
                    "name": name,
                    "most": cap.most,
                    "taken": sorted(one.on.isoformat() for one in found),
                    "day": dt.date(wish.on.year + 1, 1, 1).isoformat(),
                    "grade": grade.id,
                }
                yield Reason(code="cap", rule="inspections.classes.grades", more=more)


def _again(wish: Wish, taken: Sequence[Taken], book: Book) -> Iterator[Reason]:
    seen: set[str] = set()
    for one in sorted(taken, key=lambda one: one.on, reverse=True):
        if abs((wish.on - one.on).days) >= book.repeat_days:
            continue
        for thing in wish.things:
            if thing.subject in one.subjects and thing.subject not in seen:
                seen.add(thing.subject)
                free = one.on + dt.timedelta(days=book.repeat_days)
                more = {"name": thing.name, "number": one.number, "on": one.on.isoformat(), "day": free.isoformat()}
                yield Reason(code="repeat", rule="inspections.gate.repeat_days", more=more)


def _merge(wish: Wish, taken: Sequence[Taken], book: Book) -> Iterator[Reason]:
    near = [one for one in taken if one.open and abs((wish.on - one.on).days) <= book.merge_days]
    if near:
        first = min(near, key=lambda one: (abs((wish.on - one.on).days), one.number))
        more = {"number": first.number, "day": first.on.isoformat()}
        yield Reason(code="mergeable", rule="inspections.gate.merge_days", more=more)
