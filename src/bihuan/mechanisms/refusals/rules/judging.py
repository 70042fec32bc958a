"""Scores, the draw of a panel, sealed votes and what they come to. Plain values only (N2–N4)."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

OUTCOMES = ("cannot", "should", "can")
CONFLICTS = ("refused_it", "of_the_unit", "above_the_unit", "of_the_enterprise")
"""Why somebody may not sit on a panel: said no in person, works in the unit or above it, speaks for the enterprise."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of the pool: id, group, and the departments and enterprises of all offices held."""

    id: str
    group: str
    departments: frozenset[str] = frozenset()
    enterprises: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Who is a side of the refusal: the unit, bodies above or beside it, the enterprise, who said no, who raised it."""

    unit: str = ""
    above: frozenset[str] = frozenset()
    enterprise: str = ""
    persons: frozenset[str] = frozenset()
    raiser: str = ""


@dataclass(frozen=True, kw_only=True)
class Draw:
    """A draw: who sits (person, group, in order), who is next in each group, who was left out and why."""

    seats: tuple[tuple[str, str], ...]
    reserve: tuple[tuple[str, str], ...]
    excluded: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, int], ...]


def scores(*, alike: int, units: int, causes: Collection[str], urgent: bool, repeated: int) -> dict[str, int]:
    """Return what the product proposes for importance, soundness and typicality, 1–5 each; a person decides.

    alike: like matters of other enterprises; units: units that refused likewise; repeated: objections and returns.
    soundness (科学性) is how well the doubt is founded: several independent causes speak for it.
    """
    return {
        "importance": min(5, 2 + bool(urgent) + min(alike, 2)),
        "soundness": min(5, 1 + len(set(causes)) + min(repeated, 2)),
        "typicality": min(5, 1 + min(alike, 3) + (units > 1)),
    }


def conflict(person: Person, sides: Sides) -> str:
    """Return why somebody may not judge this refusal (one of CONFLICTS), or an empty text."""
    if person.id in sides.persons:
        return "refused_it"
    if sides.unit and sides.unit in person.departments:
        return "of_the_unit"
    if sides.above & person.departments:
        return "above_the_unit"
    if person.id == sides.raiser or (sides.enterprise and sides.enterprise in person.enterprises):
        return "of_the_enterprise"
    return ""


def commitment(secret: str) -> str:
    """Return what is written down before a secret is told: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sealed(*, salt: str, person: str, outcome: str, reason: str) -> str:
    """Return the commitment of a vote: nobody can read the vote from it, nobody can change the vote under it."""
    return commitment("\n".join((salt, person, outcome, reason)))


def order(people: Iterable[str], seed: str) -> list[str]:
    """Return the people in the order that a seed decides; anybody can repeat it."""
    return sorted(people, key=lambda one: (commitment(f"{seed}:{one}"), one))


def draw(*, pool: Sequence[Person], sides: Sides, quotas: Mapping[str, int], seed: str) -> Draw:
    """Return the panel that the seed decides: so many of each group, without anybody who is involved."""
    excluded = tuple((one.id, why) for one in sorted(pool, key=lambda one: one.id) if (why := conflict(one, sides)))
    out = {person for person, _why in excluded}
    seats: list[tuple[str, str]] = []
    reserve: list[tuple[str, str]] = []
    missing: list[tuple[str, int]] = []
    for group, count in quotas.items():
        eligible = {one.id for one in pool if one.group == group} - out - {person for person, _group in seats}
        ordered = [(person, group) for person in order(eligible, seed)]
        seats += ordered[:count]
        reserve += ordered[count:]
        if len(ordered) < count:
            missing.append((group, count - len(ordered)))
    return Draw(seats=tuple(seats), reserve=tuple(reserve), excluded=excluded, missing=tuple(missing))


def tally(votes: Iterable[str]) -> str:
    """Return the joint result: what more than half of the votes say, or an empty text (then they vote again)."""
    counted = Counter(votes)
    whole = sum(counted.values())
    return next((outcome for outcome in OUTCOMES if 2 * counted[outcome] > whole), "")


def common(groups: Mapping[str, int], *, least: int) -> list[str]:
    """Return the groups with at least `least` refusals, the most frequent first: what may be a common problem."""
    return sorted((name for name, count in groups.items() if count >= least), key=lambda name: (-groups[name], name))
