"""A letter as GB/T 9704-2012 §10.1 (信函格式) lays it out, described once, drawn as a word-processing file or as PDF.

Head of the issuing office 30 mm below the edge, a red double line 4 mm below it and another one 20 mm above the lower
edge, both 170 mm long; number at the right below the line; no page number on the first page. The seal is not drawn: its
place over signature and date stays free, and its upper rim comes within one line of the text (7.3.5.1).
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from . import letter_docx, letter_pdf
from .papers import MEDIA_TYPES, printable
from .typesetting import Words

__all__ = ["MEDIA_TYPES", "Sheet", "chinese_date", "copied", "draw", "number", "together"]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What stands on a letter. issuer: 发文机关标志; addressee: 主送; signature: 署名, as the head unless given.

    paragraphs: the text; `一、…` and `（一）…` standing alone are set as headings. copies: 抄送; note: 附注 (contact).
    Several names stand in one line, as `together` and `copied` write them.
    """

    issuer: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    date: dt.date
    signature: str = ""
    copies: str = ""
    note: str = ""


def number(series: str, year: int, serial: int) -> str:
    """Return 发文字号: 机关代字, year in six-angle brackets, serial without leading zeros (7.2.5)."""
    return f"{series}〔{year}〕{serial}号"


def chinese_date(date: dt.date) -> str:
    """Return 成文日期: figures, no leading zeros (7.3.5.4)."""
    return f"{date.year}年{date.month}月{date.day}日"


def together(names: Iterable[str]) -> str:
    """Return 主送机关 of one kind as they stand in one line (7.3.2)."""
    return "、".join(names)


def copied(names: Iterable[str]) -> str:
    """Return 抄送机关 as they stand in one line (7.4.1.2); the full stop comes with the line."""
    return "，".join(names)


def level(paragraph: str) -> int:
    """Return 1 for a heading 一、 (黑体), 2 for （一） (楷体), 0 for text. Headings are short, without a final mark."""
    if len(paragraph) > 40 or paragraph[-1:] in "。；：！？":
        return 0
    if re.match(r"[一二三四五六七八九十]+、", paragraph):
        return 1
    return 2 if re.match(r"（[一二三四五六七八九十]+）", paragraph) else 0


def draw(sheet: Sheet, form: str) -> bytes:
    """Return the letter as a file; form: `docx` or `pdf`. Same sheet, same bytes. Raises KeyError for another form.

    Where so many are addressed that the first page would show no text, they move to the foot, above those who get a
    copy (7.3.2, 7.4.1.2).
    """
    to = printable(sheet.addressee)
    words = Words(
        issuer=printable(sheet.issuer),
        number=printable(sheet.number),
        title=printable(sheet.title),
        addressee=f"{to}：",
        paragraphs=tuple((one, level(one)) for one in map(printable, sheet.paragraphs)),
        signature=printable(sheet.signature or sheet.issuer),
        date=chinese_date(sheet.date),
        foot=(f"抄送：{printable(sheet.copies).rstrip('。')}。",) if sheet.copies else (),
        note=f"（{printable(sheet.note)}）" if sheet.note else "",
    )
    if letter_pdf.crowded(words):
        words = replace(words, addressee="", foot=(f"主送：{to}。", *words.foot))
    return {"docx": letter_docx.made, "pdf": letter_pdf.made}[form](words)
