"""The ladder of consequences: what followed by itself at each light, what will, when, and who has to act."""

import datetime as dt
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import roles
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui import components
from bihuan.foundation.ui import wording as words

from .. import notices
from ..models import Case
from ..rulebook import Lights
from .lights import faces


def rungs_of(case: Case) -> list[tuple[Any, dt.datetime]]:
    """Return the lights after the first with the instants at which they are lit, by the rulebook of the case."""
    book = rulebooks.version(case.rulebook_version).section(Lights)
    by_id = {light.id: light for light in book.root}
    found = ((by_id.get(ident), instant) for ident, instant in zip(case.light_ids, case.light_at, strict=False))
    return [(light, instant) for light, instant in found if light is not None and light.at > 0]


def _follows(light: Any) -> str:
    return _(", ").join(str(CONSEQUENCES[name]()) for name in light.consequences)


def rungs(case: Case, *, now: dt.datetime, language: str) -> list[components.Rung]:
    """Return the ladder of what follows by itself: each light with its instant, reached ones lit."""
    moment = min(case.held_at, now) if case.held_at else now
    known = faces(case.region, case.raised_at, language)
    return [
        components.Rung(
            text=f"{light.at:.0%} {light.name.in_language(language)} {_follows(light)}".strip(),
            when=_when(instant, now),
            light=known[light.id] if instant <= moment else "",
            note=_(", ").join(dict.fromkeys(filter(None, map(receiver, light.consequences)))),
        )
        for light, instant in rungs_of(case)
    ]


def _when(instant: dt.datetime, now: dt.datetime) -> str:
    """Return an instant of the ladder, which people also read on paper: always the date, today only the hour."""
    local, today = localtime(instant), localtime(now).date()
    if local.date() == today:
        return words.moment(instant, now=now)
    return _("%(day)s %(time)s") % {"day": words.date(local.date(), today=today), "time": f"{local:%H:%M}"}


def receiver(consequence: str) -> str:
    """Return who has to act on a consequence: all its offices, or the first and who stands in when nobody holds it."""
    offices = [str(roles.NAMES[Role(office.rpartition(":")[2])]) for office in notices.RECEIVERS.get(consequence, ())]
    if consequence in notices.TO_ALL or len(offices) < 2:
        return _(", ").join(offices)
    return _("%(first)s, else %(second)s") % {"first": offices[0], "second": offices[1]}


def followed(data: dict[str, Any]) -> list[str]:
    """Return what the fact of a light says about what followed: each consequence, and for whom nobody was found."""
    lost = set(data.get("unreceived") or ())
    said = []
    for name in data.get("consequences") or ():
        what, to = str(CONSEQUENCES[name]()), _("nobody could be told") if name in lost else receiver(name)
        said.append(_("%(what)s → %(to)s") % {"what": what, "to": to} if to else what)
    return said


def what_follows(case: Case, *, now: dt.datetime) -> str:
    """Say what happens by itself next if nothing comes; empty while the clock stands or when nothing follows."""
    if case.held_at is not None:
        return ""
    following = next((light for light, instant in rungs_of(case) if instant > now and light.consequences), None)
    return _("If nothing comes by then: %(what)s.") % {"what": _follows(following)} if following else ""


CONSEQUENCES: dict[str, Any] = {
    "remind": lambda: _("reminder"),
    "list": lambda: _("onto the warning list"),
    "escalate": lambda: _("one level up"),
    "supervision_order": lambda: _("supervision order"),
    "notify_supervision": lambda: _("the supervision office is told"),
    "notify_discipline": lambda: _("discipline inspection is told"),
    "conference": lambda: _("candidate for the joint conference"),
    "webhook": lambda: _("other systems are told"),
}
"""Consequence id → what the reader is told."""
