"""Which task force (专班) a problem goes to: by where the enterprise is and what it does. Plain values only."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Force:
    """A task force. towns: codes of regions it serves; trades: beginnings of GB/T 4754 codes. Empty: all."""

    id: str
    towns: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()


def force_of(forces: Sequence[Force], *, town: str, industry: str) -> str:
    """Return the id of the first force that serves both the place and the trade; "" where none does."""
    for one in forces:
        here = not one.towns or any(town.startswith(code) for code in one.towns)
        does = not one.trades or any(industry.startswith(code) for code in one.trades)
        if here and does:
            return one.id
    return ""
