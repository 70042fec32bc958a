"""How lights, bars and countdowns of cases look and read."""

import datetime as dt
import functools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.lights import Face
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import wording
from ..models import Case
from ..rulebook import Lights
from ..selectors import Row
from ..states import PAUSED

_SHAPES = {
    "disc": "disc",
    "triangle": "triangle",
    "diamond": "diamond",
    "octagon": "octagon",
    "ring": "ring",
    "square": "box",
}
ENDED = frozenset({"closed", "archived", "declined", "merged"})


def faces(region: str, now: dt.datetime, language: str) -> dict[str, Face]:
    """Return light id → how it looks under the rulebook in force in a region, the calmest first."""
    return faces_under(rulebooks.in_force(region, now).id, language)


def faces_under(version: uuid.UUID, language: str = "") -> dict[str, Face]:
    """Return light id → how it looks under a version of a rulebook, the calmest first, in the active language."""
    return dict(_faces(version, language or get_language() or settings.LANGUAGE_CODE))


@functools.lru_cache(maxsize=256)
def _faces(version: uuid.UUID, language: str) -> dict[str, Face]:
    # Versions never change.
    return {
        light.id: Face(tone=light.colour, shape=_SHAPES[light.shape], word=light.name.in_language(language))
        for light in rulebooks.version(version).section(Lights).root
    }


def marks(region: str, now: dt.datetime) -> list[float]:
    """Return the shares at which bars carry a notch."""
    return [light.at for light in rulebooks.in_force(region, now).section(Lights).root if light.at > 0]


def face_of(row: Row | Case, light: str, known: Mapping[str, Face]) -> Face:
    """Return how a case looks: ended, paused, and (while their light is calm) unsigned ones on their own."""
    if row.state in ENDED:
        return Face(tone="done", shape="loop", word=wording.STATES[row.state])
    if row.state in PAUSED and row.held_at is not None:
        return Face(tone="pause", shape="box", word=_("Clock stands"))
    # A lit warning is never hidden behind “unclaimed”.
    if row.state == "dispatched" and light == next(iter(known), light):
        return Face(tone="blue", shape="ring", word=_("Unclaimed"))
    return known.get(light) or Face(tone="plain", shape="dot", word=light)


@dataclass(frozen=True, kw_only=True)
class Left:
    """Working time left (negative: over) until `until`, and how long the reader's working day is."""

    until: dt.datetime
    length: dt.timedelta
    day_length: dt.timedelta


def left_length(row: Row | Case, now: dt.datetime) -> Left | None:
    """Return the working time left (negative: over), or None where no length says anything.

    That is while the clock stands or has stopped, and between the end of the limit and the next working minute.
    """
    if row.held_at is not None:
        return None
    calendar = workcalendar.calendar_for(row.region)
    over = row.due_at < now
    length = -calendar.elapsed(row.due_at, now) if over else calendar.elapsed(now, row.due_at)
    if over and not length:
        return None
    return Left(until=row.due_at, length=length, day_length=calendar.hours_on(calendar.local_date(now)).length)


def left_of(row: Row | Case, now: dt.datetime) -> str:
    """Say how much working time is left or over; how long the clock has stood; or that the answer is there."""
    left = left_length(row, now)
    if left is not None:
        return words.left(left.length, day_length=left.day_length)
    if row.held_at is None:
        return _("time is up")
    if row.state in PAUSED:
        return _("for %(span)s") % {"span": words.span(now - row.held_at)}
    return _("answered") if row.state in ("replied", "verifying") else ""
