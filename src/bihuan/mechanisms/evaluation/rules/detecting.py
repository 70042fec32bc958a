"""Signs of pressed praise and formalism (C6). Each says what it saw; none says that somebody did wrong.

All take plain values of one region and period, and return findings. `unit` is a department's id as text.
"""

import datetime as dt
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GOOD = 4
"""Levels from this one on are praise: 满意 and 非常满意."""


@dataclass(frozen=True, kw_only=True)
class Rating:
    """One rating. device: a salted hash of the device's class, or empty; beside_staff: staff was logged in there."""

    case: str
    unit: str
    at: dt.datetime
    result: int
    firm: str
    device: str = ""
    beside_staff: bool = False


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a detector noticed: about which unit (and case, if one), with the evidence as plain values.

    key tells the same observation from another one, so that it is asked about once.
    """

    kind: str
    unit: str
    key: str
    evidence: Mapping[str, Any]
    case: str = ""


def surprise(hits: int, trials: int, other_hits: int, other_trials: int) -> float:
    """Return how likely at least `hits` of `trials` are if these and the others are alike (Fisher's exact test)."""
    marked, everybody = hits + other_hits, trials + other_trials

    def ways(of: int, chosen: int) -> float:
        return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)

    whole = ways(everybody, marked)
    most = min(trials, marked)
    logs = (ways(trials, k) + ways(other_trials, marked - k) - whole for k in range(hits, most + 1))
    return min(1.0, sum(math.exp(one) for one in logs))


def own_device(ratings: Iterable[Rating]) -> list[Finding]:
    """A rating came from a browser in which a member of staff was logged in."""
    return [
        Finding(kind="own_device", unit=one.unit, case=one.case, key=one.case, evidence={"result": one.result})
        for one in ratings
        if one.beside_staff
    ]


def bursts(ratings: Iterable[Rating], *, least: int, within: dt.timedelta, same_device: bool) -> list[Finding]:
    """At least `least` enterprises praised one unit inside `within`; with same_device from one class of devices.

    One finding a unit and day: the fullest window of it.
    """
    groups: dict[tuple[str, str], list[Rating]] = defaultdict(list)
    for one in ratings:
        if one.result >= GOOD and (one.device or not same_device):
            groups[one.unit, one.device if same_device else ""].append(one)
    best: dict[str, Finding] = {}
    for (unit, _device), group in groups.items():
        group.sort(key=lambda one: one.at)
        start = 0
        for end, last in enumerate(group):
            while last.at - group[start].at > within:
                start += 1
            firms = {one.firm for one in group[start : end + 1]}
            key = f"{unit}:{group[start].at:%Y-%m-%d}"
            if len(firms) >= least and (key not in best or best[key].evidence["firms"] < len(firms)):
                minutes = int((last.at - group[start].at).total_seconds() // 60)
                evidence = {"day": f"{group[start].at:%Y-%m-%d}", "firms": len(firms), "minutes": minutes}
                best[key] = Finding(kind="burst", unit=unit, key=key, evidence=evidence)
    return list(best.values())


_VARIABLE = re.compile(r"[\d\W_]+")


def essence(text: str) -> str:
    """Return a reply without what differs in every matter anyhow: digits, dates, signs and spaces."""
    return _VARIABLE.sub("", text)


def templates(replies: Iterable[tuple[str, str, str]], *, least: int, likeness: float, shortest: int) -> list[Finding]:
    """At least `least` replies of one unit are nearly the same text. replies: (case, unit, text).

    Likeness is the shared part of all groups of three signs (Jaccard) of what is left after `essence`; replies shorter
    than `shortest` signs say too little to compare.
    """
    by_unit: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for case, unit, text in replies:
        core = essence(text)
        if len(core) >= shortest:
            by_unit[unit].append((case, frozenset(core[place : place + 3] for place in range(len(core) - 2))))
    found = []
    for unit, rows in by_unit.items():
        for group in _alike(rows, likeness):
            if len(group) >= least:
                evidence = {"replies": len(group), "of": len(rows), "cases": sorted(group)[:5]}
                found.append(Finding(kind="template", unit=unit, key=f"{unit}:{min(group)}", evidence=evidence))
    return found


def _alike(rows: Sequence[tuple[str, frozenset[str]]], likeness: float) -> list[list[str]]:
    """Group each text with the first earlier one that it is like."""
    heads: list[tuple[frozenset[str], list[str]]] = []
    for case, shingles in rows:
        for head, members in heads:
            if len(head & shingles) >= likeness * len(head | shingles):
                members.append(case)
                break
        else:
            heads.append((shingles, [case]))
    return [members for _head, members in heads]


def last_minute(shares: Iterable[tuple[str, float]], *, from_: float, least: int, chance: float) -> list[Finding]:
    """A unit answers just before the limit far more often than the others. shares: (unit, share of the time used)."""
    late: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for unit, share in shares:
        all_[unit] += 1
        late[unit] += from_ <= share <= 1
    return _unusual("last_minute", late, all_, least=least, chance=chance)


def reopened_after_praise(matters: Iterable[tuple[str, bool]], *, least: int, chance: float) -> list[Finding]:
    """Praised matters of a unit come back far more often than those of others. matters: (unit, came back)."""
    back: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for unit, again in matters:
        all_[unit] += 1
        back[unit] += again
    return _unusual("reopened_after_praise", back, all_, least=least, chance=chance)


def _unusual(kind: str, hits: Counter[str], all_: Counter[str], *, least: int, chance: float) -> list[Finding]:
    """Compare each unit with all the others together; none is compared with fewer than `least` of either."""
    found = []
    total, whole = hits.total(), all_.total()
    for unit, count in all_.items():
        others, rest = total - hits[unit], whole - count
        if count < least or rest < least or hits[unit] < 2:
            continue
        odds = surprise(hits[unit], count, others, rest)
        if odds < chance:
            evidence = {"hits": hits[unit], "of": count, "others": others, "others_of": rest, "odds": f"{odds:.1e}"}
            found.append(Finding(kind=kind, unit=unit, key=unit, evidence=evidence))
    return found


def disagreement(words: Iterable[tuple[str, bool, bool]], *, least: int, gap: float, chance: float) -> list[Finding]:
    """What is said on the telephone is far worse than what was rated. words: (unit, by telephone, content).

    Compared inside one unit. A gap is expected, for whoever is called need not be whoever rates: only one of at least
    `gap` (share of those content) counts, and only where chance alone would hardly make it.
    """
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for unit, by_telephone, content in words:
        row = sums[unit]
        row[2 * by_telephone] += 1
        row[2 * by_telephone + 1] += content
    found = []
    for unit, (rated, praised, called, glad) in sums.items():
        if rated < least or called < least or praised / rated - glad / called < gap:
            continue
        odds = surprise(called - glad, called, rated - praised, rated)
        if odds < chance:
            evidence = {"rated": rated, "praised": praised, "called": called, "content": glad, "odds": f"{odds:.1e}"}
            found.append(Finding(kind="disagreement", unit=unit, key=unit, evidence=evidence))
    return found
