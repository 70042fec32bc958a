"""What pages of competitions, model cases, warnings and the case library show."""

import datetime as dt
import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor, visible
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database
from bihuan.foundation.ui.components import Option

from .. import permissions, selectors, wording
from ..rules import bodies, privacy
from ..states import WARNERS, CompetitionState
from .institutions import actions, categories, home_region, inputs, tabs

PAGES = {
    "competition": "registers:competition",
    "exemplar": "registers:exemplars",
    "warning": "registers:warning",
    "lesson": "registers:lesson",
}
"""Kind of an entry → the page that shows it."""


def competitions(actor: Actor, now: dt.datetime, before: uuid.UUID | None) -> dict[str, Any]:
    """Return what the list of competitions shows."""
    found, following = selectors.competitions(actor=actor, before=before)
    region = home_region(actor)
    return {
        "rows": [(one, wording.COMPETITIONS[one.state]) for one in found],
        "following": following,
        "inputs": inputs(bodies.Call, "call", region=region, now=now) if region else [],
        "views": tabs(actor, "competitions"),
    }


def nominating(actor: Actor, region: str, now: dt.datetime) -> list[Any]:
    """Return the form of a nomination; empty for those who may not nominate in the region."""
    keeps = permissions.keeps(actor, region)
    board = any(one.startswith(f"{region}:") for one in actor.scope().boards)
    if not (keeps or board or permissions.unit_of(actor, region) is not None):
        return []
    form = inputs(bodies.Nominate, "nominate", region=region, now=now)
    return form if keeps else [one for one in form if one.name != "department"]


def competition(found: selectors.Contest, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one competition shows."""
    thing = found.thing
    open_now = thing.state == CompetitionState.CALLED
    choices = {"exemplar": [(str(one.id), one.title) for one in found.choice]}
    return {
        "found": found,
        "thing": thing,
        "state": wording.COMPETITIONS[thing.state],
        "rows": [(one, wording.EXEMPLARS[one.state], whose(one)) for one in found.exemplars],
        "inputs": nominating(actor, thing.region, now) if open_now else [],
        "actions": actions("competition", found.available_actions, region=thing.region, now=now, choices=choices),
    }


def whose(one: Any) -> str:
    """Return whose a nominated case is: its department, or its board."""
    if one.department is not None:
        return str(one.department.short_name)
    board = directory.board(one.region, one.board) if one.board else None
    return str(board.name) if board else ""


def exemplars(actor: Actor, now: dt.datetime, state: str, before: uuid.UUID | None) -> dict[str, Any]:
    """Return what the list of model cases shows."""
    found, following = selectors.exemplars(actor=actor, state=state, before=before)
    region = next(iter(permissions.places(actor)), "")
    base = reverse("registers:exemplars")
    return {
        "rows": [
            (one, wording.EXEMPLARS[one.state], whose(one), taken, actions("exemplar", may, region=one.region, now=now))
            for one, taken, may in found
        ],
        "following": following,
        "state": state,
        "inputs": nominating(actor, region, now) if region else [],
        "states": [
            Option(label=label, url=f"{base}?state={name}", current=name == state)
            for name, label in wording.EXEMPLARS.items()
        ],
        "views": tabs(actor, "exemplars"),
    }


def warnings(actor: Actor, now: dt.datetime, before: uuid.UUID | None) -> dict[str, Any]:
    """Return what the list of warnings shows."""
    found, following = selectors.warnings(actor=actor, before=before)
    region = next(iter(actor.reader.regions_for(sorted(WARNERS))), "") if actor.reader else ""
    return {
        "rows": [(one, wording.WARNINGS[one.state]) for one in found],
        "following": following,
        "inputs": inputs(bodies.Warn, "warn", region=region, now=now) if region else [],
        "views": tabs(actor, "warnings"),
    }


def warning(actor: Actor, warning_id: uuid.UUID, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one warning shows; who has not read it yet is nobody's list."""
    thing, read, may = selectors.warning(warning_id=warning_id, actor=actor)
    words = {name: getattr(thing, name) for name in ("title", "text", "lesson", "stays")}
    return {
        "thing": thing,
        "state": wording.WARNINGS[thing.state],
        "read": read,
        "tells": [wording.TELLS[one] for one in selectors.tells_of_draft(thing, now=now)] if "amend" in may else [],
        "actions": actions("warning", may, region=thing.region, now=now, values=words),
    }


def library(
    actor: Actor, now: dt.datetime, before: uuid.UUID | None, *, q: str, category: str, case: str
) -> dict[str, Any]:
    """Return what the case library shows; with a closed case that may be entered, its form with a proposal."""
    found, following = selectors.lessons(actor=actor, q=q, category=category, before=before)
    region = next(iter(permissions.places(actor)), "")
    return {
        "rows": found,
        "following": following,
        "q": q,
        "category": category,
        "categories": categories(region, now) if region else [],
        "inputs": _writing(actor, case, now) if case else [],
        "views": tabs(actor, "library"),
    }


def _writing(actor: Actor, number: str, now: dt.datetime) -> list[Any]:
    with database.reading(actor.scope()):
        case = Case.objects.filter(visible(actor), number=number).select_related("enterprise").defer("search").first()
    if case is None or not selectors.is_over(case) or not permissions.writes_lessons(actor, case):
        return []
    with database.reading(THE_SYSTEM.scope()):
        text = privacy.plain(f"{case.title}{case.description}{case.reply_text}")
        known = selectors.names_of(case=case, region=case.region, text=text, now=now)
    hidden = {"firms": known.firms, "people": known.people, "places": known.places}
    values = {
        "case": case.number,
        "title": privacy.masked(case.title, **hidden),
        "problem": privacy.masked(case.description, **hidden),
        "worked": privacy.masked(case.reply_text, **hidden),
    }
    kept, _following = selectors.institutions(actor=actor, state="kept", category=case.category)
    choices = {"institution": [(str(one.id), one.title) for one in kept]} if kept else {}
    return inputs(bodies.Write, "write", region=case.region, now=now, choices=choices, values=values)


def lesson(actor: Actor, lesson_id: uuid.UUID, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one lesson shows."""
    thing, may = selectors.lesson(lesson_id=lesson_id, actor=actor)
    return {
        "thing": thing,
        "category": dict(categories(thing.region, now)).get(thing.category, thing.category),
        "gone": _("Taken back") if thing.ended_at else "",
        "actions": actions("lesson", may, region=thing.region, now=now),
    }
