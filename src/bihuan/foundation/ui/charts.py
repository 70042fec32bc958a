"""Larger charts drawn on the server as SVG: time series and fishbone. Below each stands a table of its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line of a time series: its name and one value for each point."""

    name: str
    values: Sequence[float]


def _step(top: float) -> int:
    """Return the round distance of grid lines (1, 2 or 5 times a power of ten) of which at most four reach `top`."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if top <= 4 * factor * power:
                return factor * power
        power *= 10


_LEFT, _RIGHT, _TOP, _WIDTH = 36, 12, 12, 760


def trend(
    points: Sequence[str], lines: Sequence[Series], *, columns: Series | None = None, label: str = ""
) -> SafeString:
    """Draw up to three lines over `points`, and below them `columns` on an axis of their own (small counts).

    Lines differ by dash and marker, columns are hatched: nothing depends on colour alone.
    """
    low = 190 if columns else 240
    count, inner = max(len(points), 1), _WIDTH - _LEFT - _RIGHT
    height = 290 if columns else 280
    highest = max((value for line in lines for value in line.values), default=1) or 1
    step = _step(highest)
    top = step * -(-highest // step)

    def x(index: int) -> float:
        return _LEFT + inner * (index + 0.5) / count

    def y(value: float) -> float:
        return low - (low - _TOP) * value / top

    out = [f'<svg class="bh-trend" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(label)}">']
    for value in range(0, int(top) + 1, step):
        out.append(f'<path class="{"grid" if value else "axis"}" d="M{_LEFT} {y(value):.1f}H{_WIDTH - _RIGHT}"/>')
        out.append(f'<text x="{_LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value}</text>')
    for rank, line in enumerate(lines[:3], start=1):
        path = " ".join(f"{x(i):.1f},{y(value):.1f}" for i, value in enumerate(line.values))
        out.append(f'<polyline class="s{rank}" points="{path}"/>')
        out += [_marker(rank, x(i), y(value)) for i, value in enumerate(line.values)]
    if columns:
        out += _columns(
            columns, x=x, width=min(inner / count * 0.46, 30), base=height - 28, room=height - 28 - low - 34
        )
    every = -(-count // 12)
    out += [
        f'<text x="{x(i):.1f}" y="{height - 8}" text-anchor="middle">{escape(point)}</text>'
        for i, point in enumerate(points)
        if i % every == 0
    ]
    return SafeString("".join([*out, "</svg>"]))


def _marker(rank: int, x: float, y: float) -> str:
    if rank == 2:
        return f'<rect class="m2" x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7"/>'
    return f'<circle class="m{rank}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'


def _columns(series: Series, *, x: object, width: float, base: float, room: float) -> list[str]:
    """Draw hatched columns with their values on top."""
    assert callable(x)
    top = max(series.values, default=0) or 1
    out = [f'<path class="axis" d="M{_LEFT} {base}H{_WIDTH - _RIGHT}"/>']
    for index, value in enumerate(series.values):
        left, tall = x(index) - width / 2, room * value / top
        out.append(
            f'<text class="val" x="{x(index):.1f}" y="{base - tall - 5:.1f}" text-anchor="middle">{value:g}</text>'
        )
        if not value:
            continue
        out.append(f'<rect class="col" x="{left:.1f}" y="{base - tall:.1f}" width="{width:.1f}" height="{tall:.1f}"/>')
        lines = []
        offset = 5.0
        while offset < width + tall:
            x1, y1 = left + max(0.0, offset - tall), base - min(offset, tall)
            x2, y2 = left + min(offset, width), base - max(0.0, offset - width)
            lines.append(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}")
            offset += 6
        out.append(f'<path class="hat" d="{"".join(lines)}"/>')
    return out


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One cause on a fishbone: its name, how many cases, and whether it is stressed."""

    name: str
    count: int
    stressed: bool = False


@dataclass(frozen=True, kw_only=True)
class Bone:
    """One category on a fishbone with its causes."""

    name: str
    causes: Sequence[Cause]

    @property
    def count(self) -> int:
        """Cases of all causes of this category."""
        return sum(cause.count for cause in self.causes)


def text_width(text: str, *, wide: float = 14, narrow: float = 8) -> float:
    """Return about how wide `text` is in pixels: Chinese characters count `wide`, others `narrow`."""
    return sum(wide if ord(char) > 0x2E7F else narrow for char in text)


def _cut(text: str, room: float) -> str:
    """Return `text` shortened with an ellipsis so that it fits into `room` pixels."""
    if text_width(text, wide=13, narrow=7) <= room:
        return text
    while text and text_width(text + "…", wide=13, narrow=7) > room:
        text = text[:-1]
    return text + "…"


_FISH_WIDTH, _FISH_END = 1180, 985


def fishbone(bones: Sequence[Bone], *, head: Sequence[str], label: str) -> SafeString:
    """Draw an Ishikawa chart: categories as bones (half above, half below), causes as ribs as thick as their cases.

    head: one or two short lines for the fish's head. label: the whole chart in one sentence for screen readers.
    """
    upper = (len(bones) + 1) // 2
    most = max((len(bone.causes) for bone in bones), default=1)
    half = max(159, 60 + 30 * most)
    middle, step = half, (_FISH_END - 70) / max(upper, 1)
    out = [
        f'<svg class="bh-fish" viewBox="0 0 {_FISH_WIDTH} {half * 2}" role="img" aria-label="{escape(label)}">'
        f'<path class="spine" d="M20 {middle}H{_FISH_END + 14}M20 {middle}l-14 -16M20 {middle}l-14 16"/>'
        f'<path class="headp" d="M{_FISH_END + 12} {middle - 46}q120 4 178 46q-58 42 -178 46z"/>'
    ]
    first = middle + 5 - 10 * (len(head) - 1)
    out += [
        f'<text class="hd" x="{_FISH_END + 26}" y="{first + 20 * i}">{escape(line)}</text>'
        for i, line in enumerate(head)
    ]
    for index, bone in enumerate(bones):
        above = index < upper
        joint = 70 + (index % upper + 1) * step - (26 if above else 60)
        out += _bone(bone, joint=joint, outer=40 if above else half * 2 - 40, middle=middle, room=step - 118)
    return SafeString("".join([*out, "</svg>"]))


