"""Sheets to print with a QR code each: one a page to hang up, or many small ones to cut apart."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

_CJK = "STSong-Light"
LAYOUTS = {1: (1, 1), 8: (2, 4)}
"""Sheets a page → (columns, rows)."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What one sheet says: a heading, the address in the code, the place below it, one line of small print."""

    heading: str
    address: str
    place: str
    small: str = ""


def draw(sheets: Iterable[Sheet], *, a_page: int = 1) -> bytes:
    """Return all sheets as one PDF, the same bytes for the same sheets. Raises KeyError for another layout."""
    if _CJK not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_CJK))
    columns, rows = LAYOUTS[a_page]
    width, height = A4[0] / columns, A4[1] / rows
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=A4, invariant=1)
    for place, sheet in enumerate(sheets):
        at = place % a_page
        if place and not at:
            canvas.showPage()
        left, top = (at % columns) * width, A4[1] - (at // columns) * height
        _one(canvas, sheet, left=left, top=top, width=width, height=height)
    canvas.showPage()
    canvas.save()
    return packed.getvalue()


def _one(canvas: Canvas, sheet: Sheet, *, left: float, top: float, width: float, height: float) -> None:
    unit = height / 60
    middle = left + width / 2
    size = min(width, height) * 0.55
    canvas.setLineWidth(0.2)
    canvas.setStrokeGray(0.8)
    canvas.rect(left + 2 * mm, top - height + 2 * mm, width - 4 * mm, height - 4 * mm)
    _line(canvas, sheet.heading, middle, top - 7 * unit, most=width * 0.9, size=3.6 * unit)
    _code(canvas, sheet.address, left=middle - size / 2, bottom=top - 10 * unit - size, size=size)
    _line(canvas, sheet.place, middle, top - 14.5 * unit - size, most=width * 0.9, size=3 * unit)
    _line(canvas, sheet.small, middle, top - 18 * unit - size, most=width * 0.9, size=1.8 * unit)


def _line(canvas: Canvas, text: str, middle: float, bottom: float, *, most: float, size: float) -> None:
    """Write one line, smaller where it would not fit."""
    text = "".join(sign for sign in text if sign >= " ")
    wide = pdfmetrics.stringWidth(text, _CJK, size)
    canvas.setFont(_CJK, size * min(1, most / wide) if wide else size)
    canvas.drawCentredString(middle, bottom, text)


def _code(canvas: Canvas, address: str, *, left: float, bottom: float, size: float) -> None:
    matrix = [tuple(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=2)]
    step = size / len(matrix)
    path = canvas.beginPath()
    for row, cells in enumerate(matrix):
        start = None
        for column, dark in enumerate((*cells, 0)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                high = bottom + size - (row + 1) * step
                path.rect(left + start * step, high, (column - start) * step, step)
                start = None
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
