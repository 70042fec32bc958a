"""Appointments, and what is done with them until they end."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases import services as casework
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Channels
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import needed_day, needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, rules, selectors
from ..models import Mandate, Stay, Task, Window
from ..rulebook import Mandates
from ..states import MANDATES, SYSTEM, TASKS, MandateState, TaskState
from .recording import (
    END,
    NEAR,
    begin,
    check_keeps,
    commit,
    end,
    expect,
    holder_of,
    lines_of,
    locked,
    new,
    together,
    until_of,
    window_of,
)


def appoint(*, region: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> list[Mandate]:
    """Appoint people or enterprises to a post: all of them or none. Return their mandates.

    body: {kind, holders: a user name or a credit code a line, since, until: or the term of the kind, window: id}.
    Raises Forbidden, Invalid naming the field (`holder_unknown`, `window_unknown`, `day_wrong` …), Conflict
    `holds_already`. Leaves one fact for each and publishes MandateChanged.
    """
    check_keeps(actor, region, "appoint")
    book, today = rulebooks.in_force(region, now), answers.local_date(now)
    kind = book.section(Mandates).kind(str(body.get("kind") or ""))
    if kind is None:
        raise errors.Invalid(_("There is no such post here."), code="kind_unknown", field="kind")
    since = needed_day(body, "since") if body.get("since") else today
    if since > today:
        raise errors.Invalid(_("The first day is today or earlier."), code="day_wrong", field="since")
    until = until_of(body, rules.ends_on(since, kind.term_months), today)
    holders = [holder_of(kind, one, region, "holders") for one in lines_of(body, "holders")]
    with database.writing():
        window = window_of(region, body) if kind.window else None
        made = [new(region, kind, one, window, since, until, book.id) for one in holders]
        together(region)
        for one in made:
            begin(one, kind, now=now, actor=actor)
    return made


def take(*, mandate_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Mandate:
    """Take one action on a mandate and return it as it then is; of `hand_over` the one it was handed over to.

    All need {text}; `ask` also {day}; `report` {outcome, enterprise: visited, case: number of the matter, or none: one
    is raised}; `renew` {until, or none: the term of the kind}; `move` {window}; `hand_over` {holder}. Raises NotFound,
    Forbidden, Conflict (`state_forbids`, `holds_already`, `stands_there`), Invalid. Leaves one fact on each mandate
    that changes; publishes MandateChanged.
    """
    selectors.find(mandate_id=mandate_id, actor=actor, now=now)
    with database.writing():
        window = window_of(_region_of(mandate_id), body) if action == "move" else None
        mandate = locked(mandate_id)
        transition = MANDATES.named(action, without=SYSTEM)
        if not permissions.can(actor, action, mandate):
            raise errors.Forbidden(_("Your role may not take this action here."), action=action)
        MANDATES.check_state(
            transition, MandateState(mandate.state), may=lambda one: permissions.can(actor, one, mandate)
        )
        said: dict[str, Any] = {"text": needed_text(body)}
        after = mandate
        if action == "ask":
            said["day"] = _ask(mandate, said["text"], body, now)
        elif action == "report":
            task = Task(mandate=mandate, asked_at=now)
            said |= _report(task, body, actor, now)
        elif action == "renew":
            said["until"] = _renew(mandate, body, now)
        elif action == "move" and window is not None:
            said |= _move(mandate, window, now)
        elif action == "hand_over":
            after = _hand_over(mandate, body, actor, now)
        came_from = mandate.state
        if transition.targets and action != "hand_over":
            end(mandate, action, now)
        commit(mandate, action, now=now, said=said, actor=actor, came_from=came_from)
    return after


def take_task(*, task_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Mandate:
    """`answer` what was asked, as `report`, or `drop` it with {text}; return the mandate. Raises as `take`."""
    found = selectors.task_seen(task_id=task_id, actor=actor, now=now)
    with database.writing():
        mandate = locked(found.mandate.id)
        task = Task.objects.select_for_update(of=("self",)).select_related("mandate").get(pk=task_id)
        transition = TASKS.named(action)
        if not permissions.can(actor, action, task):
            raise errors.Forbidden(_("Your role may not take this action here."), action=action)
        TASKS.check_state(transition, TaskState(task.state), may=lambda one: permissions.can(actor, one, task))
        said: dict[str, Any] = {"text": needed_text(body), "task": task.text}
        if action == "answer":
            said |= _report(task, body, actor, now)
        else:
            task.state, task.ended_at = TaskState.DROPPED.value, now
            task.save()
        commit(mandate, action, now=now, said=said, actor=actor, came_from=mandate.state)
    return mandate


def cross(event: ThresholdCrossed) -> None:
    """The end of a term is near, or there; clocks of other subjects are not its business."""
    if event.kind not in (NEAR, END):
        return
    mandate = locked(event.subject)
    if mandate.state != MandateState.SERVING:
        return
    came_from = mandate.state
    if event.kind == NEAR:
        mandate.reminded = True
        expect(mandate, event.now)
        said = {"until": mandate.until.isoformat() if mandate.until else ""}
        commit(mandate, "near", now=event.now, said=said, came_from=came_from)
        return
    end(mandate, "expire", event.now)
    commit(mandate, "expire", now=event.now, said={}, came_from=came_from)


def _region_of(mandate_id: uuid.UUID) -> str:
    return str(Mandate.objects.values_list("region", flat=True).get(pk=mandate_id))


def _ask(mandate: Mandate, text: str, body: Mapping[str, Any], now: dt.datetime) -> str:
    day = needed_day(body, "day")
    if day < answers.local_date(now):
        raise errors.Invalid(_("This day is over."), code="day_wrong", field="day")
    Task.objects.create(mandate=mandate, text=text, day=day, asked_at=now)
    return day.isoformat()


def _report(task: Task, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Fill in what was seen and save it; a matter is named or raised. Returns what the fact says. Raises Invalid."""
    outcome = str(body.get("outcome") or "")
    if outcome not in rules.OUTCOMES:
        message = _("Say what it came to: nothing, advice, or a matter.")
        raise errors.Invalid(message, code="outcome_wrong", field="outcome", allowed=list(rules.OUTCOMES))
    task.outcome, task.answer = outcome, needed_text(body)
    visited = str(body.get("enterprise") or "").strip()
    if visited:
        task.visited = directory.enterprise(visited)
        if task.visited is None:
            message = _("There is no enterprise with this credit code.")
            raise errors.Invalid(message, code="enterprise_unknown", field="enterprise")
    if outcome == "matter":
        task.case = _matter(task, body, actor, now)
    task.state, task.ended_at = TaskState.REPORTED.value, now
    task.save()
    return {"outcome": outcome, "case": task.case}


