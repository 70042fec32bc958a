"""Pure decisions of tracking: how much a matter calls for it, and when a refused one is proposed again."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What the product knows of a case when it asks whether to follow it.

    hand_offs   how often it went to another department, and how many help (流转环节多)
    open_share  working time since acceptance ÷ the limit of its tier (办成周期长); may exceed 1
    alike       other enterprises with an open matter of the same category in the region (成效普惠广)
    """

    hand_offs: int
    open_share: float
    alike: int

    def as_parts(self) -> dict[str, float]:
        """Return the signs by the names that weights use."""
        return {"hand_offs": float(self.hand_offs), "length": self.open_share, "breadth": float(self.alike)}


def parts(signs: Signs, *, full: Mapping[str, float], weights: Mapping[str, int]) -> dict[str, int]:
    """Return how many points each sign gives.

    A sign gives its whole weight once it reaches `full`, before that its share of it, rounded down.
    """
    values = signs.as_parts()
    return {name: int(weight * min(values[name] / full[name], 1.0)) for name, weight in weights.items()}


def score(points: Mapping[str, int]) -> int:
    """Return the points together."""
    return sum(points.values())


def proposes(points: int, *, threshold: int, refused_at: int | None) -> bool:
    """Tell whether a case with so many points becomes a candidate.

    refused_at: its points when a person last decided against it; then only more points propose it again.
    """
    return points >= threshold and (refused_at is None or points > refused_at)


def asks_for_revision(level: int, *, revise_at: int) -> bool:
    """Tell whether a plan the enterprise rated `level` (1–5) has to be revised (T3)."""
    return level <= revise_at


def worst(lights: list[str], order: list[str]) -> str:
    """Return the most pressing of `lights` by the rulebook's `order`; an empty text for none."""
    known = [light for light in lights if light in order]
    return max(known, key=order.index, default="")
