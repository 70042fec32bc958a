"""Comparing units that are small and do different work, so that luck and mix decide less.

1. Standardisation: what would be expected of a unit, had each of its strata (category × tier × season) gone as it goes
   everywhere; its own result is measured against that (indirect standardisation, as in hospital comparisons).
2. Shrinkage: the fewer matters, the nearer to the mean of like units (empirical Bayes, beta-binomial).
3. Intervals: Wilson's for the plain share, the posterior's for the fair one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z95, Z998 = 1.959964, 3.090232
"""Limits between which 95 % and 99.8 % lie."""
SMOOTH = 8.0
"""A stratum of this many matters counts half itself, half the strata around it."""
_LEAST, _MOST = 0.01, 0.5
"""Bounds of how much units differ: never not at all, or a few matters would seem to prove that they are alike."""
Counted = Mapping[str, tuple[int, int]]
"""Stratum → (counted, hits)."""


def wilson(hits: float, counted: float, z: float = Z95) -> tuple[float, float]:
    """Return Wilson's interval of a share; everything is possible where nothing was counted."""
    if counted <= 0:
        return 0.0, 1.0
    share, square = hits / counted, z * z
    middle = (share + square / (2 * counted)) / (1 + square / counted)
    half = z * math.sqrt(share * (1 - share) / counted + square / (4 * counted**2)) / (1 + square / counted)
    return min(max(0.0, middle - half), share), max(min(1.0, middle + half), share)


def limits(mean: float, counted: float, z: float) -> tuple[float, float]:
    """Return the limits of a funnel: between them lies a unit of this size that is like the others."""
    half = z * math.sqrt(max(mean * (1 - mean), 0.0) / counted) if counted > 0 else 1.0
    return max(0.0, mean - half), min(1.0, mean + half)


def reference(strata: Counted, *, parent: Mapping[str, str]) -> dict[str, float]:
    """Return stratum → rate to be expected. Small strata lean on their `parent` (a tier), and those on the whole."""
    counted = sum(n for n, _hits in strata.values())
    whole = sum(hits for _n, hits in strata.values()) / counted if counted else 0.0
    tiers: dict[str, list[float]] = {}
    for name, (n, hits) in strata.items():
        row = tiers.setdefault(parent[name], [0.0, 0.0])
        row[0], row[1] = row[0] + n, row[1] + hits
    of_tier = {name: (hits + SMOOTH * whole) / (n + SMOOTH) for name, (n, hits) in tiers.items()}
    return {name: (hits + SMOOTH * of_tier[parent[name]]) / (n + SMOOTH) for name, (n, hits) in strata.items()}


@dataclass(frozen=True, kw_only=True)
class Fair:
    """A unit's share made comparable. expected: share to be expected of its mix; adjusted: before shrinkage.

    ratio: what the unit did, measured against what was to be expected (1: as expected). low, high: 95 % interval of
    `value`. deviation: its standard deviation. counted: matters behind it.
    """

    counted: int
    expected: float
    ratio: float
    adjusted: float
    value: float
    low: float
    high: float
    deviation: float


def standardised(hits: int, counted: int, expected: float, mean: float) -> tuple[float, float]:
    """Return (ratio, adjusted share) of a unit with `hits` of `counted`, where `expected` hits were to be expected.

    The rarer side is compared, hits or misses: there a ratio means something and stays within bounds.
    """
    if counted == 0:
        return 1.0, mean
    if mean <= 0.5:
        ratio = hits / expected if expected > 0 else 1.0
        return ratio, min(max(ratio * mean, 0.0), 1.0)
    missing = counted - expected
    ratio = (counted - hits) / missing if missing > 0 else 1.0
    return ratio, min(max(1 - ratio * (1 - mean), 0.0), 1.0)


