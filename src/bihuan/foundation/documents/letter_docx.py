"""A letter as a word-processing file (ISO/IEC 29500) with the measures of the standard."""

import io
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from .papers import timeless
from .typesetting import (
    BETWEEN,
    BODY,
    BOTTOM_MM,
    CELL,
    DATE_FROM_RIGHT,
    GAP,
    HEAD_TOP_MM,
    LEFT_MM,
    MM,
    PAGE_MM,
    RIGHT_MM,
    RULE,
    RULE_ABOVE_EDGE_MM,
    RULE_BELOW_HEAD_MM,
    RULE_MM,
    SEAL_ROOM,
    SMALL,
    THICK,
    THIN,
    TITLE,
    TOP_MM,
    WIDTH,
    Words,
    head_size,
    rule_top,
)

SPACING = 28.95
"""Line height in a word processor, which counts the room below each line too: 22 of them are 225 mm."""
_FACES = {0: "FangSong", 1: "SimHei", 2: "KaiTi"}
_EMU = 12_700
_RULE = (
    '<w:r %(ns)s xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><w:drawing>'
    '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="%(id)d" behindDoc="1" locked="0"'
    ' layoutInCell="0" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="page"><wp:posOffset>%(x)d</wp:posOffset></wp:positionH>'
    '<wp:positionV relativeFrom="page"><wp:posOffset>%(y)d</wp:posOffset></wp:positionV>'
    '<wp:extent cx="%(cx)d" cy="%(cy)d"/><wp:wrapNone/><wp:docPr id="%(id)d" name="rule %(id)d"/>'
    '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%(cx)d" cy="%(cy)d"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="FF0000"/></a:solidFill>'
    "<a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
)


def made(words: Words) -> bytes:
    """Return the letter as DOCX, the same bytes each time."""
    document = docx.Document()
    document.core_properties.author = document.core_properties.comments = ""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = map(
        Mm, (TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM)
    )
    _grid(page)
    _head(page, words)
    _page_numbers(document, page)
    _text(document, words)
    packed = io.BytesIO()
    document.save(packed)
    return timeless(packed)


def _grid(page: Any) -> None:
    """Lay 28 characters and 22 lines over the page (文档网格)."""
    for old in page._sectPr.findall(qn("w:docGrid")):
        page._sectPr.remove(old)
    space = round((CELL - BODY) * 4096)
    grid = f'w:type="linesAndChars" w:linePitch="{round(SPACING * 20)}" w:charSpace="{space}"'
    page._sectPr.append(parse_xml(f"<w:docGrid {nsdecls('w')} {grid}/>"))


def _head(page: Any, words: Words) -> None:
    """The head and both rules stand in the header of the first page, placed from its edges."""
    size = head_size(words.issuer)
    page.different_first_page_header_footer = True
    page.header_distance = Mm(HEAD_TOP_MM)
    paragraph = page.first_page_header.paragraphs[0]
    _shape(paragraph, spacing=size, after=RULE_BELOW_HEAD_MM * MM + RULE + GAP, align=WD_ALIGN_PARAGRAPH.CENTER)
    _run(paragraph, words.issuer, "FZXiaoBiaoSong-B05S", size, red=True)
    top, low = rule_top(words.issuer), PAGE_MM[1] * MM - RULE_ABOVE_EDGE_MM * MM
    bars = ((top, THICK), (top + THICK + BETWEEN, THIN), (low - RULE, THIN), (low - THICK, THICK))
    for place, (y, height) in enumerate(bars, start=1):
        measures = {
            "x": (PAGE_MM[0] - RULE_MM) / 2 * MM * _EMU,
            "y": y * _EMU,
            "cx": RULE_MM * MM * _EMU,
            "cy": height * _EMU,
        }
        rounded = {name: round(value) for name, value in measures.items()}
        paragraph._p.append(parse_xml(_RULE % {"ns": nsdecls("w"), "id": place, **rounded}))