def _matter(task: Task, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> str:
    """Return the number of the matter that a report names, or of one that the holder raises with it. Raises Invalid."""
    number = str(body.get("case") or "").strip()
    if number:
        try:
            with database.reading(actor.scope()):
                return str(cases.find(number=number, actor=actor).number)
        except errors.NotFound as problem:
            message = _("There is no such case, or you may not see it.")
            raise errors.Invalid(message, code="case_unknown", field="case") from problem
    mandate = task.mandate
    firm = mandate.enterprise or task.visited
    channels = rulebooks.in_force(mandate.region, now).section(Channels)
    own = [one for one in mandate.channels if channels.find(one)]
    staff = [one.id for one in channels.root if not one.public]
    matter = casework.Matter(
        title=task.answer.splitlines()[0][:100],
        description=task.answer,
        channel=own[0] if own else "web" if mandate.enterprise else next(iter(staff), channels.root[0].id),
        region=mandate.region,
        enterprise=firm.uscc if firm else None,
        anonymous=firm is None,
        source="mandates",
        source_id=str(task.id),
    )
    return casework.raise_case(matter=matter, actor=actor, now=now).number


def _renew(mandate: Mandate, body: Mapping[str, Any], now: dt.datetime) -> str:
    """Begin another term after the last day of this one, or end on the day stated. Returns the new last day."""
    today = answers.local_date(now)
    kind = selectors.kind_of(mandate)
    after = mandate.until + dt.timedelta(days=1) if mandate.until else today
    usual = rules.ends_on(after, kind.term_months if kind else None)
    until = until_of(body, usual, today)
    if until is None or (mandate.until is not None and until <= mandate.until):
        message = _("The new last day has to be after the old one.")
        raise errors.Invalid(message, code="day_wrong", field="until")
    mandate.until, mandate.reminded = until, False
    mandate.renewals += 1
    expect(mandate, now)
    return until.isoformat()


def _move(mandate: Mandate, window: Window, now: dt.datetime) -> dict[str, str]:
    if mandate.window_id == window.id:
        raise errors.Conflict(_("The holder stands there already."), code="stands_there", field="window")
    before = mandate.window.name if mandate.window else ""
    Stay.objects.filter(mandate=mandate, ended_at=None).update(ended_at=now)
    Stay.objects.create(mandate=mandate, window=window, begins_at=now)
    mandate.window, mandate.department_id = window, window.department_id
    mandate.here_since = answers.local_date(now)
    return {"from_window": before, "to_window": window.name}


def _hand_over(mandate: Mandate, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Mandate:
    """End a mandate and begin the successor's, for the rest of the term; open tasks go along. Return the new one."""
    book = rulebooks.in_force(mandate.region, now)
    kind = book.section(Mandates).kind(mandate.kind) or selectors.kind_of(mandate)
    if kind is None:
        raise errors.Conflict(_("The rulebook no longer states this post."), code="kind_unknown")
    holder = holder_of(kind, str(body.get("holder") or "").strip(), mandate.region, "holder")
    together(mandate.region)
    after = new(mandate.region, kind, holder, mandate.window, answers.local_date(now), mandate.until, book.id)
    after.begins_at, after.follows = now, mandate
    begin(after, kind, now=now, actor=actor)
    Task.objects.filter(mandate=mandate, state=TaskState.ASKED.value).update(mandate=after)
    end(mandate, "hand_over", now)
    return after
