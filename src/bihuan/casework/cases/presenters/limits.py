"""The clocks of a case as a section of its page."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.ui.lights import Face

from .. import selectors, wording
from ..models import Case
from ..permissions import Actor
from ..selectors import Limit
from .lights import faces


@dataclass(frozen=True, kw_only=True)
class Row:
    """A clock: its name, whose it is where that is a department, how its light looks."""

    limit: Limit
    name: Any
    whose: str
    face: Face


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the clocks that run (`rows`) and those that are over (`over`); None when there is no clock at all."""
    found = selectors.limits(case=case, actor=actor, now=now)
    known = faces(case.region, case.raised_at, get_language() or "zh-hans")
    names = {str(one.id): one.short_name for one in directory.departments(case.region)}
    rows = [
        Row(
            limit=limit,
            name=wording.CLOCKS.get(limit.kind, limit.kind),
            whose=names.get(limit.part, ""),
            face=_face(limit, known),
        )
        for limit in found
    ]
    shown = {"rows": [row for row in rows if row.limit.open], "over": [row for row in rows if not row.limit.open]}
    return shown if rows else None


def _face(limit: Limit, known: Mapping[str, Face]) -> Face:
    if limit.state == "paused":
        return Face(tone="pause", shape="box", word=_("Clock stands"))
    if limit.state == "stopped":
        if limit.void:
            return Face(tone="plain", shape="dot", word=_("Not counted"))
        return (
            Face(tone="red", shape="octagon", word=_("Was late"))
            if limit.overdue
            else Face(tone="done", shape="loop", word=_("In time"))
        )
    if limit.light in known and limit.light is not None:
        return known[limit.light]
    return (
        Face(tone="red", shape="octagon", word=_("Overdue"))
        if limit.overdue
        else Face(tone="green", shape="disc", word=_("On track"))
    )
