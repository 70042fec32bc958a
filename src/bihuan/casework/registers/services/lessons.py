"""案例库: what a closed case taught, without names, found by its words beside new cases of its kind."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.casework.cases.rules import numbers
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, selectors
from ..models import Lesson
from ..rules import bodies
from ..states import LessonState
from .privacy import check_nameless
from .recording import Move, commit, needed_person, read_body

_INDEX = "update registers_lesson set search = array_to_tsvector(%s::text[]) where id = %s"


def write_lesson(*, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Lesson:
    """Enter what a closed case taught: {case, title, problem, worked, institution?}. Returns the entry.

    By those who keep the registers and by the lead department. Raises NotFound (no such case for these eyes),
    Forbidden, Conflict `case_open`, `written_already`, Invalid `names_somebody`, `institution_unknown`. One fact.
    """
    given: bodies.Write = read_body(bodies.Write, body)
    with database.writing():
        chosen = Case.objects.select_for_update(of=("self",)).filter(visible(actor), number=given.case)
        case = chosen.defer("search").first()
        if case is None:
            raise selectors.not_found()
        if not permissions.writes_lessons(actor, case):
            raise errors.Forbidden(_("Your role may not take this action here."), action="write_lesson")
        if not selectors.is_over(case):
            raise errors.Conflict(_("Only what is closed, and was not withdrawn, can teach."), code="case_open")
        if Lesson.objects.filter(case=case, state=LessonState.PUBLISHED.value).exists():
            raise errors.Conflict(_("This case is in the library already."), code="written_already")
        check_nameless(given.title, given.problem, given.worked, case=case, region=case.region, now=now)
        rule = selectors.of_institutions(actor).filter(pk=given.institution).first() if given.institution else None
        if given.institution and rule is None:
            message = _("There is no such institution here.")
            raise errors.Invalid(message, code="institution_unknown", field="institution")
        made = Lesson(region=case.region, case=case, category=case.category, institution=rule, written_at=now)
        made.title, made.problem, made.worked = given.title, given.problem, given.worked
        made.rulebook_version = rulebooks.in_force(case.region, now).id
        said = {"title": made.title, "problem": made.problem, "worked": made.worked}
        commit(made, "written", now=now, said=said, by=needed_person(actor), made=True)
        terms = numbers.search_terms([made.title, made.problem, made.worked])
        database.fetch(_INDEX, [terms, made.id])
    return made


def _take_back(move: Move) -> None:
    move.thing.reason, move.thing.ended_at = move.body.reason, move.now
    move.done("take_back", changed=["reason", "ended_at"], said={"reason": move.body.reason})


STEPS = {"take_back": _take_back}
