"""Files made of figures: CSV, JSON, a workbook, one page of paper, and a picture."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import orjson
import xlsxwriter
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from bihuan.casework.cases.exports import disarmed
from bihuan.foundation.documents import papers, pictures
from bihuan.foundation.documents.papers import Block, Paper

from .. import wording
from ..rules.counting import Index, Level

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": papers.PDF,
    "svg": "image/svg+xml",
    "png": pictures.PNG,
}
COLUMNS = (
    "region period by unit name formerly group n rank score score_low score_high index numerator denominator value low"
    " high excluded fair_value fair_low fair_high expected ratio index_rank withheld"
).split()
"""Columns of the CSV: one row for each unit and index."""
_NUMBER = {"type": ["number", "null"]}
_COUNT = {"type": ["integer", "null"]}
_RANGE = {"type": ["object", "null"], "properties": {"low": _NUMBER, "high": _NUMBER}}
_FAIR = {"value": _NUMBER, "interval": _RANGE, "expected": _NUMBER, "ratio": _NUMBER}
_FIGURE = {
    "value": _NUMBER,
    "numerator": _COUNT,
    "denominator": _COUNT,
    "interval": _RANGE,
    "excluded": _COUNT,
    "rank": _COUNT,
    "fair": {"type": ["object", "null"], "properties": _FAIR},
    "withheld": {"type": "boolean"},
}
_ITEM = {
    "unit": {"type": "string"},
    "name": {"type": "string"},
    "short_name": {"type": "string"},
    "formerly": {"type": "array", "items": {"type": "string"}},
    "group": {"type": "string"},
    "n": _COUNT,
    "rank": _COUNT,
    "score": {"type": ["object", "null"], "properties": {"value": _NUMBER, "interval": _RANGE}},
    "figures": {
        "type": "object",
        "propertyNames": {"enum": [index.value for index in Index]},
        "additionalProperties": {"type": "object", "required": list(_FIGURE), "properties": _FIGURE},
    },
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Scoreboard of a region and month",
    "type": "object",
    "required": ["format", "region", "region_name", "period", "levels"],
    "properties": {
        "format": {"const": "bihuan-scoreboard-1"},
        "region": {"type": "string", "description": "GB/T 2260 code"},
        "region_name": {"type": "string"},
        "period": {"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$"},
        "levels": {
            "type": "object",
            "propertyNames": {"enum": [level.value for level in Level]},
            "additionalProperties": {
                "type": "object",
                "required": ["items"],
                "properties": {
                    "items": {
                        "type": "array",
                        "items": {"type": "object", "required": list(_ITEM), "properties": _ITEM},
                    }
                },
            },
        },
    },
}
"""JSON Schema of an edition. A value that is null is withheld, because it would say something of few."""


def draw(held: Mapping[str, Any], form: str) -> bytes:
    """Return a content as a file. form: a key of MEDIA_TYPES. Raises KeyError for another one."""
    return _FORMS[form](held)


def _json(held: Mapping[str, Any]) -> bytes:
    return orjson.dumps(held, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"


def _csv(held: Mapping[str, Any]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for level, board in held["levels"].items():
        for item in board["items"]:
            for index, figure in item["figures"].items():
                writer.writerow(_row(held, level, item, index, figure))
    return text.getvalue().encode("utf-8-sig")


def _row(
    held: Mapping[str, Any], level: str, item: Mapping[str, Any], index: str, figure: Mapping[str, Any]
) -> list[Any]:
    score, fair = item["score"] or {}, figure["fair"] or {}
    reach, plain, fairly = score.get("interval") or {}, figure["interval"] or {}, fair.get("interval") or {}
    return [
        held["region"],
        held["period"],
        level,
        disarmed(item["unit"]),
        disarmed(item["name"]),
        disarmed("、".join(item["formerly"])),
        item["group"],
        item["n"],
        item["rank"],
        score.get("value"),
        reach.get("low"),
        reach.get("high"),
        index,
        figure["numerator"],
        figure["denominator"],
        figure["value"],
        plain.get("low"),
        plain.get("high"),
        figure["excluded"],
        fair.get("value"),
        fairly.get("low"),
        fairly.get("high"),
        fair.get("expected"),
        fair.get("ratio"),
        figure["rank"],
        int(figure["withheld"]),
    ]


def _xlsx(held: Mapping[str, Any]) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        for level, board in held["levels"].items():
            sheet = book.add_worksheet(str(wording.LEVELS[level])[:31])
            indices = _indices(board)
            parts = (_("numerator"), _("denominator"), _("left out"))
            heads = [_("Rank"), _("Unit"), _("Score"), _("Matters")]
            for index in indices:
                name = str(wording.INDICES[Index(index)])
                heads += [name, *(f"{name} ({part})" for part in parts)]
            sheet.write_row(0, 0, heads, bold)
            for place, item in enumerate(board["items"], start=1):
                score = item["score"] and round(item["score"]["value"], 1)
                sheet.write_row(place, 0, [item["rank"] or "—", named(item), score, item["n"]])
                for column, index in enumerate(indices):
                    figure = item["figures"].get(index)
                    if figure is not None:
                        at = 4 + 4 * column
                        sheet.write(place, at, figure["value"], share)
                        numbers = [figure["numerator"], figure["denominator"], figure["excluded"]]
                        sheet.write_row(place, at + 1, numbers)
            sheet.freeze_panes(1, 2)
            sheet.set_column(1, 1, 28)
    return packed.getvalue()


def _indices(board: Mapping[str, Any]) -> list[str]:
    there = {index for item in board["items"] for index in item["figures"]}
    return [index.value for index in Index if index.value in there]


def named(item: Mapping[str, Any]) -> str:
    """Return the short name of a unit with those it bore before."""
    former, name = "、".join(item["formerly"]), item["short_name"]
    return _("%(name)s (formerly %(former)s)") % {"name": name, "former": former} if former else name


SHOWN = ("on_time_rate", "achieved_rate", "satisfaction")
"""Indices for which paper and picture have room."""
ROWS = 24
"""Units that fit on the one page."""


def title(held: Mapping[str, Any]) -> str:
    """Return the heading of paper and picture."""
    facts = {"region": held["region_name"], "period": held["period"]}
    return _("%(region)s: scoreboard of %(period)s") % facts


def _pdf(held: Mapping[str, Any]) -> bytes:
    items = held["levels"]["department"]["items"]
    heads = (_("Rank"), _("Unit"), _("Score"), _("Matters"), *(str(wording.INDICES[Index(one)]) for one in SHOWN))
    rows = [heads, *(_paper_row(item) for item in items[:ROWS])]
    left = len(items) - ROWS
    lines = [_("Compared are like units, by the mix of their matters; who has few matters has no place.")]
    lines += [_("%(left)d more stand in the workbook and on the page.") % {"left": left}] if left > 0 else []
    blocks = (Block(kind="table", rows=tuple(rows)), *papers.texts(lines, kind="plain"))
    return papers.as_pdf(Paper(title=title(held), blocks=blocks))


def _paper_row(item: Mapping[str, Any]) -> tuple[str, ...]:
    score = f"{item['score']['value']:.1f}" if item["score"] else "—"
    shares = [item["figures"].get(one) for one in SHOWN]
    cells = [f"{one['value']:.0%}" if one and one["value"] is not None else "—" for one in shares]
    return (str(item["rank"] or "—"), named(item), score, "—" if item["n"] is None else str(item["n"]), *cells)


_STEP, _HEAD, _NAME, _WIDE = 30, 86, 210, 420
_INK, _SOFT, _BAR = "#17232e", "#44525f", "#6b93b9"
_SHARP = 2
"""Dots of the picture for each unit of its drawing."""


@dataclass(frozen=True, kw_only=True)
class _Place:
    """One bar of the picture, in units of its drawing."""

    y: int
    rank: str
    name: str
    value: str
    width: float
    low: float
    high: float


def _places(held: Mapping[str, Any]) -> list[_Place]:
    items = [item for item in held["levels"]["department"]["items"] if item["score"]]
    return [
        _Place(
            y=_HEAD + _STEP * place,
            rank="—" if item["rank"] is None else str(item["rank"]),
            name=item["short_name"][:12],
            value=f"{item['score']['value']:.1f}",
            width=_WIDE * item["score"]["value"] / 100,
            low=_NAME + _WIDE * item["score"]["interval"]["low"] / 100,
            high=_NAME + _WIDE * item["score"]["interval"]["high"] / 100,
        )
        for place, item in enumerate(items)
    ]


def _size(places: Sequence[_Place]) -> tuple[int, int]:
    return _NAME + _WIDE + 90, _HEAD + _STEP * len(places) + 40


def _explained() -> str:
    return _("Score, 0 to 100, with its interval of 95 percent; units of like kind stand together.")


def _svg(held: Mapping[str, Any]) -> bytes:
    """Draw the places as bars with their intervals; all looks are attributes, so the picture stands alone."""
    places = _places(held)
    width, height = _size(places)
    font = 'font-family="Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif"'
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f" {font}>"
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
        f'<text x="20" y="36" font-size="20" font-weight="600" fill="{_INK}">{escape(title(held))}</text>'
        f'<text x="20" y="62" font-size="13" fill="{_SOFT}">{escape(_explained())}</text>'
    ]
    for one in places:
        y, low, high = one.y, one.low, one.high
        out.append(
            f'<text x="34" y="{y + 17}" font-size="13" text-anchor="end" fill="{_SOFT}">{one.rank}</text>'
            f'<text x="46" y="{y + 17}" font-size="13" fill="{_INK}">{escape(one.name)}</text>'
            f'<rect x="{_NAME}" y="{y + 4}" width="{one.width:.1f}" height="16" fill="{_BAR}"/>'
            f'<path d="M{low:.1f} {y + 12}H{high:.1f}M{low:.1f} {y + 7}v10M{high:.1f} {y + 7}v10" stroke="{_INK}"/>'
            f'<text x="{_NAME + _WIDE + 12}" y="{y + 17}" font-size="13" fill="{_INK}">{one.value}</text>'
        )
    return "".join([*out, "</svg>"]).encode()


def _png(held: Mapping[str, Any]) -> bytes:
    """Draw the same picture in dots, for whoever passes it on in a chat. Raises Unavailable `no_chinese_font`."""
    places = _places(held)
    width, height = _size(places)
    picture = Image.new("RGB", (width * _SHARP, height * _SHARP), "#ffffff")
    pen = ImageDraw.Draw(picture)

    def write(x: float, y: float, text: str, *, size: int = 13, ink: str = _INK, anchor: str = "ls") -> None:
        pen.text((x * _SHARP, y * _SHARP), text, fill=ink, font=pictures.font(size * _SHARP), anchor=anchor)

    def line(x1: float, y1: float, x2: float, y2: float) -> None:
        pen.line([x1 * _SHARP, y1 * _SHARP, x2 * _SHARP, y2 * _SHARP], fill=_INK, width=_SHARP)

    write(20, 36, title(held), size=20)
    write(20, 62, _explained(), ink=_SOFT)
    for one in places:
        y = one.y
        write(34, y + 17, one.rank, ink=_SOFT, anchor="rs")
        write(46, y + 17, one.name)
        pen.rectangle([side * _SHARP for side in (_NAME, y + 4, _NAME + one.width, y + 20)], fill=_BAR)
        line(one.low, y + 12, one.high, y + 12)
        for x in (one.low, one.high):
            line(x, y + 7, x, y + 17)
        write(_NAME + _WIDE + 12, y + 17, one.value)
    return pictures.packed(picture)


_FORMS: dict[str, Callable[[Mapping[str, Any]], bytes]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
    "pdf": _pdf,
    "svg": _svg,
    "png": _png,
}
