"""A letter as PDF: every sign put where the standard wants it."""

import copy
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.pdfbase import cidfonts, pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from .typesetting import (
    BETWEEN,
    BODY,
    BOTTOM_MM,
    CELL,
    DATE_FROM_RIGHT,
    GAP,
    HEAD_TOP_MM,
    LEFT_MM,
    LINES,
    MM,
    PAGE_MM,
    PITCH,
    RULE,
    RULE_ABOVE_EDGE_MM,
    RULE_MM,
    SEAL_ROOM,
    SMALL,
    THICK,
    THIN,
    TITLE,
    TOP_MM,
    WIDTH,
    Words,
    broken,
    head_size,
    is_wide,
    pieces,
    rule_top,
)

FANG, HEI, KAI, SONG, XBS = "FangSong", "SimHei", "KaiTi", "SimSun", "FZXiaoBiaoSong-B05S"
"""仿宋, 黑体, 楷体, 宋体, 小标宋: named, not shipped; a reader without them takes its own type as wide."""
LATIN = "Times-Roman"
_ASCENT = 0.88
_PAGE = tuple(side * MM for side in PAGE_MM)
_LEFT, _TOP = LEFT_MM * MM, TOP_MM * MM
_FLOOR = _PAGE[1] - BOTTOM_MM * MM
_LEVELS = {0: FANG, 1: HEI, 2: KAI}


class _Face(cidfonts.UnicodeCIDFont):  # type: ignore[misc]
    """A Chinese face by its own name; the character set is the one that PDF knows as Adobe-GB1."""

    def __init__(self, name: str) -> None:
        super().__init__("STSong-Light")
        self.name = self.fontName = name

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        internal = f"F{len(doc.fontMapping) + 1}"
        told = copy.deepcopy(cidfonts.CIDFontInfo["STSong-Light"])
        told |= {"Name": f"/{internal}", "Encoding": f"/{self.encodingName}", "BaseFont": f"/{self.name}"}
        (heir,) = told["DescendantFonts"]
        heir["BaseFont"] = f"/{self.name}"
        measures = {"FontName": f"/{self.name}", "Ascent": 880, "Descent": -120, "FontBBox": [0, -120, 1000, 880]}
        heir["FontDescriptor"] |= measures
        reference = doc.Reference(cidfonts.structToPDF(told), internal)
        doc.idToObject["BasicFonts"].dict[internal] = reference
        doc.fontMapping[self.name] = "/" + internal


@dataclass(frozen=True, kw_only=True)
class _Line:
    """One line: its words, where it begins (from the left edge of the text), and its face."""

    text: str = ""
    x: float = 0.0
    face: str = FANG


def made(words: Words) -> bytes:
    """Return the letter as PDF: the words and nothing else, the same bytes each time."""
    for name in (FANG, HEI, KAI, SONG, XBS):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(_Face(name))
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=_PAGE, invariant=1)
    canvas.setTitle(words.title)
    canvas.setAuthor("")
    begin = _first_page(canvas, words)
    foot = [line for one in words.foot for line in _foot(one)]
    pages = _paged(_text(words), _tail(words), _room(begin), len(foot) + bool(foot))
    for place, lines in enumerate(pages, start=1):
        top = begin if place == 1 else _TOP
        for nth, line in enumerate(lines):
            _set(canvas, line.text, _LEFT + line.x, top + nth * PITCH, line.face, BODY)
        if place > 1:
            _page_number(canvas, place)
        if place == len(pages):
            for nth, (text, indent) in enumerate(reversed(foot)):
                _set(canvas, text, _LEFT + indent, _FLOOR - SMALL - nth * (SMALL + GAP), FANG, SMALL)
        canvas.showPage()
    canvas.save()
    return packed.getvalue()


def crowded(words: Words) -> bool:
    """Tell whether those addressed take all the room that the first page has for text."""
    addressed = broken(words.addressee, room=WIDTH, first=WIDTH, width=_width)
    return len(addressed) >= _room(_title_top(words) + len(_balanced(words.title)) * (TITLE + GAP) + PITCH)


def _title_top(words: Words) -> float:
    return rule_top(words.issuer) + RULE + GAP + 3 * PITCH


def _room(begin: float) -> int:
    """Return how many lines of text stand between `begin` and the foot of the area."""
    return int((_FLOOR - begin - BODY) / PITCH + 1e-6) + 1


def _foot(text: str) -> list[tuple[str, float]]:
    """Return a line of the foot, one sign in from both sides; it goes on under the first sign after the colon."""
    lines = broken(text, room=WIDTH - 5 * SMALL, first=WIDTH - 2 * SMALL, width=_small)
    return [(line, 4 * SMALL if nth else SMALL) for nth, line in enumerate(lines)]


