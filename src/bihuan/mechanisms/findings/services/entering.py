"""How something comes onto the lists: planned for a day, entered by hand, or found on a visit."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases.events.between import VisitFound
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line, needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Finding
from ..states import READERS
from .recording import commit, expect_next

FARTHEST = dt.timedelta(days=400)


def plan(*, region: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Finding:
    """Put an item on the list of what is to be checked (督查事项清单) and return it.

    body: {title, on: day by which it is checked, department: code or none, text: what is looked at, or none}.
    Raises Forbidden, Invalid (title, `day_wrong`, department). Leaves one fact and publishes FindingChanged.
    """
    permissions.check_supervises(actor, region)
    day = _day(body.get("on"), now)
    with database.writing():
        made = _new(region, "plan", body, actor, now)
        made.state, made.check_on = "planned", day
        expect_next(made, now=now)
        said = {"title": made.title, "check_on": day.isoformat(), "text": made.text}
        commit(made, "planned", now=now, said=said, actor=actor, made=True)
    return made


def enter(*, region: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Finding:
    """Enter a problem that was found, with what shows it, and return it.

    body: {title, text, department: code or none, case: number or none}. Raises and publishes as `plan`.
    """
    permissions.check_supervises(actor, region)
    needed_text(body)
    with database.writing():
        made = _new(region, "hand", body, actor, now)
        made.state, made.found_at, made.case = "found", now, _case(body, actor)
        expect_next(made, now=now)
        commit(made, "entered", now=now, said={"title": made.title, "text": made.text}, actor=actor, made=True)
    return made


def note_visit(*, event: VisitFound) -> None:
    """Make a problem of what visitors found; the same report makes it once."""
    with database.writing():
        if Finding.objects.filter(source_id=event.report_id).exists():
            return
        actor = Actor(system=True)
        if event.actor_id is not None:
            actor = Actor(reader=accounts.reader_of(event.actor_id))
        made = _blank(event.region, "visit", event.at)
        made.state, made.found_at, made.source_id = "found", event.at, event.report_id
        made.title, made.text = clean_line(event.text)[:60], event.text
        made.department = directory.department_by_id(event.department_id) if event.department_id else None
        expect_next(made, now=event.at)
        commit(made, "visited", now=event.at, said={"text": event.text}, actor=actor, made=True)


def _blank(region: str, source: str, now: dt.datetime) -> Finding:
    return Finding(
        region=region,
        source=source,
        offices=sorted(f"{role}:{region}" for role in READERS),
        made_at=now,
        rulebook_version=rulebooks.in_force(region, now).id,
    )


def _new(region: str, source: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Finding:
    made = _blank(region, source, now)
    made.title = clean_line(needed_text(body, "title", most=200))
    made.text = needed_text(body) if body.get("text") else ""
    made.department = department_of(region, body, actor, now)
    return made


def department_of(region: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Department | None:
    """Return the department that `body` names by its code, or None. Raises Invalid, Forbidden for one's own."""
    code = str(body.get("department") or "").strip()
    if not code:
        return None
    found = directory.department_in_force(region, code, answers.local_date(now))
    if permissions.of_department(actor, found.id):
        raise errors.Forbidden(_("Nobody supervises their own department."), action="plan")
    return found


def _case(body: Mapping[str, Any], actor: Actor) -> Case | None:
    number = str(body.get("case") or "").strip()
    if not number:
        return None
    try:
        with database.reading(actor.scope()):
            return cases.find(number=number, actor=actor)
    except errors.NotFound as problem:
        message = _("There is no such case, or you may not see it.")
        raise errors.Invalid(message, code="case_unknown", field="case") from problem


def _day(given: Any, now: dt.datetime) -> dt.date:
    today = answers.local_date(now)
    try:
        day = dt.date.fromisoformat(str(given or ""))
    except ValueError:
        day = dt.date.min
    if not today <= day <= today + FARTHEST:
        raise errors.Invalid(_("Choose a day from today on, within a year."), code="day_wrong", field="on")
    return day
