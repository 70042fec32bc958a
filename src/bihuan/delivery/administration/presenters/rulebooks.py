"""A rulebook as a page shows it: its form, its flaws, and what is different from another one."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import BaseModel

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.rulebook import Lights
from bihuan.casework.cases.services import Moved, Rehearsal, Told
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.rulebooks import loader, outline, registry, rules, selectors, services
from bihuan.foundation.rulebooks.flaws import Flaw, Flawed
from bihuan.foundation.rulebooks.models import RulebookVersion

FIELD = "v:"
"""What the names of the form's fields begin with, before their path."""
OPEN = ("lights", "tiers")
"""Sections that stand open at first."""
SHOWN = 12
"""How many matters and people of a rehearsal are named; the numbers are those of all."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One value that differs: where in words, its path, and both values in words (empty: not there)."""

    where: str
    path: str
    before: str
    after: str


@dataclass(kw_only=True)
class Draft:
    """A text somebody works on. parts: its form, None when it cannot be read. differences: None while it is flawed."""

    text: str
    parts: Sequence[Any] | None = None
    flaws: list[Flaw] = field(default_factory=list)
    differences: list[Difference] | None = None

    @property
    def lines(self) -> str:
        """Numbers of the lines that something is wrong with, for the marks beside the text."""
        return " ".join(str(flaw.line) for flaw in self.flaws if flaw.line)

    @property
    def wrong(self) -> str:
        """Names of the fields that something is wrong with, as JSON for the marks in the form."""
        return json.dumps([flaw.field for flaw in self.flaws])


def draft(text: str, *, against: Mapping[str, BaseModel] | None) -> Draft:
    """Return the text with its form, everything that is wrong with it, and how it differs from `against`."""
    made = Draft(text=text)
    try:
        made.parts = outline.of(text)
        loaded = loader.load(text, source=_("the text"))
    except Flawed as flawed:
        made.flaws = flawed.flaws
        return made
    if against is not None:
        made.differences = differences(before=against, after=loaded.sections)
    return made


def differences(*, before: Mapping[str, BaseModel], after: Mapping[str, BaseModel]) -> list[Difference]:
    """Return what differs in effect, in words, in the order of the paths."""
    return [
        Difference(where=_where(path), path=path, before=_words(old), after=_words(new))
        for path, old, new in services.compare(before=before, after=after)
    ]


def _where(path: str) -> str:
    """Return a dotted path in words; what no context named is a row's own id and stays."""
    steps = path.split(".")
    rows = outline.is_list(steps[0])
    said = [
        step if rows and place == 1 else registry.label(tuple(steps[: place + 1])) for place, step in enumerate(steps)
    ]
    return " › ".join(said)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(_words(one) for one in value)
    if isinstance(value, Mapping):
        return " · ".join(
            f"{registry.label((key,))} {_words(one)}" for key, one in value.items() if one not in (None, [])
        )
    return registry.choice_label(value) if isinstance(value, str) else f"{value:g}"


def typed(data: Any) -> dict[str, Any]:
    """Return path → what was typed, from the fields of a posted form; boxes none of which is ticked: an empty list."""
    found: dict[str, Any] = {}
    for name in data:
        if name.startswith(FIELD):
            found[name.removeprefix(FIELD)] = data[name]
    for path in data.getlist("boxes"):
        found[path] = data.getlist(f"{FIELD}{path}")
    return found


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version in a list. state: "now", "later" or "past"."""

    row: RulebookVersion
    place: str
    state: str


def versions(rows: Iterable[RulebookVersion], *, now: dt.datetime) -> list[Version]:
    """Return versions with the name of their place and whether they are in force there."""
    found = list(rows)
    codes = {row.region for row in found}
    holding = selectors.holding(codes, at=now)
    names = {one.code: one.name for one in directory.regions(codes, answers.local_date(now))}
    names[rules.NATIONAL] = _("The whole country")
    return [Version(row=row, place=names.get(row.region, row.region), state=_state(row, holding, now)) for row in found]


def _state(row: RulebookVersion, holding: Collection[uuid.UUID], now: dt.datetime) -> str:
    if row.pk in holding:
        return "now"
    return "later" if row.effective_from > now else "past"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a text would do to the open matters of a place today, for people to read before it is in force.

    relit: (light before, light after, how many); told: what would be said to whom, most often first
    """

    found: Rehearsal
    relit: list[tuple[str, str, int]]
    told: list[Told]
    shown: list[Moved]


def effect(region: str, text: str, *, now: dt.datetime) -> Effect:
    """Return the rehearsal of a text that has no flaws, with the names of lights as the two rulebooks give them.

    Of many open matters only those due first are looked at, so that the page comes while somebody waits for it.
    """
    found = cases.rehearse(region=region, text=text, now=now, most=cases.AT_ONCE)
    names = _lights(selectors.in_force(region, now).sections) | _lights(loader.load(text).sections)
    return Effect(
        found=found,
        relit=[(names.get(a, a or "—"), names.get(b, b or "—"), n) for (a, b), n in found.relit.most_common()],
        told=found.told[:SHOWN],
        shown=found.moved[:SHOWN],
    )


def mark(text: str) -> str:
    """Return the mark of a text: what is put into force is what was looked at."""
    return hashlib.sha256(text.encode()).hexdigest()


def _lights(sections: Mapping[str, BaseModel]) -> dict[str, str]:
    lights = next(section for section in sections.values() if isinstance(section, Lights))
    return {light.id: light.name.in_language(get_language() or "zh-hans") for light in lights.root}


def another(which: str) -> tuple[Mapping[str, BaseModel], str] | None:
    """Return the sections and the name of what a text is compared with: a version's id or a packaged name; or None."""
    if which in loader.names():
        return loader.load(loader.packaged(which), source=f"{which}.yaml").sections, which
    try:
        found = selectors.version(uuid.UUID(which))
    except (ValueError, errors.NotFound):
        return None
    return found.sections, f"{found.name} {found.number}"
