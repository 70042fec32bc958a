"""Builds what the gallery of components shows from gallery.yaml. Nothing there is real; no page of ours uses it."""

import datetime as dt
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from django import forms
from django.urls import reverse
from ruamel.yaml import YAML

from bihuan.foundation.ui import charts, context, navigation
from bihuan.foundation.ui.components import Change, Column, Figure, File, Option, Rung, Step, TimelineEntry

CHINA = dt.timezone(dt.timedelta(hours=8))
NOW = dt.datetime(2026, 11, 19, 10, 20, tzinfo=CHINA)
MARKS = (0.6, 0.8, 1.0)
PAGES = ("kit", "queue", "case", "figures", "boards", "states", "forms", "phone", "phone-form")
HERE = "#main"
"""Where every sample link leads."""


@cache
def _sample() -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("gallery.yaml"))
    return data


class SampleFrame(context.Frame):
    """The frame of the gallery: an invented visitor and a fixed instant."""

    @cached_property
    def visitor(self) -> navigation.Visitor:
        """Somebody who does not exist."""
        name, office, place = _sample()["visitor"]
        return navigation.Visitor(name=name, office=office, place=place)

    @cached_property
    def now(self) -> dt.datetime:
        """Always the same instant, so that pictures compare."""
        return NOW

    @cached_property
    def unread(self) -> int:
        """A few."""
        return 3

    @cached_property
    def url(self) -> dict[str, str]:
        """Places that lead nowhere; and nothing that asks for news by itself, for a sample has none."""
        return dict.fromkeys(navigation.PLACES, HERE) | {"pulse": ""}

    @cached_property
    def nav(self) -> tuple[navigation.Section, ...]:
        """The pages of the gallery in three sections, as a real navigation looks."""
        return tuple(
            navigation.Section(name=name, label=label, entries=tuple(self._entry(page) for page in pages))
            for name, label, pages in _sample()["sections"]
        )

    def _entry(self, page: str) -> navigation.Shown:
        label, icon = _sample()["pages"][page]
        return navigation.Shown(
            label=label,
            icon=icon,
            url=reverse("ui_gallery_page", args=[page]),
            badge={"queue": 50, "boards": 5}.get(page),
            current=self._request.path.rstrip("/").endswith(f"/{page}"),
            key="g q" if page == "queue" else "",
            url_name=f"gallery-{page}",
        )


class Row(NamedTuple):
    """One row of the sample queue."""

    light: str
    share: float
    left: str
    number: str
    title: str
    company: str
    town: str
    sector: str
    done: int
    department: str
    person: str
    others: int
    latest: str
    at: str
    flag: str
    action: str

    @property
    def stage(self) -> str:
        """Name of the step the case is in."""
        return str(_sample()["case"]["stages"][self.done])


def _strip() -> list[Option]:
    counts = {"red": 4, "orange": 7, "yellow": 9, "green": 21, "blue": 6, "pause": 3}
    notes = _sample()["words"]["queue"]["notes"]
    lit = [Option(label=None, url="?", count=n, light=k, note=notes.get(k, "")) for k, n in counts.items()]
    return [Option(label=_sample()["words"]["queue"]["everything"], url="?", count=50, current=True), *lit]


def _queue() -> dict[str, Any]:
    words = _sample()["words"]["queue"]
    return {
        "poll": "{}",
        "rows": [Row(*values) for values in _sample()["rows"]],
        "strip": _strip(),
        "chips": [Option(label=words["chip"], url="?")],
        "columns": [Column(position=position, label=label) for position, label in enumerate(words["columns"], start=4)],
        "views_saved": [Option(label=label, url="?", count=3) for label in words["saved"]],
    }


def _entry(*, at: str, file: str = "", light: str = "", **rest: Any) -> TimelineEntry:
    files = [File(name=file, url=HERE, size=421888)] if file else []
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=CHINA)
    return TimelineEntry(at=moment, files=files, light=light, system=bool(light), **rest)


def _case() -> dict[str, Any]:
    sample = _sample()["case"]
    states = ["done"] * 4 + ["current"] + ["todo"] * 3
    told = zip(sample["stages"], states, sample["stage_notes"], strict=True)
    return {
        "steps": [Step(name=name, state=state, note=note) for name, state, note in told],
        "due_scale": sample["scale"],
        "left": dt.timedelta(hours=6, minutes=40),
        "due": NOW + dt.timedelta(hours=6, minutes=40),
        "entries": [_entry(**values) for values in sample["entries"]],
        "rungs": [Rung(text=text, when=when, light=light) for text, when, light in sample["rungs"]],
        "plan": sample["plan"],
        "crumbs": [Option(label=label, url=HERE) for label in _sample()["words"]["case"]["crumbs"]],
        "trace_tabs": [
            Option(label=label, url=HERE, current=not index)
            for index, label in enumerate(_sample()["words"]["case"]["trace_tabs"])
        ],
    }


