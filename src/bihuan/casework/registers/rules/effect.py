"""What an institution changed: how often such cases come, and how long they take, before and after it (R5).

Frequency. Cases are counted by the day they were raised, over two windows of at most so many months on both sides of
the day the institution came into force. Given the sum of both counts, the one after it is binomial, so the ratio of the
two rates has an exact interval (Clopper–Pearson on the share; Przyborowski & Wilenski 1940).

Duration. Working days from raising to the answer, of those that were answered; compared by the difference of the
medians, with the percentile interval of 2,000 resamples from a fixed seed: the same cases always give the same figure.

A difference between before and after shows no cause: seasons, other measures and the register itself change too.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MONTH = 30.4375
"""Days of a month, on the average."""
SOONEST = 28
"""Days after which an institution can have shown an effect."""
RESAMPLES, MOST = 2_000, 2_000
"""How often durations are drawn anew, and of how many (the newest) on each side."""
LEVEL = 0.95


@dataclass(frozen=True, kw_only=True)
class Window:
    """One side of the comparison: instants [start, end), how many cases were raised, how many are not answered yet.

    durations: working days from raising to the answer, of those that have one, the newest last.
    """

    start: dt.datetime
    end: dt.datetime
    count: int = 0
    unanswered: int = 0
    durations: tuple[float, ...] = ()

    @property
    def days(self) -> float:
        """Length in days."""
        return (self.end - self.start).total_seconds() / 86_400

    @property
    def monthly(self) -> float:
        """Cases a month; 0 for a window without length."""
        return self.count / self.days * MONTH if self.days > 0 else 0.0

    @property
    def median(self) -> float | None:
        """The median duration in working days; None where nothing was answered."""
        return float(np.median(self.durations)) if self.durations else None


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A figure with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """`less`, `more`, or an empty text where the interval leaves it open; for ratios, `compared_with` 1."""
        return self.compared_with(1)

    def compared_with(self, same: float) -> str:
        """Return `less` or `more` than `same`, or an empty text where the interval contains it."""
        return "less" if self.high < same else "more" if self.low > same else ""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """The comparison. rate: cases a month after ÷ before; duration: median after − before, in working days.

    Either is None where fewer than `least` cases stand on a side it needs; why: `not_in_force`, `no_theme`,
    `too_early`, `too_few`, or an empty text when at least one can be said.
    """

    why: str
    before: Window | None = None
    after: Window | None = None
    rate: Interval | None = None
    duration: Interval | None = None


def windows(*, began: dt.datetime, first: dt.datetime, until: dt.datetime, months: int) -> tuple[Window, Window]:
    """Return the empty windows before and after `began`: at most `months` long, none before the `first` case known."""
    length = dt.timedelta(days=months * MONTH)
    return (
        Window(start=min(max(began - length, first), began), end=began),
        Window(start=began, end=max(min(began + length, until), began)),
    )


def rate_ratio(*, before: int, before_days: float, after: int, after_days: float) -> Interval:
    """Return the ratio of the rate after to that before, with its exact interval. Needs `before` > 0 and days > 0."""
    whole, tail = before + after, (1 - LEVEL) / 2
    # 28 MiB that most processes never need.
    from scipy import special

    low = float(special.betaincinv(after, before + 1, tail)) if after else 0.0
    high = float(special.betaincinv(after + 1, before, 1 - tail)) if before else 1.0
    assert whole > 0, "nothing was counted"

    def ratio(share: float) -> float:
        return share / (1 - share) * before_days / after_days

    return Interval(value=after / after_days / (before / before_days), low=ratio(low), high=ratio(high))


def median_difference(before: Sequence[float], after: Sequence[float]) -> Interval:
    """Return median(after) − median(before) with its bootstrap interval; the same values give the same interval."""
    old, new = np.asarray(before[-MOST:], dtype=float), np.asarray(after[-MOST:], dtype=float)
    dice = np.random.default_rng(2_000)
    medians = [np.median(one[dice.integers(0, len(one), (RESAMPLES, len(one)))], axis=1) for one in (old, new)]
    low, high = np.quantile(medians[1] - medians[0], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value=float(np.median(new) - np.median(old)), low=float(low), high=float(high))


def compare(before: Window, after: Window, *, least: int) -> Effect:
    """Return what can be said honestly of the two windows; fewer than `least` cases on a side say nothing."""
    if after.days < SOONEST:
        return Effect(why="too_early", before=before, after=after)
    rate = duration = None
    if before.count >= least and before.days >= SOONEST:
        rate = rate_ratio(before=before.count, before_days=before.days, after=after.count, after_days=after.days)
    if min(len(before.durations), len(after.durations)) >= least:
        duration = median_difference(before.durations, after.durations)
    why = "" if rate or duration else "too_few"
    return Effect(why=why, before=before, after=after, rate=rate, duration=duration)
