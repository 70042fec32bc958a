"""Queues: bad marks, callbacks and questions, each as its reader may see it."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case, Contact
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.ledger import selectors as ledger

from .. import permissions
from ..models import OPEN_CALL_STATES, OPEN_MARK_STATES, Callback, Mark, Question
from ..rules import marks as mark_rules

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class SeenMark:
    """A bad mark as a reader sees it. For the rated unit `as_unit` holds, and everything that could tell who gave it
    when is left out: case and levels unless the enterprise agreed, the raiser's words, and every time but the month.
    """

    id: uuid.UUID
    number: str
    region: str
    state: str
    month: str
    due_at: dt.datetime | None
    overdue: bool
    reasons: list[str]
    demand: str
    correction: str
    appeal: str
    appeal_text: str
    appeal_decision: str
    corrections: int
    available_actions: list[str]
    as_unit: bool
    case: Case | None = None
    department: str = ""
    parts: dict[str, int] = field(default_factory=dict)
    words: str = ""
    shared: str = ""
    finding: str = ""
    answer: str = ""
    revisit: str = ""
    outcome: str = ""
    opened_at: dt.datetime | None = None
    improved: bool = False


@dataclass(frozen=True, kw_only=True)
class SeenCall:
    """A callback as whoever hears sees it, with its case and what they may do."""

    call: Callback
    case: Case
    overdue: bool
    available_actions: list[str]


@dataclass(frozen=True, kw_only=True)
class SeenQuestion:
    """A question as a supervisor sees it."""

    question: Question
    available_actions: list[str]


def marks(
    *, actor: Actor, now: dt.datetime, state: str = "open", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[SeenMark], uuid.UUID | None]:
    """Return bad marks, newest first, and the id to continue after. state: one state, `open`, `appealed`, or all.

    Whoever hears sees those of their regions that concern no department of theirs; the rated lead what it was told.
    """
    found: list[SeenMark] = []
    with database.reading(actor.scope()):
        heard = _narrowed(_heard(Mark, actor), state, OPEN_MARK_STATES, before)
        found += [_seen(one, one.case, actor, now) for one in heard.select_related(*_WITH)[: limit + 1]]
    if told := _leads(actor):
        with database.reading(database.SERVICE):
            rows = Mark.objects.filter(department_id__in=told, shared__in=("matter", "kind"))
            rows = _narrowed(rows.select_related(*_WITH), state, OPEN_MARK_STATES, before)
            found += [_for_unit(one, one.case, actor, now) for one in rows[: limit + 1]]
    found.sort(key=lambda one: one.id, reverse=True)
    return found[:limit], found[limit - 1].id if len(found) > limit else None


_WITH = ("case", "case__lead_department", "case__enterprise", "department")


def mark(*, mark_id: uuid.UUID, actor: Actor, now: dt.datetime) -> SeenMark:
    """Return one bad mark. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        heard = _heard(Mark, actor).select_related(*_WITH).filter(pk=mark_id).first()
    if heard is not None:
        return _seen(heard, heard.case, actor, now)
    with database.reading(database.SERVICE):
        told = Mark.objects.filter(pk=mark_id, department_id__in=_leads(actor), shared__in=("matter", "kind"))
        found = told.select_related(*_WITH).first()
    if found is None:
        raise not_found()
    return _for_unit(found, found.case, actor, now)


@dataclass(frozen=True, kw_only=True)
class Upheld:
    """An appeal that was upheld: who appealed and why, and why whoever decided agreed."""

    number: str
    case_id: uuid.UUID
    appealed_by: uuid.UUID
    reason: str
    decision: str


def upheld(*, mark_id: uuid.UUID) -> Upheld | None:
    """Return what was decided on a bad mark that an appeal set aside, or None: for figures. Call inside `writing`."""
    row = Mark.objects.filter(pk=mark_id, appeal="upheld", appealed_by__isnull=False).first()
    if row is None or row.appealed_by is None:
        return None
    return Upheld(
        number=row.number,
        case_id=row.case_id,
        appealed_by=row.appealed_by,
        reason=row.appeal_text,
        decision=row.appeal_decision,
    )


def calls(
    *, actor: Actor, now: dt.datetime, state: str = "open", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[SeenCall], uuid.UUID | None]:
    """Return callbacks, newest first. state: one state, `open`, `false` (false closings), or all."""
    with database.reading(actor.scope()):
        rows = _heard(Callback, actor).select_related("case", "case__lead_department", "case__enterprise")
        found = list(_narrowed(rows, state, OPEN_CALL_STATES, before)[: limit + 1])
    shown = [_seen_call(one, actor, now) for one in found[:limit]]
    return shown, found[limit - 1].id if len(found) > limit else None


def one_call(*, call_id: uuid.UUID, actor: Actor, now: dt.datetime) -> SeenCall:
    """Return one callback. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        rows = _heard(Callback, actor).select_related(
            "case", "case__lead_department", "case__enterprise", "case__contact"
        )
        found = rows.filter(pk=call_id).first()
    if found is None:
        raise not_found()
    return _seen_call(found, actor, now)


def questions(
    *, actor: Actor, state: str = "open", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[SeenQuestion], uuid.UUID | None]:
    """Return questions to supervisors, newest first. state: one state, or all."""
    with database.reading(actor.scope()):
        rows = _asked(actor).select_related("department", "case")
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(id__lt=before) if before else rows
        found = list(rows.order_by("-id")[: limit + 1])
    shown = [SeenQuestion(question=one, available_actions=_question_actions(one, actor)) for one in found[:limit]]
    return shown, found[limit - 1].id if len(found) > limit else None


def question(*, question_id: uuid.UUID, actor: Actor) -> SeenQuestion:
    """Return one question. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        found = _asked(actor).select_related("department", "case").filter(pk=question_id).first()
    if found is None:
        raise not_found()
    return SeenQuestion(question=found, available_actions=_question_actions(found, actor))