def _bone(bone: Bone, *, joint: float, outer: float, middle: float, room: float) -> list[str]:
    """Draw one category: its bone from `outer` to the spine at `joint`, its box and its ribs (`room` px long)."""
    above, tip = outer < middle, joint - 96
    caption = f"{bone.name} {bone.count}"
    width, box = text_width(caption) + 26, outer - 28 if above else outer
    out = [
        f'<path class="bone" d="M{tip:.0f} {outer}L{joint:.0f} {middle}"/>'
        f'<rect class="catbox" x="{tip - width / 2:.0f}" y="{box}" width="{width:.0f}" height="28" rx="5"/>'
        f'<text class="cat" x="{tip:.0f}" y="{box + 19}" text-anchor="middle">{escape(caption)}</text>'
    ]
    length = min(max(room, 120), 190)
    for index, cause in enumerate(bone.causes):
        share = (index + 1) / (len(bone.causes) + 1.15)
        y, x = outer + (middle - outer) * share, tip + (joint - tip) * share
        thick = min(1 + cause.count * 0.4, 7)
        hot = " hot" if cause.stressed else ""
        out.append(
            f'<path class="rib{hot}" stroke-width="{thick:.1f}" d="M{x - length:.0f} {y:.0f}H{x:.0f}"/>'
            f'<text class="{hot.strip()}" x="{x - (19 if above else 10):.0f}" y="{y - 4 - thick / 2:.0f}"'
            ' text-anchor="end">'
            f'{escape(_cut(cause.name, length - 40))} <tspan class="ct">{cause.count}</tspan></text>'
        )
    return out


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One dot among limits: how large it is (x), its share (y), its name, and whether it is stressed."""

    name: str
    x: float
    y: float
    stressed: bool = False


_LIMITS_HEIGHT, _LIMITS_LOW = 300, 262


def limits(
    dots: Sequence[Dot],
    bands: Sequence[Sequence[tuple[float, float, float]]],
    *,
    centre: float,
    label: str,
    x_name: str,
) -> SafeString:
    """Draw shares over sizes with limits that narrow as sizes grow (a funnel plot).

    bands: the inner limits first, each as (x, low, high); dots outside the inner ones are ringed and named.
    """
    far = max((x for band in bands for x, _low, _high in band), default=1) or 1
    seen = [centre, *(dot.y for dot in dots)]
    bottom = max(0.0, min(seen) - 0.1)
    top = min(1.0, max(seen) + 0.1)

    def place(x: float, y: float) -> tuple[float, float]:
        share = (min(max(y, bottom), top) - bottom) / ((top - bottom) or 1)
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * x / far, _LIMITS_LOW - (_LIMITS_LOW - _TOP) * share

    out = [f'<svg class="bh-trend" viewBox="0 0 {_WIDTH} {_LIMITS_HEIGHT}" role="img" aria-label="{escape(label)}">']
    for step in range(5):
        y = bottom + (top - bottom) * step / 4
        at = place(0, y)[1]
        out.append(f'<path class="{"grid" if step else "axis"}" d="M{_LEFT} {at:.1f}H{_WIDTH - _RIGHT}"/>')
        out.append(f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{y * 100:.0f}</text>')
    for rank, band in enumerate(bands, start=2):
        for side in (1, 2):
            path = " ".join("{:.1f},{:.1f}".format(*place(row[0], row[side])) for row in band)
            out.append(f'<polyline class="s{rank}" points="{path}"/>')
    middle = place(0, centre)[1]
    out.append(f'<path class="axis" d="M{_LEFT} {middle:.1f}H{_WIDTH - _RIGHT}"/>')
    inner = bands[0] if bands else ()
    for dot in dots:
        x, y = place(dot.x, dot.y)
        low, high = next(((low, high) for size, low, high in inner if size >= dot.x), (0.0, 1.0))
        outside = not low <= dot.y <= high
        out.append(f'<circle class="m{1 if dot.stressed else 2}" cx="{x:.1f}" cy="{y:.1f}" r="{6 if outside else 4}"/>')
        if outside or dot.stressed:
            end = x > _WIDTH - 140
            out.append(
                f'<text class="val" x="{x + (-9 if end else 9):.1f}" y="{y + 4:.1f}"'
                f' text-anchor="{"end" if end else "start"}">{escape(dot.name)}</text>'
            )
    out.append(f'<text x="{_WIDTH - _RIGHT}" y="{_LIMITS_HEIGHT - 8}" text-anchor="end">{escape(x_name)}</text>')
    for step in range(1, 5):
        size = far * step / 4
        out.append(f'<text x="{place(size, 0)[0]:.1f}" y="{_LIMITS_LOW + 16}" text-anchor="middle">{size:.0f}</text>')
    return SafeString("".join([*out, "</svg>"]))
