"""Enterprises are matched with clauses: all of them block by block, or one of them when something of it changed.

A block of profiles is worked on by one at a time (an advisory lock), so what changes meanwhile is never lost: it waits
for the block and is judged after it. Order of locks: block, profile, match.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Max

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database
from bihuan.foundation.kernel.ids import uuid7

from .. import selectors
from ..models import BLOCK, Clause, Match, Past, Profile
from ..rules import columns, judging, reading
from ..rules.reading import Node

LOCK = 0x706F_6C00_0000
"""Key of the advisory locks; the number of the block is added."""
FACTS = ("region", "town", "industry", "size")


@dataclass(frozen=True, kw_only=True)
class _Ready:
    """A clause ready to be asked of many: its trees, whose places it is for, and the day whose facts count."""

    id: uuid.UUID
    region: str
    department_id: uuid.UUID
    trees: tuple[Node, ...]
    places: frozenset[str]
    as_of: dt.date | None


def match_waiting(*, now: dt.datetime) -> int:
    """Match all clauses that wait for it with all profiles; return how many clauses. One transaction a block.

    Publishes nothing and leaves no fact: a match is not an act, it can be computed again at any time.
    """
    with database.writing():
        waiting = list(Clause.objects.filter(stale=True, state="open").values_list("id", "version"))
        gone = Match.objects.exclude(clause__state="open")
        gone.delete()
        last = Profile.objects.aggregate(last=Max("serial"))["last"]
    if not waiting:
        return 0
    wanted = {key for key, _version in waiting}
    for block in range(0 if last is None else last // BLOCK + 1):
        match_block(block, wanted, now)
    with database.writing():
        for key, version in waiting:
            Clause.objects.filter(pk=key, version=version).update(stale=False, matched_at=now)
    return len(waiting)


def match_all(*, now: dt.datetime) -> int:
    """Match every open clause anew: every night, since conditions may ask for the day. Returns how many clauses."""
    with database.writing():
        Clause.objects.filter(state="open").update(stale=True)
    return match_waiting(now=now)


def hold(block: int) -> None:
    """Wait for a block of profiles and keep it until the transaction ends."""
    database.fetch("select pg_advisory_xact_lock(%s::bigint)::text", [LOCK + block])


def _ready(clauses: Sequence[tuple[Clause, Any]]) -> list[_Ready]:
    return [
        _Ready(
            id=clause.id,
            region=clause.region,
            department_id=clause.department_id,
            trees=tuple(reading.read(one["cel"]) for one in terms.conditions),
            places=frozenset(directory.descendants(clause.region)),
            as_of=terms.as_of,
        )
        for clause, terms in clauses
    ]


def match_block(block: int, wanted: Collection[uuid.UUID], now: dt.datetime) -> None:
    """Match one block of profiles with clauses, in one transaction: what it said of them before is replaced."""
    today = answers.local_date(now)
    with database.writing():
        hold(block)
        pairs = [one for one in selectors.judged.open_clauses(None, today) if one[0].id in wanted]
        ready = _ready(pairs)
        kinds = _kinds(pairs, now)
        rows = _rows(block)
        tables = {day: _table(rows, kinds, day, today) for day in {one.as_of for one in ready}}
        areas = {day: table.columns["region"] for day, table in tables.items()}
        places = np.array([row[0] - block * BLOCK for row in rows], dtype=np.int64)
        made = []
        for one in ready:
            area = areas[one.as_of]
            assert isinstance(area, columns.Words)
            inside = np.array([*(word in one.places for word in area.words), False])[area.codes]
            if not inside.any():
                continue
            found = np.where(inside, tables[one.as_of].outcomes(one.trees), columns.NO)
            yes, unknown = found == columns.YES, found == columns.UNKNOWN
            if yes.any() or unknown.any():
                made.append(_match(one, block, places, yes, unknown))
        Match.objects.filter(block=block, clause__in=list(wanted)).delete()
        Match.objects.bulk_create(made, batch_size=500)


def _match(one: _Ready, block: int, places: Any, yes: Any, unknown: Any) -> Match:
    return Match(
        id=uuid7(),
        clause_id=one.id,
        region=one.region,
        department_id=one.department_id,
        block=block,
        yes=columns.packed(places, yes, BLOCK),
        unknown=columns.packed(places, unknown, BLOCK),
        yes_count=int(yes.sum()),
        unknown_count=int(unknown.sum()),
    )


def _kinds(pairs: Sequence[tuple[Clause, Any]], now: dt.datetime) -> dict[str, str]:
    """Return the kinds of all fields that the clauses' places have."""
    found: dict[str, str] = {}
    for region in sorted({clause.region for clause, _terms in pairs}):
        found |= selectors.library.section(region, now).kinds()
    return found


