"""警示: a negative case goes round without names, and who has read it is noted without anybody filling anything in."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, selectors
from ..models import Caution, Reading
from ..rules import bodies
from ..states import WARNERS, WarningState
from .competitions import region_for
from .privacy import check_nameless
from .recording import Move, commit, needed_person, read_body


def warn(
    *,
    region: str,
    title: str,
    text: str,
    lesson: str,
    source: str,
    source_id: uuid.UUID | None,
    now: dt.datetime,
    actor_id: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
    stays: str = "",
) -> Caution:
    """Draft a warning from a negative case; whoever circulates warnings decides whether it goes round. Returns it.

    For mechanisms whose permission is checked already. source: at most 24 characters; source_id: the row there.
    title, text (what happened) and lesson (what to learn) name nobody: Invalid `names_somebody`; stays: why a word that
    looks like a name stays all the same. The same source twice: Conflict `warned_already`. Leaves one fact.
    """
    with database.writing():
        case = Case.objects.filter(pk=case_id).defer("search").first() if case_id else None
        check_nameless(title, text, lesson, case=case, region=region, now=now, stays=stays)
        if source_id and Caution.objects.filter(source=source, source_id=source_id).exists():
            raise errors.Conflict(_("There is a warning from this already."), code="warned_already")
        made = Caution(region=region, title=title, text=text, lesson=lesson, case=case, drafted_at=now)
        made.source, made.source_id, made.stays = source, source_id, stays
        made.rulebook_version = rulebooks.in_force(region, now).id
        said = {"title": title, "text": text, "lesson": lesson, "source": source, "stays": stays}
        commit(made, "drafted", now=now, said=said, by=actor_id, made=True)
    return made


def draft_warning(*, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Caution:
    """Draft a warning by hand: {region?, title, text, lesson, case?}. Raises Forbidden, Invalid, and as `warn`."""
    given: bodies.Warn = read_body(bodies.Warn, body)
    region = region_for(given.region, actor.reader.regions_for(sorted(WARNERS)) if actor.reader else ())
    permissions.check_warns(actor, region)
    with database.reading(actor.scope()):
        found = Case.objects.filter(visible(actor), number=given.case or "").values_list("id", flat=True).first()
    if given.case and found is None:
        message = _("There is no case %(number)s here.") % {"number": given.case}
        raise errors.Invalid(message, code="case_unknown", field="case")
    return warn(
        region=region,
        title=given.title,
        text=given.text,
        lesson=given.lesson,
        source="hand",
        source_id=None,
        actor_id=needed_person(actor),
        case_id=found,
        stays=given.stays or "",
        now=now,
    )


def note_reading(*, warning_id: uuid.UUID, actor: Actor, now: dt.datetime) -> bool:
    """Note that the actor's department has read a warning, when it is the first to open it. Tells whether it was.

    Whoever speaks for no department leaves no trace. Raises NotFound.
    """
    with database.writing():
        if not selectors.of_warnings(actor).filter(pk=warning_id).exists():
            raise selectors.not_found()
        thing = Caution.objects.select_for_update(of=("self",)).get(pk=warning_id)
        unit = permissions.unit_of(actor, thing.region)
        if unit is None or thing.state != WarningState.CIRCULATED:
            return False
        return _read_by(Move(thing=thing, actor=actor, now=now, body=None, target=thing.state), unit)


def _read_by(move: Move, unit: uuid.UUID) -> bool:
    reading, first = Reading.objects.get_or_create(
        warning=move.thing, department_id=unit, defaults={"region": move.thing.region, "at": move.now}
    )
    if first:
        move.done("read", changed=[], said={"unit": reading.department.short_name})
    return first


def _read(move: Move) -> None:
    _read_by(move, permissions.unit_of(move.actor, move.thing.region))


def _check_nameless(move: Move) -> None:
    thing = move.thing
    texts = thing.title, thing.text, thing.lesson
    check_nameless(*texts, case=thing.case, region=thing.region, now=move.now, stays=thing.stays)


def _amend(move: Move) -> None:
    """Other words before it goes round, or why a word that looks like a name stays. Raises Invalid `names_somebody`."""
    thing, names = move.thing, ("title", "text", "lesson", "stays")
    before = {name: getattr(thing, name) for name in names}
    for name in names:
        setattr(thing, name, getattr(move.body, name) or "")
    after = {name: getattr(thing, name) for name in names}
    if after == before:
        raise errors.Invalid(_("Nothing would change."), code="nothing_changes", field="text")
    _check_nameless(move)
    move.done("amend", changed=list(names), said={"before": before, "after": after})


def _circulate(move: Move) -> None:
    """To all departments of the place. Checked once more: firms and people may have come since it was drafted."""
    thing = move.thing
    _check_nameless(move)
    thing.told = len(directory.departments(thing.region, on=answers.local_date(move.now)))
    thing.circulated_at = move.now
    move.done("circulate", changed=["told", "circulated_at"], said={"count": thing.told})


def _take_back(move: Move) -> None:
    move.thing.reason, move.thing.ended_at = move.body.reason, move.now
    move.done("take_back", changed=["reason", "ended_at"], said={"reason": move.body.reason})


STEPS = {"amend": _amend, "circulate": _circulate, "read": _read, "take_back": _take_back}
