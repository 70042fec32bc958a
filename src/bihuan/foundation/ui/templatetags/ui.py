"""Components for templates: `{% load ui %}`. Small marks and words are tags; larger parts are in ui_parts."""

import datetime as dt
import functools
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import clock
from bihuan.foundation.ui import drawing, lights, masking, wording

register = template.Library()


@functools.cache
def _sprite(name: str) -> str:
    """Address of a sprite; fixed for the life of a process, and asked hundreds of times a page."""
    return static(name)


@functools.lru_cache(maxsize=1024)
def _use(css: str, sprite: str, symbol: str) -> SafeString:
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        _sprite(sprite),
        symbol,
    )


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw one icon of the sprite in the colour and size of the text around it; mute, for words stand beside it."""
    return _use(f"bh-i {css}".strip(), "ui/vendor/tabler/icons.svg", name)


@register.simple_tag
def logo() -> SafeString:
    """Draw the mark of the product: a ring about to close."""
    return _use("bh-logo", "ui/img/shapes.svg", "logo")


@register.simple_tag
def glyph(light: Any, size: str = "") -> SafeString:
    """Draw the shape of a light (size "", "sm", "lg" or "xl"). The word must stand beside it."""
    shown = lights.face(light)
    return _use(f"bh-g is-{shown.tone} {size}".strip(), "ui/img/shapes.svg", shown.shape)


@register.simple_tag(name="light")
def light_tag(light: Any, css: str = "", label: Any = None) -> SafeString:
    """Draw a light: shape and word together. css "chip" gives it a ground; `label` replaces the word."""
    shown = lights.face(light, label=label)
    shape = _use("bh-g", "ui/img/shapes.svg", shown.shape)
    return format_html(
        '<span class="bh-light is-{}{}">{}{}</span>', shown.tone, f" {css}" if css else "", shape, shown.word
    )


@register.filter
def tone(light: Any) -> str:
    """Return the class that colours everything inside a row or card by its light: `is-red`."""
    return f"is-{lights.face(light).tone}"


@register.simple_tag(name="bar")
def bar_tag(
    share: float | None, light: Any, marks: Iterable[float] = (), size: str = "", described: bool = False
) -> SafeString:
    """Draw used time (`share`, 1.0 is the limit; None counts as 0) with a notch at each of `marks` (shares).

    size "lg" is higher; `described` says the share to screen readers and uses the whole width.
    """
    share = float(share or 0)
    label = _("%(share)s of the time used") % {"share": wording.percent(share)} if described else ""
    return drawing.bar(share, tone=lights.face(light).tone, marks=marks, size=size, label=label, full=described)


@register.simple_tag
def scale(marks: Iterable[tuple[float, str, str]], start: str = "", share: float = 0.0) -> SafeString:
    """Write the labels under a described bar: (share, upper line, lower line) each."""
    return drawing.scale(marks, start=start, share=share)


@register.simple_tag(name="ring")
def ring_tag(done: int, light: Any = "green", size: str = "", total: int = 8, text: str = "") -> SafeString:
    """Draw the loop: `done` of `total` arcs closed, the next one in the tone of the light."""
    return drawing.ring(int(done), total=int(total), tone=lights.face(light).tone, size=size, text=text)


@register.simple_tag(name="stack")
def stack_tag(parts: Sequence[tuple[float, str]], size: str = "", total: float | None = None) -> SafeString:
    """Draw (value, class) parts as one bar; class k1…k5, or a light id."""
    named = [(value, css if css.startswith(("k", "is-")) else f"is-{lights.face(css).tone}") for value, css in parts]
    return drawing.stack(named, total=total, size=size)


@register.simple_tag
def spark(
    values: Sequence[float], target: float | None = None, low: float | None = None, high: float | None = None
) -> SafeString:
    """Draw a small line; give `low` and `high` where several stand in one table."""
    return drawing.sparkline(values, target=target, low=low, high=high)


@register.simple_tag
def swatch(css: str) -> SafeString:
    """Draw the key of a chart colour."""
    return drawing.swatch(css)


@register.simple_tag
def watermark(text: str) -> SafeString:
    """Lay reader and time over a sensitive page."""
    return drawing.watermark(text)


@register.simple_tag
def stamp(kind: str, word: Any) -> SafeString:
    """Draw a verdict: kind "solid", "double" or "dashed"; the borders differ in black and white too."""
    mark = {"solid": "check", "double": "arrow-right", "dashed": "minus"}.get(kind, "")
    return format_html('<span class="bh-stamp v-{}">{}{}</span>', kind, icon(mark) if mark else "", word)


@register.simple_tag
def tag(word: Any, mark: str = "", css: str = "") -> SafeString:
    """Draw a small label; css "ink" stresses it, "line" outlines it."""
    return format_html('<span class="bh-tag {}">{}{}</span>', css, icon(mark) if mark else "", word)


@register.simple_tag
def pips(value: int, total: int = 5, label: str = "") -> SafeString:
    """Draw a level as filled pips. `label` says it to screen readers; without one the word must stand beside it."""
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    cells = SafeString(
        "".join('<i class="on"></i>' if index < int(value) else "<i></i>" for index in range(int(total)))
    )
    return format_html('<span class="bh-pips" {}>{}</span>', said, cells)


@register.simple_tag
def delta(change: Any) -> SafeString:
    """Draw how a figure moved: an arrow, the amount, and for screen readers the direction."""
    arrows = {"up": ("arrow-up", _("up")), "down": ("arrow-down", _("down"))}
    mark, word = arrows.get(change.direction, ("", ""))
    return format_html(
        '<span class="bh-delta {}">{}<span class="vh">{} </span>{}</span>',
        change.verdict,
        icon(mark) if mark else "",
        word,
        change.amount,
    )


def _now(context: Context) -> dt.datetime:
    frame = context.get("frame")
    return frame.now if frame else clock.now()


@register.simple_tag(takes_context=True)
def moment(context: Context, value: dt.datetime | None, long: bool = False) -> SafeString:
    """Write an instant as people say it (今天 09:55, 周四 17:00, 11-05 09:12); the full form is in the title."""
    if value is None:
        return SafeString("")
    words, exact = wording.moment(value, now=_now(context), long=long), wording.exact(value)
    return format_html('<time class="nowrap" datetime="{}" title="{}">{}</time>', value.isoformat(), exact, words)


@register.simple_tag(takes_context=True)
def moment_lines(context: Context, value: dt.datetime) -> SafeString:
    """Write an instant in two lines, day above clock time."""
    words, time = wording.moment_parts(value, now=_now(context))
    exact = wording.exact(value)
    parts = ('<time datetime="{}" title="{}"><span>{}</span> <span>{}</span></time>', value.isoformat(), exact)
    return format_html(*parts, words, time)


@register.simple_tag(takes_context=True)
def day(context: Context, value: dt.date | dt.datetime | None, long: bool = False) -> SafeString:
    """Write a date as people say it (今天, 周四, 11-05); `long` for running text (11 月 5 日)."""
    if value is None:
        return SafeString("")
    today = localtime(_now(context)).date()
    only = localtime(value).date() if isinstance(value, dt.datetime) else value
    words = wording.day(only, today=today, long=long)
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}</time>', only.isoformat(), only.isoformat(), words
    )


def _small_words(text: str) -> SafeString:
    """Return `text` with its words small beside its numbers."""
    pieces = [(piece,) for piece in re.split(r"(\d+)", text) if piece.strip()]
    return format_html_join(
        "", "{}", [(p[0] if p[0].isdigit() else format_html("<small>{}</small>", p[0].strip()),) for p in pieces]
    )


@register.simple_tag(takes_context=True)
def countdown(
    context: Context,
    until: dt.datetime,
    length: dt.timedelta,
    day_length: dt.timedelta = wording.FULL_DAY,
    big: bool = False,
) -> SafeString:
    """Write what is left of `length`; when that runs without a break until `until`, bh.js keeps it fresh.

    big: numbers large, words small, for the head of a page.
    """
    words: Any = wording.left(length, day_length=day_length)
    words = _small_words(words) if big else words
    today = abs((until - _now(context)) - length) <= dt.timedelta(minutes=1)
    if not today or not dt.timedelta(0) < length < dt.timedelta(hours=10):
        return format_html('<span class="left">{}</span>', words)
    fresh = _("%(span)s left") % {"span": _("%(hours)dh %(minutes)dm")}
    pattern = fresh.replace("%(hours)d", "{h}").replace("%(minutes)d", "{m}")
    mark = SafeString(" data-big") if big else ""
    return format_html(
        '<span class="left" data-until="{}" data-pattern="{}"{}>{}</span>', until.isoformat(), pattern, mark, words
    )


@register.simple_tag(takes_context=True)
def nav_entry(context: Context, url_name: str) -> Any:
    """Return the entry of the navigation that leads to `url_name`, or None when the reader's roles do not have it.

    For buttons on pages: what the navigation shows to whom is decided in one place.
    """
    frame = context.get("frame")
    entries = (entry for section in frame.nav for entry in section.entries) if frame else ()
    return next((entry for entry in entries if entry.url_name == url_name), None)


@register.filter
def left(length: dt.timedelta) -> str:
    """Write what is left, or by how much it is over, of a span whose day has 24 hours."""
    return wording.left(length)


@register.filter
def span(length: dt.timedelta) -> str:
    """Write the length of a span whose day has 24 hours."""
    return wording.span(length)


@register.filter
def workdays(count: float) -> str:
    """Write a number of working days."""
    return wording.workdays(count)


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """Write a share as a percentage; an unknown share as a dash."""
    return "–" if share is None else wording.percent(share, digits=int(digits))


@register.filter
def bytes_size(count: int) -> str:
    """Write a number of bytes."""
    return wording.size(count)


@register.filter
def masked(value: Any, kind: str = "phone") -> str:
    """Hide the middle of personal data: kind "phone", "name", "email" or "id". Raises KeyError for another kind."""
    return masking.MASKS[kind](str(value)) if value else ""