def _first_page(canvas: Canvas, words: Words) -> float:
    """Draw head, rules, number and title; return where the text begins."""
    size, rule = head_size(words.issuer), rule_top(words.issuer)
    _set(canvas, words.issuer, (_PAGE[0] - size * len(words.issuer)) / 2, HEAD_TOP_MM * MM, XBS, size, red=True)
    _rules(canvas, rule, thick_first=True)
    _rules(canvas, _PAGE[1] - RULE_ABOVE_EDGE_MM * MM - RULE, thick_first=False)
    top = _title_top(words)
    _set(canvas, words.number, _LEFT + WIDTH - _width(words.number), top - 3 * PITCH, FANG, BODY)
    for title in _balanced(words.title):
        _set(canvas, title, (_PAGE[0] - _wide(title, TITLE)) / 2, top, XBS, TITLE)
        top += TITLE + GAP
    return top + PITCH


def _balanced(title: str) -> list[str]:
    """Return the title in lines of about the same length."""
    count = math.ceil(_wide(title, TITLE) / WIDTH)
    room = max(TITLE, _wide(title, TITLE) / max(1, count)) + TITLE / 2
    room = min(WIDTH, room)
    return broken(title, room=room, first=room, width=lambda piece: _wide(piece, TITLE))


def _text(words: Words) -> list[_Line]:
    addressed = broken(words.addressee, room=WIDTH, first=WIDTH, width=_width) if words.addressee else []
    lines = [_Line(text=line) for line in addressed]
    for text, level in words.paragraphs:
        found = broken(text, room=WIDTH, first=WIDTH - 2 * CELL, width=_width)
        face = _LEVELS[level]
        lines += [_Line(text=one, x=0.0 if nth else 2 * CELL, face=face) for nth, one in enumerate(found)]
    return lines


def _tail(words: Words) -> list[_Line]:
    """Return signature and date under room for the seal, the signature centred over the date, and the contact."""
    date, signed = _width(words.date), _width(words.signature)
    centre = min(WIDTH - DATE_FROM_RIGHT * CELL - date / 2, WIDTH - max(date, signed) / 2)
    lines = [_Line()] * SEAL_ROOM
    lines += [_Line(text=words.signature, x=max(0.0, centre - signed / 2)), _Line(text=words.date, x=centre - date / 2)]
    if words.note:
        found = broken(words.note, room=WIDTH, first=WIDTH - 2 * CELL, width=_width)
        lines += [_Line(text=one, x=0.0 if nth else 2 * CELL) for nth, one in enumerate(found)]
    return lines


def _paged(text: list[_Line], tail: list[_Line], first: int, below: int) -> list[list[_Line]]:
    """Return the lines page by page. The signature never stands on a page without two lines of the text (7.3.5.5)."""
    pages, rest, room = [], text, first
    while len(rest) + len(tail) + below > room:
        kept = min(room, max(0, len(rest) - 2))
        pages.append(rest[:kept])
        rest, room = rest[kept:], LINES
        if kept == 0 and len(pages) > 1:
            break
    return [*pages, [*rest, *tail]]


def _page_number(canvas: Canvas, page: int) -> None:
    """四号 between dashes 7 mm below the text area: odd pages right, even ones left, one sign free (7.5)."""
    text = f"—{page}—"
    left = WIDTH - SMALL - _small(text) if page % 2 else SMALL
    _set(canvas, text, _LEFT + left, _FLOOR + 7 * MM - SMALL / 2, SONG, SMALL)


def _rules(canvas: Canvas, top: float, *, thick_first: bool) -> None:
    canvas.setFillColorRGB(1, 0, 0)
    left = (_PAGE[0] - RULE_MM * MM) / 2
    for height in (THICK, THIN) if thick_first else (THIN, THICK):
        canvas.rect(left, _PAGE[1] - top - height, RULE_MM * MM, height, stroke=0, fill=1)
        top += height + BETWEEN


def _pitch(size: float) -> float:
    return CELL if size == BODY else size


def _wide(text: str, size: float) -> float:
    return float(
        sum(_pitch(size) if is_wide(piece[0]) else pdfmetrics.stringWidth(piece, LATIN, size) for piece in pieces(text))
    )


def _width(text: str) -> float:
    return _wide(text, BODY)


def _small(text: str) -> float:
    return _wide(text, SMALL)


def _set(canvas: Canvas, text: str, x: float, top: float, face: str, size: float, *, red: bool = False) -> None:
    """Put one line where its signs begin `top` below the edge of the page."""
    canvas.setFillColorRGB(1 if red else 0, 0, 0)
    for run, wide in _runs(pieces(text)):
        written = canvas.beginText(x, _PAGE[1] - top - _ASCENT * size)
        written.setFont(face if wide else LATIN, size)
        written.setCharSpace(_pitch(size) - size if wide else 0)
        written.textOut(run)
        canvas.drawText(written)
        x += _wide(run, size)


def _runs(found: Any) -> Sequence[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    for piece in found:
        wide = is_wide(piece[0])
        if runs and runs[-1][1] == wide:
            runs[-1] = (runs[-1][0] + piece, wide)
        else:
            runs.append((piece, wide))
    return runs
