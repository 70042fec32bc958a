"""What moved a share from one month to the next: other work, or the same work done otherwise. Adds up exactly."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Part:
    """How a stratum moved the share: `mix`, for there was more or less of it; `rate`, for it went otherwise."""

    stratum: str
    before: tuple[int, int]
    after: tuple[int, int]
    mix: float
    rate: float


@dataclass(frozen=True, kw_only=True)
class Move:
    """From `before` to `after`: the sum of the parts is the change."""

    before: float
    after: float
    parts: tuple[Part, ...]

    @property
    def change(self) -> float:
        """How much the share changed."""
        return self.after - self.before

    @property
    def mix(self) -> float:
        """What other work did."""
        return sum(part.mix for part in self.parts)

    @property
    def rate(self) -> float:
        """What working otherwise did."""
        return sum(part.rate for part in self.parts)


def move(before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]) -> Move | None:
    """Return what moved a share between two months, stratum → (counted, hits) each; None where one has no matters.

    Kitagawa (1955): for each stratum, the change of its part times its mean rate, and the change of its rate times its
    mean part. A stratum that only one month knows has no change of rate. Largest movement first.
    """
    first, last = (sum(n for n, _hits in month.values()) for month in (before, after))
    if not first or not last:
        return None
    old = sum(hits for _n, hits in before.values()) / first
    new = sum(hits for _n, hits in after.values()) / last
    middle = (old + new) / 2
    parts = []
    for stratum in before.keys() | after.keys():
        was, now = before.get(stratum, (0, 0)), after.get(stratum, (0, 0))
        share, shares = was[0] / first, now[0] / last
        rates = [hits / n for n, hits in (was, now) if n]
        rate_was, rate_now = (rates[0], rates[-1]) if rates else (middle, middle)
        parts.append(
            Part(
                stratum=stratum,
                before=was,
                after=now,
                mix=(shares - share) * ((rate_was + rate_now) / 2 - middle),
                rate=(rate_now - rate_was) * (share + shares) / 2,
            )
        )
    parts.sort(key=lambda part: (-abs(part.mix + part.rate), part.stratum))
    return Move(before=old, after=new, parts=tuple(parts))