def _figure(row: list[Any]) -> Figure:
    name, value, unit, note, amount, direction, verdict, trend, target = row
    change = Change(amount=amount, direction=direction, verdict=verdict)
    return Figure(name=name, value=value, unit=unit, note=note, url=HERE, change=change, trend=trend, target=target)


def _figures() -> dict[str, Any]:
    sample = _sample()["figures"]
    order = sample["order"]
    bones = [
        charts.Bone(
            name=name, causes=[charts.Cause(name=cause, count=n, stressed=n > 7) for cause, n in causes.items()]
        )
        for name, causes in sample["causes"].items()
    ]
    return {
        "figures": [_figure(row) for row in sample["figures"]],
        "whole": list(zip(sample["whole"], order, strict=True)),
        "sectors": [
            (name, sum(counts), list(zip(counts, order, strict=True)), counts[0], counts[1])
            for name, counts in sample["sectors"].items()
        ],
        "funnel": sample["funnel"],
        "points": sample["points"],
        "lines": [charts.Series(name=name, values=values) for name, values in sample["lines"].items()],
        "overdue": charts.Series(name=sample["overdue"][0], values=sample["overdue"][1]),
        "bones": bones,
        "fish_head": sample["head"],
        "topics": [
            (name, count, Change(amount=amount, direction=direction), state)
            for name, count, amount, direction, state in sample["topics"]
        ],
    }


def _boards() -> dict[str, Any]:
    sample = _sample()["boards"]
    return {
        "board": sample["board"],
        "weights": [(f"k{rank}", name) for rank, name in enumerate(sample["weights"], start=1)],
        "ranks": [
            (rank, name, moved, abs(moved), index, [(value, f"k{k}") for k, value in enumerate(parts, start=1)], values)
            for rank, (name, moved, parts, index, values) in enumerate(sample["ranks"], start=1)
        ],
        "flow": [Step(name=name, note=note) for name, note in sample["flow"].items()],
        "tabs": [Option(label=label, url="?", current=not index) for index, label in enumerate(sample["tabs"])],
    }


def _form_class() -> type[forms.Form]:
    """Return a form with one field of each kind."""
    sample = _sample()["forms"]
    kinds = [(str(index), name) for index, name in enumerate(sample["kinds"])]
    levels = [(str(5 - index), name) for index, name in enumerate(sample["levels"])]
    fields = {
        "text": forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 4})),
        "phone": forms.RegexField(r"^\d{11}$", error_messages={"invalid": sample["wrong_phone"]}),
        "board": forms.ChoiceField(choices=kinds),
        "until": forms.DateField(required=False),
        "kind": forms.ChoiceField(choices=kinds, widget=forms.RadioSelect, initial="0"),
        "why": forms.MultipleChoiceField(choices=kinds[:4], widget=forms.CheckboxSelectMultiple, required=False),
        "hide": forms.BooleanField(required=False),
        "level": forms.ChoiceField(choices=levels, widget=forms.RadioSelect, initial="4"),
    }
    for name, field in fields.items():
        field.label, field.help_text = sample["labels"][name], sample["helps"].get(name, "")
    return type("SampleForm", (forms.Form,), fields)


def _forms() -> dict[str, Any]:
    kind = _form_class()
    typed = {f"b-{name}": value for name, value in _sample()["forms"]["typed"].items()}
    return {"form": kind(prefix="a", use_required_attribute=False), "wrong": kind(typed, prefix="b")}


def _kit() -> dict[str, Any]:
    hours = (-30, -2, 1, 8, 200)
    return {
        **_sample()["kit"],
        "seven": range(9),
        "odd_marks": (0.5, 0.75, 1.0, 1.5),
        "instants": [NOW + dt.timedelta(hours=count) for count in hours],
        "lengths": [dt.timedelta(hours=count, minutes=40) for count in hours],
    }


_MAKERS = {
    "kit": _kit,
    "queue": _queue,
    "case": _case,
    "figures": _figures,
    "boards": _boards,
    "states": dict,
    "forms": _forms,
    "phone": dict,
    "phone-form": _forms,
}


def content(page: str) -> dict[str, Any]:
    """Return what one page of the gallery shows. Raises KeyError for a page that is not in PAGES."""
    words = _sample()["words"]
    return {"marks": MARKS, "w": words.get(page, words["forms"]), **_MAKERS[page]()}
