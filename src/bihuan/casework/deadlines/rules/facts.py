"""Facts of a clock, its lights and its allotment: as values, and as they are written down."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple

from bihuan.foundation.kernel.workdays import Duration

Allotment = Duration | dt.datetime
"""A length of time, or a due date set as an instant (with offset)."""

_MOST_LIGHTS = 20


class FactKind(StrEnum):
    """What can happen to a clock."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    RETARGETED = "retargeted"
    STOPPED = "stopped"
    RECALCULATED = "recalculated"


class Light(NamedTuple):
    """A light that comes on when `at` of the allotted time is used (1 = due)."""

    id: str
    at: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that happened to a clock at `at`. Facts at the same instant count in the order of `seq`.

    allotment: started, retargeted (the new whole), extended (what is added, or the new due date)
    lights: started, and retargeted where they change        hold: which pause begins or ends
    void: stopped without result (merged, withdrawn), so it counts nowhere; resumed: the pause was not granted, so its
    time counts as if it had never begun
    was_due_at, was_original_due_at, calendar_version: recalculated, for the record; the replay passes over it

    Instants may be given in any zone and are kept in UTC. Raises ValueError for one without offset.
    """

    kind: FactKind
    at: dt.datetime
    seq: int = 0
    allotment: Allotment | None = None
    lights: tuple[Light, ...] | None = None
    hold: str = ""
    void: bool = False
    was_due_at: dt.datetime | None = None
    was_original_due_at: dt.datetime | None = None
    calendar_version: int | None = None

    def __post_init__(self) -> None:
        # Python compares two instants of one zone by their wall clocks, so in the hour that comes twice the later one
        # may look earlier. In UTC no hour comes twice.
        if self.at.tzinfo is not dt.UTC:
            object.__setattr__(self, "at", in_utc(self.at))
        if isinstance(self.allotment, dt.datetime) and self.allotment.tzinfo is not dt.UTC:
            object.__setattr__(self, "allotment", in_utc(self.allotment))


def in_utc(instant: dt.datetime) -> dt.datetime:
    """Return the same instant in UTC. Raises ValueError for one without offset."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return instant.astimezone(dt.UTC)


def read_allotment(text: str) -> Allotment:
    """Read `5wd` or an ISO instant with offset. Raises ValueError."""
    if "T" not in text:
        return Duration.parse(text)
    instant = dt.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("a due date needs an offset")
    return instant.astimezone(dt.UTC)


def write_allotment(allotment: Allotment) -> str:
    """Write an allotment so that `read_allotment` gives it back."""
    return str(allotment) if isinstance(allotment, Duration) else allotment.astimezone(dt.UTC).isoformat()


def check_lights(lights: Iterable[tuple[str, Any]]) -> tuple[Light, ...]:
    """Return `lights`, given as (id, share), as a clock keeps them.

    Raises ValueError for shares out of order, negative or no numbers, ids empty or twice, and more than 20 lights.
    """
    found: list[Light] = []
    for light_id, share in lights:
        try:
            at = Decimal(str(share))
        except InvalidOperation:
            raise ValueError(f"the share of light {light_id} is no number: {share!r}") from None
        if not light_id or light_id in {light.id for light in found}:
            raise ValueError(f"a light needs an id of its own: {light_id!r}")
        if not (at.is_finite() and 0 <= at <= 100):
            raise ValueError(f"the share of light {light_id} is between 0 and 100 times the allotted time, not {share}")
        if found and at <= found[-1].at:
            raise ValueError(f"light {light_id} at {share} must come after light {found[-1].id} at {found[-1].at}")
        found.append(Light(light_id, at))
    if len(found) > _MOST_LIGHTS:
        raise ValueError(f"a clock has at most {_MOST_LIGHTS} lights")
    return tuple(found)


def write_fact(fact: Fact) -> dict[str, Any]:
    """Return a fact as plain JSON values, leaving out what is empty."""
    written: dict[str, Any] = {"kind": fact.kind.value, "at": fact.at.astimezone(dt.UTC).isoformat()}
    if fact.allotment is not None:
        written["allotment"] = write_allotment(fact.allotment)
    if fact.lights is not None:
        written["lights"] = [[light.id, str(light.at)] for light in fact.lights]
    if fact.hold:
        written["hold"] = fact.hold
    if fact.void:
        written["void"] = True
    for name in ("was_due_at", "was_original_due_at"):
        if (instant := getattr(fact, name)) is not None:
            written[name] = instant.astimezone(dt.UTC).isoformat()
    if fact.calendar_version is not None:
        written["calendar_version"] = fact.calendar_version
    return written


def read_facts(written: Sequence[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """Return the facts written by `write_fact`, numbered in their order."""

    def instant(value: str | None) -> dt.datetime | None:
        return dt.datetime.fromisoformat(value) if value else None

    return tuple(
        Fact(
            kind=FactKind(row["kind"]),
            at=dt.datetime.fromisoformat(row["at"]),
            seq=seq,
            allotment=read_allotment(row["allotment"]) if "allotment" in row else None,
            lights=tuple(Light(i, Decimal(at)) for i, at in row["lights"]) if "lights" in row else None,
            hold=row.get("hold", ""),
            void=row.get("void", False),
            was_due_at=instant(row.get("was_due_at")),
            was_original_due_at=instant(row.get("was_original_due_at")),
            calendar_version=row.get("calendar_version"),
        )
        for seq, row in enumerate(written)
    )
