"""What an enterprise gets: the formula, its caps, what it got already (就高不重复), and who pays which part."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT, NOTHING = Decimal("0.01"), Decimal(0)
HUNDRED = Decimal(100)
LARGEST = Decimal(10) ** 11


class Step(NamedTuple):
    """One step of the account. code: `formula`, `negative`, `cap`, `year_cap`, `stack`; amount: what is left after."""

    code: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Limits:
    """cap: most for one enterprise each time; year_cap: most in one calendar year; in yuan, None without."""

    cap: Decimal | None = None
    year_cap: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Got:
    """What the enterprise got already this year, in yuan: by the same clause, and by others that do not add up."""

    same: Decimal = NOTHING
    stacked: Decimal = NOTHING


def account(formula: Decimal, limits: Limits, got: Got) -> tuple[Decimal, tuple[Step, ...]]:
    """Return the amount in yuan with the steps that led to it; a step that changes nothing is left out.

    A cap that was lowered in mid-year holds for what comes from then on: nothing is taken back, and nothing is added
    to those who got more already. Of benefits that do not add up only what exceeds the others is given.
    """
    left = formula.quantize(CENT, ROUND_HALF_UP)
    steps = [Step("formula", left)]
    after: list[tuple[str, Decimal]] = [("negative", max(left, NOTHING))]
    if limits.cap is not None:
        after.append(("cap", limits.cap))
    if limits.year_cap is not None:
        after.append(("year_cap", max(limits.year_cap - got.same, NOTHING)))
    for code, most in after:
        if (code == "negative" and left < 0) or (code != "negative" and most < left):
            left = most
            steps.append(Step(code, left))
    if got.stacked > 0 and left > 0:
        left = max(left - got.stacked, NOTHING)
        steps.append(Step("stack", left))
    return left, tuple(steps)


class Share(NamedTuple):
    """One level of government and its part of the whole, in per cent."""

    level: str
    percent: Decimal


def share_flaw(shares: Sequence[Share]) -> str:
    """Return what is wrong with the parts: `none`, `twice`, `percent` (each above 0), `sum` (not 100), or nothing."""
    if not shares:
        return "none"
    if len({one.level for one in shares}) < len(shares):
        return "twice"
    if any(one.percent <= 0 for one in shares):
        return "percent"
    return "" if sum(one.percent for one in shares) == HUNDRED else "sum"


def split(amount: Decimal, shares: Sequence[Share]) -> dict[str, Decimal]:
    """Return level → what it pays, to the cent; the last one pays what rounding leaves, so nothing is lost."""
    parts = {one.level: (amount * one.percent / HUNDRED).quantize(CENT, ROUND_DOWN) for one in shares}
    last = shares[-1].level
    parts[last] += amount - sum(parts.values())
    return parts
