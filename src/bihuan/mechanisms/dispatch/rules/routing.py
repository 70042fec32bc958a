"""Who may not be given a matter: nothing that belongs to a department is pushed down to a town (国办函〔2025〕66号)."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Literal

Why = Literal["named", "pushed_down"]


@dataclass(frozen=True, kw_only=True)
class Belongs:
    """What the catalogue says of a matter, departments by id and kind. level: who handles it; empty: not said."""

    lead: Hashable
    lead_kind: str
    co: Collection[Hashable]
    barred: Collection[Hashable]
    level: str


def why_not(belongs: Belongs, *, unit: Hashable, kind: str, never_down_to: Collection[str]) -> Why | None:
    """Return why a unit may not lead the matter, or None: the catalogue names it, or it stands below who is meant.

    never_down_to: kinds of units that get nothing which the catalogue gives to a unit of another kind.
    """
    if unit == belongs.lead:
        return None
    if unit in belongs.barred:
        return "named"
    below = kind in never_down_to and belongs.lead_kind not in never_down_to and belongs.level != "town"
    return "pushed_down" if below and unit not in belongs.co else None
