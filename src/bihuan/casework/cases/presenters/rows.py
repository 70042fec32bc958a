"""The rows of a list of cases as markup.

A list has fifty rows of eight cells on the most visited page there is. Drawn by template tags they took most of the
time of the page, so they are written here in one go, from parts that are drawn once and kept.
"""

import datetime as dt
import functools
import html
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.foundation.ui import drawing
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.lights import Face
from bihuan.foundation.ui.templatetags import ui

from .lists import Line


def markup(
    lines: Iterable[Line], *, choosing: bool, marks: Sequence[float], now: dt.datetime, back: str, token: str
) -> SafeString:
    """Return the rows. choosing: with boxes for the batch bar. back, token: for the forms that act with one press."""
    fixed = _Fixed(choosing=choosing, marks=tuple(marks), now=now, back=escape(back), token=escape(token))
    return SafeString("".join(_row(line, fixed) for line in lines))


def escape(value: object) -> str:
    """Return a value as markup: Django's own, without asking of each of some five hundred texts whether it is lazy."""
    return html.escape(str(value))


class _Fixed:
    """What is the same in every row of a page: its words, and what the page gave."""

    def __init__(self, *, choosing: bool, marks: tuple[float, ...], now: dt.datetime, back: str, token: str) -> None:
        self.choosing, self.marks, self.now, self.back, self.token = choosing, marks, now, back, token
        self.urgent, self.provisional = escape(_("Urgent")), escape(_("provisional"))
        self.none, self.look = escape(_("Not dispatched")), escape(_("Look"))
        self.choose = _("Choose %(number)s")


def _row(line: Line, fixed: _Fixed) -> str:
    row = line.row
    number, url, title = escape(row.number), escape(line.url), escape(row.title)
    company, town = escape(line.company), escape(line.town)
    tags = (f'<span class="bh-tag ">{fixed.urgent}</span>' if row.urgent else "") + (
        f'<span class="bh-tag ">{fixed.provisional}</span>' if row.provisional else ""
    )
    tone, department = line.face.tone, escape(line.department) or fixed.none
    return (
        f'<tr role="row" class="is-{tone}" data-href="{url}">'
        f'<td role="cell" class="c-chk">{_box(number, fixed) if fixed.choosing else ""}</td>'
        f'<td role="cell" class="c-time"><div class="l1">{_light(line.face)}'
        f'<span class="left">{escape(line.left)}</span></div>{_bar(round(line.share, 2), tone, fixed.marks)}</td>'
        f'<td role="cell" class="c-ttl">'
        f'<a class="ttl clip1 d-block" id="r-{number}" href="{url}" lang="zh-CN">{title}</a>'
        f'<span class="meta"><span class="num">{number}</span>'
        f'<span class="firm" lang="zh-CN" title="{company}">{company}</span>'
        f'<span class="town" lang="zh-CN">{town}</span>{tags}</span></td>'
        f'<td role="cell" class="c-sec nowrap">{escape(line.board) or "—"}</td>'
        f'<td role="cell" class="c-stage"><span class="bh-stage">{drawing.ring(line.done, tone=tone)}'
        f'<span class="nowrap">{escape(line.stage)}<span class="t3 fs12 ms-1">{line.step}/8</span></span></span></td>'
        f'<td role="cell" class="c-dept nowrap"><span>{department}</span>{_others(line.others)}</td>'
        f'<td role="cell" class="c-last">{_last(line, fixed)}</td>'
        f'<td role="cell" class="c-act">{_act(line, number, url, fixed)}</td></tr>'
    )


def _box(number: str, fixed: _Fixed) -> str:
    said = escape(fixed.choose % {"number": number})
    start = f'<input class="form-check-input" type="checkbox" id="c-{number}" data-row value="{number}"'
    return f'{start} aria-label="{said}">'


@functools.lru_cache(maxsize=256)
def _light(face: Face) -> SafeString:
    return ui.light_tag(face)


@functools.lru_cache(maxsize=4096)
def _bar(share: float, tone: str, marks: tuple[float, ...]) -> SafeString:
    return drawing.bar(share, tone=tone, marks=marks)


def _others(count: int) -> str:
    if not count:
        return ""
    said = ngettext("+ %(n)s more", "+ %(n)s more", count) % {"n": count}
    return f'<br><span class="fs13 t2 nowrap">{escape(said)}</span>'


def _last(line: Line, fixed: _Fixed) -> str:
    if line.last is None:
        return ""
    at, text = line.last.at, escape(line.last.text)
    said = escape(words.moment(at, now=fixed.now))
    return (
        f'<span class="clip1 d-block">{text}</span><span class="fs13 t3">'
        f'<time class="nowrap" datetime="{at.isoformat()}" title="{words.exact(at)}">{said}</time></span>'
    )


def _act(line: Line, number: str, url: str, fixed: _Fixed) -> str:
    if line.act == "sign":
        return (
            f'<form method="post" action="{_signing(line.row.number)}"><input type="hidden" name="csrfmiddlewaretoken"'
            f' value="{fixed.token}"><input type="hidden" name="next" value="{fixed.back}"><button class="btn btn-sm'
            f' btn-primary" id="a-{number}" type="submit">{escape(line.verb)}</button></form>'
        )
    target, verb = (f"{url}?do={line.act}", escape(line.verb)) if line.act else (url, fixed.look)
    return f'<a class="btn btn-sm btn-link" id="a-{number}" href="{target}">{verb}</a>'


def _signing(number: str) -> Any:
    return escape(reverse("cases:act", args=[number, "sign"]))
