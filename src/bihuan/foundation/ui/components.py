"""The data that components show: plain frozen values, made by whoever fills a page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a stepper. state: "done", "current" or "todo"; note: one short line below the name."""

    name: Any
    state: str = "todo"
    note: Any = ""


@dataclass(frozen=True, kw_only=True)
class File:
    """One attachment as a page lists it; `size` in bytes, None when unknown."""

    name: str
    url: str = ""
    size: int | None = None
    icon: str = "paperclip"


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One fact of a timeline.

    at: when. who: the actor as shown (empty: the system). text: what happened, one plain sentence. quote: words of
    somebody, set apart. icon: sprite name; or light: the light that was lit. system: drawn dashed. notes: small texts
    below (number, who sees it). kind: group for the filter above the timeline, as are who, system, and seen: whether
    the enterprise sees it, None where that is no question.
    """

    at: dt.datetime
    text: Any
    who: str = ""
    quote: str = ""
    icon: str = "point"
    light: str = ""
    system: bool = False
    files: Sequence[File] = ()
    notes: Sequence[Any] = ()
    kind: str = ""
    seen: bool | None = None
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One rung of a ladder of consequences: reached rungs have a light, coming ones have none. note: who has to act."""

    text: Any
    when: Any = ""
    light: Any = ""
    note: Any = ""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One link of a strip, a row of tabs, a menu of views or a bar of chips.

    light: shown as a light instead of a plain label. count: number beside it, or “5000+”. note: small words beside
    the count.
    """

    label: Any
    url: str
    count: int | str | None = None
    note: Any = ""
    current: bool = False
    light: Any = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """How a figure moved. direction: "up", "down" or "" (no change). verdict: "good", "bad" or "" (neither)."""

    amount: Any
    direction: str = ""
    verdict: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One key figure. url: the list behind the number. trend: values of a sparkline, target: its dashed line."""

    name: Any
    value: Any
    unit: Any = ""
    note: Any = ""
    url: str = ""
    change: Change | None = None
    trend: Sequence[float] = ()
    target: float | None = None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a dense table that the reader may hide; `position` counts from 1."""

    position: int
    label: Any


Choices = Sequence[tuple[str, Any]]
"""What a field offers: (value, name)."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One field of a form. kind: `area`, `line`, `number`, `moment`, `date`, `select`, `checks`."""

    name: str
    ident: str
    label: Any
    kind: str
    required: bool
    choices: Choices = ()
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """A form for one action."""

    name: str
    label: Any
    inputs: list[Input]