def _rows(block: int) -> list[tuple[Any, ...]]:
    """Return the profiles of a block whose enterprises are open: serial, id, area, town, industry, size, facts."""
    chosen = Profile.objects.filter(serial__gte=block * BLOCK, serial__lt=(block + 1) * BLOCK)
    chosen = chosen.filter(enterprise__closed_on=None).order_by("serial")
    return list(chosen.values_list("serial", "id", "area", "town", "industry", "size", "facts"))


def _table(
    rows: Sequence[tuple[Any, ...]], kinds: dict[str, str], as_of: dt.date | None, today: dt.date
) -> columns.Table:
    facts = [row[6] for row in rows]
    directory_says = {name: [row[2 + at] or None for row in rows] for at, name in enumerate(FACTS)}
    values = {name: directory_says.get(name) or [one.get(name) for one in facts] for name in kinds if name != "today"}
    if as_of is not None and rows:
        _as_of(values, rows, as_of)
    values["today"] = [(as_of or today).isoformat()] * len(rows)
    made = {name: columns.column(kinds.get(name, "text"), column) for name, column in values.items()}
    return columns.Table(made, len(rows))


def _as_of(values: dict[str, list[Any]], rows: Sequence[tuple[Any, ...]], day: dt.date) -> None:
    """Put back what was known on a day: of each field the earliest value that held beyond it."""
    at = {row[1]: place for place, row in enumerate(rows)}
    first, last = rows[0][0], rows[-1][0]
    past = Past.objects.filter(until__gt=day, profile__serial__gte=first, profile__serial__lte=last)
    for profile, name, value in past.order_by("-until").values_list("profile", "field", "value"):
        if profile in at and name in values:
            values[name][at[profile]] = value


def rematch(*, profile: Profile, now: dt.datetime) -> int:
    """Judge one profile anew by every open clause; return in how many maps a bit changed.

    Call inside `database.writing()`, with its block held. Only rows whose bits change are written.
    """
    today = answers.local_date(now)
    block, bit = divmod(profile.serial, BLOCK)
    past = list(Past.objects.filter(profile=profile))
    closed = profile.enterprise.closed_on is not None
    asked = [] if closed else selectors.judged.concerned(profile, past, today)
    found: dict[uuid.UUID, tuple[Clause, str]] = {}
    for clause, terms, known in asked:
        verdicts = judging.judge(selectors.judged.conditions_of(terms), known)
        found[clause.id] = clause, judging.outcome(verdicts)
    changed = 0
    kept = {one.clause_id: one for one in Match.objects.select_for_update().filter(block=block).order_by("clause_id")}
    for key in sorted({*found, *kept}):
        outcome = found[key][1] if key in found else judging.NO
        row = kept.get(key)
        if row is None:
            if outcome == judging.NO:
                continue
            row = _empty(found[key][0], block)
        if _set(row, bit, outcome):
            changed += 1
            row.save()
    return changed


def _empty(clause: Clause, block: int) -> Match:
    nothing = bytes(BLOCK // 8)
    return Match(
        clause=clause,
        region=clause.region,
        department_id=clause.department_id,
        block=block,
        yes=nothing,
        unknown=nothing,
    )


def _set(row: Match, bit: int, outcome: str) -> bool:
    """Set the two bits of one profile; tell whether anything changed."""
    changed = False
    for name in (judging.YES, judging.UNKNOWN):
        content = bytearray(getattr(row, name))
        place, mask = bit >> 3, 1 << (bit & 7)
        before, after = bool(content[place] & mask), outcome == name
        if before != after:
            content[place] ^= mask
            setattr(row, name, bytes(content))
            count = f"{name}_count"
            setattr(row, count, getattr(row, count) + (1 if after else -1))
            changed = True
    return changed
