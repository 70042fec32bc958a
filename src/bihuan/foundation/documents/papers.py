"""A paper and its two files. Layout as GB/T 9704-2012 asks: A4, title 二号, body 三号 with 28 pt from line to line.

Both files hold the words and nothing else: no author, no time, the same bytes for the same paper.
"""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
MEDIA_TYPES = {"docx": DOCX, "pdf": PDF}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TOP, _BOTTOM, _LEFT, _RIGHT = 37, 35, 28, 26
_CJK = "STSong-Light"
"""One of the fonts that every PDF reader brings for Chinese, so that none has to be shipped."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """One part of a paper. heading, text: a paragraph; table: `rows`, the first one its heads; page: a new page."""

    kind: Literal["heading", "text", "plain", "table", "page"] = "text"
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A title, an optional line below it (number, date), and the blocks."""

    title: str
    under: str = ""
    blocks: tuple[Block, ...] = field(default=())


def texts(lines: Iterable[str], *, kind: Literal["text", "plain"] = "text") -> tuple[Block, ...]:
    """Return a paragraph for each line; `plain` ones are not indented."""
    return tuple(Block(kind=kind, text=line) for line in lines)


def draw(paper: Paper, form: str) -> bytes:
    """Return the paper as a file; form: `docx` or `pdf`. Raises KeyError for another one."""
    return {"docx": as_docx, "pdf": as_pdf}[form](paper)


def printable(text: str) -> str:
    """Return text without what cannot be printed."""
    # What XML cannot hold was never meant to be printed.
    return "".join(sign for sign in text if sign == "\t" or sign >= " ")


def as_docx(paper: Paper) -> bytes:
    """Return the paper as a word-processing file (ISO/IEC 29500)."""
    made = docx.Document()
    made.core_properties.author = made.core_properties.comments = ""
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = map(Mm, (_TOP, _BOTTOM, _LEFT, _RIGHT))
    _paragraph(made, paper.title, font="SimSun", size=22, centred=True, bold=True)
    if paper.under:
        _paragraph(made, paper.under, font="KaiTi", size=16, centred=True)
    for block in paper.blocks:
        if block.kind == "page":
            made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        elif block.kind == "table":
            _table(made, block.rows)
        elif block.kind == "heading":
            _paragraph(made, block.text, font="SimHei", size=16)
        else:
            _paragraph(made, block.text, font="FangSong", size=16, indent=block.kind == "text")
    packed = io.BytesIO()
    made.save(packed)
    return timeless(packed)


def _paragraph(
    where: Any, text: str, *, font: str, size: float, centred: bool = False, bold: bool = False, indent: bool = False
) -> None:
    made = where.add_paragraph()
    made.paragraph_format.line_spacing, made.paragraph_format.space_after = Pt(28), Pt(0)
    if centred:
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indent:
        made.paragraph_format.first_line_indent = Pt(2 * size)
    _run(made, text, font=font, size=size, bold=bold)


def _run(paragraph: Any, text: str, *, font: str, size: float, bold: bool = False) -> None:
    run = paragraph.add_run(printable(text))
    run.font.name, run.font.size, run.font.bold = "Times New Roman", Pt(size), bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _table(made: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    table = made.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for place, row in enumerate(rows):
        for cell, text in zip(table.rows[place].cells, row, strict=True):
            _run(cell.paragraphs[0], text, font="SimHei" if place == 0 else "FangSong", size=12)


def timeless(packed: io.BytesIO) -> bytes:
    """Return an archive with all its times set back to the beginning of time."""
    again = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return again.getvalue()


def as_pdf(paper: Paper) -> bytes:
    """Return the paper as PDF."""
    if _CJK not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_CJK))
    body = ParagraphStyle("body", fontName=_CJK, fontSize=14, leading=25, wordWrap="CJK")
    text = ParagraphStyle("text", parent=body, firstLineIndent=28)
    heading = ParagraphStyle("heading", parent=body, fontSize=15, spaceBefore=6)
    title = ParagraphStyle("title", parent=body, fontSize=20, leading=30, alignment=TA_CENTER)
    under = ParagraphStyle("under", parent=body, fontSize=13, alignment=TA_CENTER)
    story: list[Any] = [_words(paper.title, title)]
    story += [_words(paper.under, under)] if paper.under else []
    story.append(Spacer(1, 12))
    styles = {"heading": heading, "text": text, "plain": body}
    for block in paper.blocks:
        if block.kind == "page":
            story.append(PageBreak())
        elif block.kind == "table":
            story.append(_grid(block.rows, ParagraphStyle("cell", parent=body, fontSize=11, leading=15)))
        else:
            story.append(_words(block.text, styles[block.kind]))
    packed = io.BytesIO()
    margins = {
        "topMargin": _TOP * mm,
        "bottomMargin": _BOTTOM * mm,
        "leftMargin": _LEFT * mm,
        "rightMargin": _RIGHT * mm,
    }
    SimpleDocTemplate(packed, pagesize=A4, title=printable(paper.title), author="", invariant=1, **margins).build(story)
    return packed.getvalue()


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(printable(text)) or "&nbsp;", style)


def _grid(rows: tuple[tuple[str, ...], ...], style: ParagraphStyle) -> Table:
    width = A4[0] - (_LEFT + _RIGHT) * mm
    cells = [[_words(text, style) for text in row] for row in rows]
    table = Table(cells, colWidths=[width / len(rows[0])] * len(rows[0]), repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table
