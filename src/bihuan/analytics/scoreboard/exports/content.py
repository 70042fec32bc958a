"""Figures as plain values: one shape for the API, for editions, and for every file made of them."""

import copy
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from bihuan.analytics.openness import rules as openness
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers

from .. import selectors
from ..rules import periods
from ..rules.counting import RATINGS, Level
from ..selectors.boards import Board, Figure, Line

FORMAT = "bihuan-scoreboard-1"
DIGITS = 6


def document(board: Board, *, careful: bool = False) -> dict[str, Any]:
    """Return a scoreboard as plain values. careful: small groups of ratings are withheld, so that units may read it."""
    items = [_line(line) for line in board.lines]
    if careful:
        _withhold(items, least=board.rule.least_ratings)
    return {
        "region": board.region,
        "period": periods.written(board.month),
        "by": board.level.value,
        "as_of": answers.local(board.as_of).isoformat(timespec="seconds"),  # type: ignore[union-attr]
        "running": board.running,
        "with_ratings": board.ratings,
        "min_n": board.rule.min_n,
        "rulebook": board.rulebook,
        "weights": {group: _rounded(points) for group, points in board.weights.items()},
        "means": {
            group: {index.value: round(x, DIGITS) for index, x in row.items()} for group, row in board.means.items()
        },
        "items": items,
    }


def _line(line: Line) -> dict[str, Any]:
    score = line.score
    return {
        "unit": line.unit.code,
        "name": line.unit.name,
        "short_name": line.unit.short,
        "formerly": list(line.unit.former),
        "group": line.unit.group,
        "n": line.n,
        "rank": line.rank,
        "score": score
        and {"value": _r(score.value), "interval": _interval(score.low, score.high), "parts": _rounded(score.parts)},
        "figures": {index.value: figure(one) for index, one in line.figures.items()},
    }


def figure(one: Figure) -> dict[str, Any]:
    """Return one figure as plain values."""
    fair = one.fair
    return {
        "value": None if one.value is None else _r(one.value),
        "numerator": one.hits,
        "denominator": one.counted,
        "interval": _interval(one.low, one.high),
        "excluded": one.excluded,
        "rank": one.rank,
        "fair": fair
        and {
            "value": _r(fair.value),
            "interval": _interval(fair.low, fair.high),
            "expected": _r(fair.expected),
            "ratio": _r(fair.ratio),
        },
        "withheld": False,
    }


NOTHING: dict[str, Any] = {
    "value": None,
    "numerator": None,
    "denominator": None,
    "interval": None,
    "excluded": None,
    "rank": None,
    "fair": None,
    "withheld": True,
}


def _r(value: float) -> float:
    return round(value, DIGITS)


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: _r(value) for name, value in values.items()}


def _interval(low: float, high: float) -> dict[str, float]:
    return {"low": _r(low), "high": _r(high)}


def _withhold(items: Sequence[dict[str, Any]], *, least: int, indices: frozenset[str] | None = None) -> None:
    """Empty the figures that say something of few: smaller than `least`, or one more where the sum would tell it."""
    wanted = {index.value for index in RATINGS} if indices is None else indices
    for index in sorted({name for item in items for name in item["figures"]} & wanted):
        rows = [item for item in items if index in item["figures"]]
        counts = [row["figures"][index]["denominator"] or 0 for row in rows]
        for row, shown in zip(rows, openness.hide(counts, least=least), strict=True):
            if shown is None:
                row["figures"][index] = dict(NOTHING)


def content(*, region: str, month: int, now: dt.datetime) -> dict[str, Any]:
    """Return what an edition holds: all levels of a month, as units may read them."""
    boards = {
        level.value: document(selectors.compute(region=region, month=month, level=level, now=now), careful=True)
        for level in Level
    }
    found = directory.region(region)
    return {
        "format": FORMAT,
        "region": region,
        "region_name": found.name if found else region,
        "period": periods.written(month),
        "levels": boards,
    }


def digest(held: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content in its canonical form: JSON in UTF-8, keys sorted, no spaces."""
    return hashlib.sha256(orjson.dumps(held, option=orjson.OPT_SORT_KEYS)).hexdigest()


def for_public(held: Mapping[str, Any], *, least: int) -> dict[str, Any]:
    """Return a content as the public may read it: what counts fewer than `least` matters is withheld (openness)."""
    shown: dict[str, Any] = copy.deepcopy(dict(held))
    for board in shown["levels"].values():
        items = board["items"]
        _withhold(items, least=least, indices=frozenset(name for item in items for name in item["figures"]))
        for item in items:
            for one in item["figures"].values():
                if one["withheld"]:
                    continue
                if openness.share(one["numerator"], one["denominator"], least=least) is None:
                    one["value"] = one["numerator"] = one["interval"] = one["fair"] = None
            if item["n"] < least:
                item["n"] = item["score"] = item["rank"] = None
            elif item["score"]:
                del item["score"]["parts"]
    return shown