def strength(shares: NDArray[np.float64], sizes: NDArray[np.float64], mean: float) -> float:
    """Return how many matters the experience with like units is worth (Kleinman 1973, method of moments)."""
    whole = sizes.sum()
    if whole <= 0 or len(sizes) < 2 or not 0 < mean < 1:
        return 1 / _LEAST - 1
    weights = sizes / whole
    spread = float((weights * (shares - mean) ** 2).sum())
    own = float((weights * (1 - weights) / np.maximum(sizes, 1e-9)).sum())
    room = float((weights * (1 - weights)).sum()) - own
    pull = (spread / (mean * (1 - mean)) - own) / room if room > 0 else 0.0
    pull = min(max(pull, _LEAST), _MOST)
    return 1 / pull - 1


def compare(units: Mapping[str, Counted], rates: Mapping[str, float]) -> dict[str, Fair]:
    """Return unit → its fair share of one index, among like units. rates: what `reference` returned."""
    names = list(units)
    sizes = np.array([sum(n for n, _h in units[name].values()) for name in names], dtype=float)
    hits = np.array([sum(h for _n, h in units[name].values()) for name in names], dtype=float)
    expected = np.array(
        [sum(n * rates.get(stratum, 0.0) for stratum, (n, _h) in units[name].items()) for name in names], dtype=float
    )
    whole = float(sizes.sum())
    mean = float(hits.sum()) / whole if whole else 0.0
    if whole and float(expected.sum()) > 0:
        # Like units are compared with each other: together they are exactly as expected.
        expected = _fitted(expected, sizes, float(hits.sum()), mean)
    pairs = [standardised(int(h), int(n), float(e), mean) for h, n, e in zip(hits, sizes, expected, strict=True)]
    adjusted = np.array([pair[1] for pair in pairs])
    worth = strength(adjusted[sizes > 0], sizes[sizes > 0], mean)
    # Half a hit and half a miss are added (Jeffreys): that all went well so far proves no certainty.
    centre = (float(hits.sum()) + 0.5) / (whole + 1)
    a = adjusted * sizes + worth * centre
    b = (1 - adjusted) * sizes + worth * (1 - centre)
    values = a / (a + b)
    # 28 MiB that most processes never need.
    from scipy import special

    low, high = special.betaincinv(a, b, 0.025), special.betaincinv(a, b, 0.975)
    deviation = np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    return {
        name: Fair(
            counted=int(sizes[i]),
            expected=float(expected[i] / sizes[i]) if sizes[i] else mean,
            ratio=pairs[i][0],
            adjusted=float(adjusted[i]),
            value=float(values[i]),
            low=float(min(low[i], values[i])),
            high=float(max(high[i], values[i])),
            deviation=float(deviation[i]),
        )
        for i, name in enumerate(names)
    }


def _fitted(expected: NDArray[np.float64], sizes: NDArray[np.float64], hits: float, mean: float) -> NDArray[np.float64]:
    if mean <= 0.5:
        return expected * (hits / float(expected.sum()))
    missing = sizes - expected
    whole = float(missing.sum())
    return sizes - missing * ((float(sizes.sum()) - hits) / whole) if whole > 0 else expected


@dataclass(frozen=True, kw_only=True)
class Score:
    """The weighted whole of a unit, 0 to 100. parts: index → points, at most its weight."""

    value: float
    low: float
    high: float
    parts: Mapping[str, float]


def score(found: Mapping[str, Fair], weights: Mapping[str, float], less_is_better: frozenset[str]) -> Score:
    """Return the weighted whole. A unit without matters in an index stands at the mean of like units there."""
    parts, variance = {}, 0.0
    for name, weight in weights.items():
        one = found[name]
        parts[name] = weight * (1 - one.value if name in less_is_better else one.value)
        variance += (weight * one.deviation) ** 2
    value, half = sum(parts.values()), Z95 * math.sqrt(variance)
    return Score(value=value, low=max(0.0, value - half), high=min(100.0, value + half), parts=parts)


def ranks(values: Sequence[tuple[str, float]]) -> dict[str, int]:
    """Return name → place, the highest value first; equal values share a place (1, 2, 2, 4)."""
    ordered = sorted((round(value, 9) for _name, value in values), reverse=True)
    return {name: ordered.index(round(value, 9)) + 1 for name, value in values}