def _page_numbers(document: Any, page: Any) -> None:
    """四号 between dashes, 7 mm below the text: right on odd pages, left on even ones, none on the first."""
    document.settings.odd_and_even_pages_header_footer = True
    page.footer_distance = Pt((BOTTOM_MM - 7) * MM - SMALL)
    sides = ((page.footer, WD_ALIGN_PARAGRAPH.RIGHT), (page.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT))
    for footer, align in sides:
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        _shape(paragraph, spacing=SMALL, align=align)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(SMALL)
        _run(paragraph, "—", "SimSun", SMALL)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = _run(paragraph, "", "SimSun", SMALL)
            mark = f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>' if kind else ""
            run._r.append(parse_xml(mark or f"<w:instrText {nsdecls('w')}>{text}</w:instrText>"))
        _run(paragraph, "—", "SimSun", SMALL)
    page.first_page_footer.is_linked_to_previous = False


def _text(document: Any, words: Words) -> None:
    right, centre = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
    _line(document, words.number, align=right)
    for _blank in range(2):
        _line(document, "")
    _line(document, words.title, face="FZXiaoBiaoSong-B05S", size=TITLE, spacing=TITLE + GAP, align=centre)
    _line(document, "")
    if words.addressee:
        _line(document, words.addressee)
    for text, level in words.paragraphs:
        last = _line(document, text, face=_FACES[level], indent=2 * CELL)
        last.paragraph_format.keep_with_next = (text, level) == words.paragraphs[-1]
    for _blank in range(SEAL_ROOM):
        _line(document, "").paragraph_format.keep_with_next = True
    signed, date = CELL * len(words.signature), CELL * _cells(words.date)
    middle = min(WIDTH - DATE_FROM_RIGHT * CELL - date / 2, WIDTH - max(date, signed) / 2)
    _line(document, words.signature, left=max(0.0, middle - signed / 2)).paragraph_format.keep_with_next = True
    _line(document, words.date, left=middle - date / 2)
    if words.note:
        _line(document, words.note, indent=2 * CELL)
    for one in words.foot:
        _foot(_line(document, one, size=SMALL, spacing=SMALL + GAP))


def _foot(paragraph: Any) -> None:
    """主送 and 抄送 at the foot of the last page's text, one sign in from both sides."""
    width = round(WIDTH * 20)
    frame = (
        f'<w:framePr {nsdecls("w")} w:w="{width}" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin"'
        ' w:xAlign="left" w:yAlign="bottom"/>'
    )
    paragraph._p.get_or_add_pPr().insert_element_before(
        parse_xml(frame), "w:widowControl", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
    paragraph.paragraph_format.right_indent = Pt(SMALL)
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Pt(4 * SMALL), Pt(-3 * SMALL)


def _cells(text: str) -> float:
    return sum(0.5 if sign < "\u2e80" else 1.0 for sign in text)


def _line(
    document: Any,
    text: str,
    *,
    face: str = "FangSong",
    size: float = BODY,
    spacing: float = SPACING,
    align: Any = None,
    indent: float = 0.0,
    left: float = 0.0,
) -> Any:
    paragraph = document.add_paragraph()
    _shape(paragraph, spacing=spacing, align=align)
    paragraph.paragraph_format.first_line_indent = Pt(indent) if indent else None
    paragraph.paragraph_format.left_indent = Pt(left) if left else None
    _run(paragraph, text, face, size)
    return paragraph


def _shape(paragraph: Any, *, spacing: float, after: float = 0.0, align: Any = None) -> None:
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spacing)
    shape.space_before, shape.space_after = Pt(0), Pt(after)
    if align is not None:
        paragraph.alignment = align


def _run(paragraph: Any, text: str, face: str, size: float, *, red: bool = False) -> Any:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)
    if red:
        run.font.color.rgb = docx.shared.RGBColor(255, 0, 0)
    return run