def sees_question(actor: Actor, one: Question) -> bool:
    """Tell whether the actor may read a question: a supervisor of the region, of no unit that it is about."""
    reader = actor.reader
    about = [one.department_id] if one.department_id else []
    return (
        reader is not None
        and one.region in reader.regions_for(permissions.WATCHERS)
        and not permissions.of_units(actor, about)
    )


def contact_of(*, case: Case, actor: Actor) -> Contact | None:
    """Return how to reach the raiser of a case, if they said it; the caller has checked that the actor needs it."""
    with database.reading(actor.scope()):
        return Contact.objects.filter(case=case).first()


def of_case(*, case: Case, actor: Actor, now: dt.datetime) -> tuple[list[SeenMark], list[SeenCall]]:
    """Return the bad marks and callbacks of a case, newest first; nothing for readers of the rated side or outside."""
    if not any(grant.role in permissions.HEARERS for grant in (actor.reader.grants if actor.reader else ())):
        return [], []
    with database.reading(actor.scope()):
        found = list(_heard(Mark, actor).select_related("department").filter(case=case).order_by("-id")[:5])
        called = list(_heard(Callback, actor).filter(case=case).order_by("-id")[:5])
    shown = [_seen(one, case, actor, now) for one in found]
    for call in called:
        call.case = case
    return shown, [_seen_call(one, actor, now) for one in called]


def trace(*, thing_id: uuid.UUID, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a bad mark or callback, oldest first; the caller has read it as one who hears."""
    with database.reading(actor.scope()):
        return [ledger.content(fact) for fact in ledger.history(thing_id)]


def not_found() -> errors.NotFound:
    """Return (for raising) that there is nothing for these eyes."""
    return errors.NotFound(_("There is no such thing here, or you may not see it."), code="evaluation_not_found")


def _heard(model: Any, actor: Actor) -> Any:
    """Rows of the regions in which the actor hears, without those about departments in which they work."""
    reader = actor.reader
    if reader is None:
        return model.objects.none()
    own = [uuid.UUID(one) for grant in reader.grants for one in grant.departments]
    rows = model.objects.filter(region__in=reader.regions_for(permissions.HEARERS))
    return rows.exclude(unit_ids__overlap=own) if own else rows


def _asked(actor: Actor) -> Any:
    reader = actor.reader
    if reader is None:
        return Question.objects.none()
    own = [uuid.UUID(one) for grant in reader.grants for one in grant.departments]
    rows = Question.objects.filter(region__in=reader.regions_for(permissions.WATCHERS))
    return rows.exclude(department_id__in=own) if own else rows


def _leads(actor: Actor) -> list[uuid.UUID]:
    grants = actor.reader.grants if actor.reader else ()
    return [uuid.UUID(one) for grant in grants if grant.role in permissions.UNITS for one in grant.departments]


def _narrowed(rows: Any, state: str, open_states: list[str], before: uuid.UUID | None) -> Any:
    if state == "open":
        rows = rows.filter(state__in=open_states)
    elif state == "appealed":
        rows = rows.exclude(appeal="")
    elif state == "false":
        rows = rows.filter(false_closing=True)
    elif state:
        rows = rows.filter(state=state)
    return (rows.filter(id__lt=before) if before else rows).order_by("-id")


def _actions(one: Any, case: Case, actor: Actor) -> list[str]:
    machine = permissions.machine_of(one)
    state = type(machine.initial)(one.state)
    return [row.action for row in machine.allowed(state) if permissions.can(actor, row.action, one, case)]


def _question_actions(one: Question, actor: Actor) -> list[str]:
    return ["answer_question"] if one.state == "open" and permissions.can(actor, "answer_question", one, None) else []


def _common(one: Mark, case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    names = "id number region state reasons demand correction appeal appeal_text appeal_decision corrections due_at"
    return {
        **{name: getattr(one, name) for name in names.split()},
        "month": mark_rules.coarse(answers.local_date(one.opened_at), to="month"),
        "overdue": one.due_at is not None and one.due_at < now,
        "available_actions": _actions(one, case, actor),
    }


def _seen(one: Mark, case: Case, actor: Actor, now: dt.datetime) -> SeenMark:
    names = "parts words shared finding answer revisit outcome opened_at"
    return SeenMark(
        **_common(one, case, actor, now),
        **{name: getattr(one, name) for name in names.split()},
        as_unit=False,
        case=case,
        department=one.department.name if one.department else "",
        improved=one.improved_at is not None,
    )


def _for_unit(one: Mark, case: Case, actor: Actor, now: dt.datetime) -> SeenMark:
    known = case if one.shared == "matter" else None
    return SeenMark(**_common(one, case, actor, now), case=known, as_unit=True, shared=one.shared)


def _seen_call(one: Callback, actor: Actor, now: dt.datetime) -> SeenCall:
    late = one.due_at is not None and one.due_at < now
    return SeenCall(call=one, case=one.case, overdue=late, available_actions=_actions(one, one.case, actor))
