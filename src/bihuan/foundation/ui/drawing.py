"""Small pictures drawn on the server as SVG: bars, rings, stacks, sparklines, funnels.

Widths are SVG attributes, so nothing needs an inline style under the strict policy; they print without "background
graphics". Every function returns markup whose texts are escaped. A picture without a text of its own is hidden from
screen readers, because the words stand beside it.
"""

import functools
import math
from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

HIDDEN = 'aria-hidden="true" focusable="false"'
HATCH = {"is-red": 2.4, "is-orange": 2.4}
"""Distance of the hatching in a stacked bar by class: lights differ without colour."""
HATCH_TALL = {"is-red": 1.1, "is-orange": 2.4}


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _role(label: str) -> str:
    return f'role="img" aria-label="{escape(label)}"' if label else HIDDEN


def bar(
    share: float, *, tone: str, marks: Iterable[float] = (), size: str = "", label: str = "", full: bool = False
) -> SafeString:
    """Draw used time against a limit.

    share: 1.0 is the whole limit; what lies beyond is hatched and cut at the right edge. marks: thresholds in the same
    unit, any number; the limit itself always has its own notch. full: draw 0–100 % over the whole width as long as
    nothing is over (wide bars); otherwise 20 % of room stays on the right so that all bars of a list share one scale.
    """
    notches = sorted({mark for mark in marks if mark > 0 and mark != 1})
    domain = _domain(share, notches, full=full)
    used, over = min(max(share, 0.0), 1.0) * 100, (min(max(share, 1.0), domain / 100) - 1.0) * 100
    parts = [
        f'<svg class="bh-bar is-{escape(tone)} {escape(size)}" viewBox="0 0 {_number(domain)} 10"'
        f' preserveAspectRatio="none" {_role(label)}><rect class="trk" width="100" height="10"/>'
    ]
    if used:
        parts.append(f'<rect class="val" width="{_number(used)}" height="10"/>')
        parts.append(f'<rect class="edge" x="{_number(max(used - 0.9, 0))}" width=".9" height="10"/>')
    if over > 0:
        parts.append(f'<rect class="ov" x="100" width="{_number(over)}" height="10"/>')
        stripes = int(over // 3) + 1
        parts += [
            f'<rect class="val" x="{101 + 3 * index}" width="1.4" height="10"/>'
            for index in range(stripes)
            if 3 * index + 2.4 <= over
        ]
    if notches:
        lines = "".join(f"M{_number(mark * 100)} 0V10" for mark in notches)
        parts.append(f'<path class="nt" d="{lines}"/>')
    parts.append('<path class="nt end" d="M100 -2V12"/></svg>')
    return SafeString("".join(parts))


def _domain(share: float, marks: Sequence[float], *, full: bool) -> float:
    """Width of a bar in percent of the limit: 100 or 120, wider only when a threshold lies beyond."""
    farthest = max(marks, default=0) * 100
    if full and share <= 1 and farthest <= 100:
        return 100.0
    return max(120.0, farthest + 10)


def scale(marks: Iterable[tuple[float, str, str]], *, start: str = "", share: float = 0.0) -> SafeString:
    """Write the labels under a full-width bar: `marks` are (share, upper text, lower text), `start` stands at zero."""
    rows = sorted(marks)
    domain = _domain(share, [mark for mark, _upper, _lower in rows if mark != 1], full=True)
    parts = [f'<svg class="bh-scale" {HIDDEN}>']
    if start:
        parts.append(f'<text x="0" y="1em">{escape(start)}</text>')
    for mark, upper, lower in rows:
        at = _number(mark * 10000 / domain)
        anchor = "end" if mark * 100 >= domain - 5 else "middle"
        parts.append(f'<text x="{at}%" y="1em" text-anchor="{anchor}">{escape(upper)}</text>')
        if lower:
            parts.append(f'<text x="{at}%" y="2.3em" text-anchor="{anchor}">{escape(lower)}</text>')
    return SafeString("".join([*parts, "</svg>"]))


@functools.lru_cache(maxsize=512)
def ring(
    done: int, *, total: int = 8, tone: str = "green", size: str = "", text: str = "", label: str = ""
) -> SafeString:
    """Draw a loop of `total` arcs: `done` of them closed, the next one in the tone of the light.

    size: "" in a row, "md" on a phone card, "lg" on a head. text: what stands inside (md and lg only).
    """
    gap, radius, step = (7.0 if size else 9.0), 9, 360 / total
    parts = [f'<svg class="bh-ring is-{escape(tone)} {escape(size)}" viewBox="0 0 24 24" {_role(label)}>']
    for index in range(total):
        first = math.radians(-90 + index * step + gap / 2)
        last = math.radians(-90 + (index + 1) * step - gap / 2)
        kind = "d" if index < done else "c" if index == done else ""
        large = int(step - gap > 180)
        parts.append(
            f'<path class="{kind}" d="M{12 + radius * math.cos(first):.2f} {12 + radius * math.sin(first):.2f}'
            f'A{radius} {radius} 0 {large} 1 {12 + radius * math.cos(last):.2f} {12 + radius * math.sin(last):.2f}"/>'
        )
    if text:
        parts.append(f'<text x="12" y="14.4">{escape(text)}</text>')
    return SafeString("".join([*parts, "</svg>"]))


def stack(
    parts: Sequence[tuple[float, str]], *, total: float | None = None, size: str = "", label: str = ""
) -> SafeString:
    """Draw (value, class) parts as one stacked bar. Class: `is-<tone>` for lights, k1…k5 for the neutral ramp.

    total: the value that fills the bar (default: the sum), so that several bars share one scale.
    """
    whole = total or sum(value for value, _css in parts) or 1
    hatching = HATCH_TALL if size == "lg" else HATCH
    out = [f'<svg class="bh-stack {escape(size)}" viewBox="0 0 100 10" preserveAspectRatio="none" {_role(label)}>']
    at = 0.0
    for value, css in parts:
        width = value * 100 / whole
        if not width:
            continue
        inset = min(0.35, width / 3) if css == "is-blue" else 0.0
        out.append(
            f'<rect class="{escape(css)}" x="{at + inset:.2f}" y="{_number(inset * 2)}"'
            f' width="{max(width - 2 * inset, 0.3):.2f}" height="{_number(10 - inset * 4)}"/>'
        )
        if gap := hatching.get(css):
            lines = "".join(
                f"M{at + gap * k:.2f} 0V10" for k in range(1, int(width / gap) + 1) if gap * k < width - 0.3
            )
            out.append(f'<path class="hat" d="{lines}"/>' if lines else "")
        at += width
    return SafeString("".join([*out, "</svg>"]))


def sparkline(
    values: Sequence[float], *, target: float | None = None, low: float | None = None, high: float | None = None
) -> SafeString:
    """Draw a small line without axes; `low` and `high` fix the scale, so that all lines of a table compare."""
    if len(values) < 2:
        return SafeString("")
    seen = [*values, *([target] if target is not None else [])]
    bottom = min(seen) if low is None else low
    room = ((max(seen) if high is None else high) - bottom) or 1

    def height(value: float) -> float:
        return 22 - 20 * (value - bottom) / room

    points = " ".join(f"{i * 100 / (len(values) - 1):.1f},{height(value):.1f}" for i, value in enumerate(values))
    goal = ""
    if target is not None:
        goal = f'<line class="tg" x1="0" x2="100" y1="{height(target):.1f}" y2="{height(target):.1f}"/>'
    return SafeString(
        f'<svg class="bh-spark" viewBox="0 0 100 24" preserveAspectRatio="none" {HIDDEN}>'
        f'{goal}<polyline points="{points}"/></svg>'
    )


def funnel_step(value: float, following: float, *, first: float) -> SafeString:
    """Draw one step of a funnel: its width is `value` of `first`, and it narrows towards `following`."""
    upper = value * 50 / (first or 1)
    lower = upper - (upper - following * 50 / (first or 1)) * 0.8
    return SafeString(
        f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" {HIDDEN}><path class="f" d="M{50 - upper:.1f} 0'
        f'H{50 + upper:.1f}L{50 + lower:.1f} 10H{50 - lower:.1f}z"/></svg>'
    )


def swatch(css: str) -> SafeString:
    """Draw the key of a chart colour (class k1…k5)."""
    return SafeString(
        f'<svg viewBox="0 0 12 12" width="12" height="12" {HIDDEN}>'
        f'<rect width="12" height="12" rx="2" class="{escape(css)}"/></svg>'
    )


def watermark(text: str) -> SafeString:
    """Lay the reader's name and the time over a sensitive page, slanted and repeated, on screen and on paper."""
    words = escape(text)
    tile = "".join(
        f'<text x="{x}" y="{y}" transform="rotate(-24 {x} {y})">{words}</text>' for x, y in ((40, 130), (240, 250))
    )
    return SafeString(
        f'<svg class="bh-watermark" {HIDDEN}><defs><pattern id="bh-wm" width="420" height="280"'
        f' patternUnits="userSpaceOnUse">{tile}</pattern></defs>'
        '<rect width="100%" height="100%" fill="url(#bh-wm)"/></svg>'
    )
