"""The only writers of the list of frequent matters. Order of locks: entry, then what others lock, then clocks."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.events import ConsequenceFollowed
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.cases.states import OPEN as OPEN_CASES
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import answers, database, errors, events
from bihuan.foundation.kernel.text import needed_text
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import notices, permissions, rulebook, rules, selectors, wording
from .events import FrequentChanged
from .models import OPEN_STATES, Frequent
from .states import FREQUENT, SYSTEM, FrequentState

CLOCKS = ("frequent_take", "frequent_answer", "frequent_settle")
_KEPT = {"take_on": "demand", "answer": "answer", "settle": "outcome", "set_aside": "outcome"}
LONGEST = dt.timedelta(days=366)


def find_all(*, now: dt.datetime) -> int:
    """Put what is frequent onto the lists of all places, and return how many entries were made."""
    with database.writing():
        places = selectors.regions(since=now - LONGEST)
    return sum(len(find(region=region, now=now)) for region in places)


def find(*, region: str, now: dt.datetime) -> list[Frequent]:
    """Put what is frequent in one place onto its list, and return what was put there. Asked again, it adds nothing.

    Leaves one fact and publishes FrequentChanged for each.
    """
    with database.writing():
        book = rulebooks.in_force(region, now)
        rule = book.section(rulebook.Frequent)
        since = now - dt.timedelta(days=rule.days)
        first, last = answers.local_date(since), answers.local_date(now)
        rows = selectors.raised(region=region, since=since, until=now)
        known = selectors.counted(region=region, since=first)
        busy = selectors.open_groups(region=region)
        made = []
        for group in rules.frequent(rows, least=rule.least, most=rule.most, counted=known):
            if (group.category, group.department) in busy:
                continue
            one = Frequent(
                region=region,
                category=group.category,
                department_id=uuid.UUID(group.department),
                since=first,
                until=last,
                cases=[uuid.UUID(case) for case in group.cases],
                firms=group.firms,
                listed_at=now,
                rulebook_version=book.id,
            )
            _expect(one, now)
            said = {"matters": len(group.cases), "firms": group.firms, "since": first.isoformat()}
            _commit(one, "listed", now=now, said=said, made=True)
            made.append(one)
    return made


def take(*, frequent_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Frequent:
    """Take one action of a person on a frequent matter and return it as it then is.

    All actions need {text}; `take_on` also takes {on: the day of the answer on the spot}. Raises NotFound, Forbidden,
    Conflict `state_forbids`, Invalid (text, on). Leaves one fact and publishes FrequentChanged.
    """
    selectors.find(frequent_id=frequent_id, actor=actor, now=now)
    with database.writing():
        thing = Frequent.objects.select_for_update(of=("self",)).select_related("department").get(pk=frequent_id)
        transition = FREQUENT.named(action, without=frozenset({SYSTEM}))
        if not permissions.can(actor, action, thing):
            raise errors.Forbidden(_("Your role may not take this action here."), action=action)
        FREQUENT.check_state(
            transition, FrequentState(thing.state), may=lambda name: permissions.can(actor, name, thing)
        )
        text, day = needed_text(body), _day(body, now) if action == "take_on" else None
        (target,) = transition.targets
        came_from, thing.state = thing.state, target.value
        if action in _KEPT:
            setattr(thing, _KEPT[action], text)
        if action == "take_on":
            thing.leader = actor.person_id
        elif action == "answer":
            thing.answered_at = now
        thing.ended_at = None if thing.state in OPEN_STATES else now
        _expect(thing, now, until=answers.end_of_day(day) if day else None)
        _commit(thing, action, now=now, said={"text": text}, actor=actor, came_from=came_from)
    return thing


def cross(event: ThresholdCrossed) -> None:
    """A step is late: on record and told; an answer that did not come sets a supervision order going."""
    if event.kind not in CLOCKS:
        return
    rows = Frequent.objects.select_for_update(of=("self",)).select_related("department").filter(pk=event.subject)
    thing = rows.filter(state__in=OPEN_STATES).first()
    if thing is None:
        return
    thing.late_since = event.fire_at
    _commit(thing, "late", now=event.now, said={"clock": event.kind})
    if event.kind == "frequent_answer" and thing.state == "taken":
        _order(thing, event)


def _order(thing: Frequent, event: ThresholdCrossed) -> None:
    """Have a supervision order drafted on the newest open matter of the group, by whoever keeps the orders."""
    matters = Case.objects.filter(pk__in=thing.cases).defer("search").order_by("-id")
    case = matters.filter(state__in=OPEN_CASES).first() or matters.first()
    if case is None:
        return
    thing.state, thing.order_on = "ordered", case.number
    _expect(thing, event.now)
    _commit(thing, "order", now=event.now, said={"case": case.number}, came_from="taken")
    events.publish(
        ConsequenceFollowed(
            case_id=case.id,
            number=case.number,
            region=case.region,
            title=case.title,
            consequence="supervision_order",
            light="frequent",
            light_name=wording.ORDERED,
            cause="frequent_answer",
            due_at=event.fire_at,
            lead_department_id=case.lead_department_id,
            rulebook_version=thing.rulebook_version,
            fire_at=event.fire_at,
            at=event.now,
        )
    )


def _day(body: Mapping[str, Any], now: dt.datetime) -> dt.date | None:
    given = str(body.get("on") or "").strip()
    if not given:
        return None
    today = answers.local_date(now)
    try:
        day = dt.date.fromisoformat(given)
    except ValueError:
        day = dt.date.min
    if not today <= day <= today + dt.timedelta(days=60):
        raise errors.Invalid(_("Choose a day from today on, within sixty days."), code="day_wrong", field="on")
    return day


def _expect(thing: Frequent, now: dt.datetime, *, until: dt.datetime | None = None) -> None:
    rule = rulebooks.version(thing.rulebook_version).section(rulebook.Frequent)
    kind, limit = {
        "listed": ("frequent_take", rule.take_within),
        "taken": ("frequent_answer", until or rule.answer_within),
        "answered": ("frequent_settle", rule.settle_within),
    }.get(thing.state, ("", None))
    deadlines.expect(thing, kind, limit, now=now)


def _commit(
    thing: Frequent,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    made: bool = False,
) -> None:
    """Record the fact `frequent.<name>`, save the row, and tell everybody."""
    fact = f"frequent.{name}"
    due = {"due_at": thing.due_at.isoformat()} if thing.due_at else {}
    ledger.record_and_save(
        thing,
        kind=fact,
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said={**said, "category": thing.category, **due},
        came_from=came_from,
        made=made,
    )
    notices.send(name, matter=thing, now=now, but=actor.person_id)
    payload = {"id": str(thing.id), "category": thing.category, "state": thing.state, "at": now.isoformat()}
    notifications.publish(event_type=fact, payload=payload, region=thing.region, now=now, enterprise_id=None)
    events.publish(
        FrequentChanged(
            frequent_id=thing.id,
            region=thing.region,
            category=thing.category,
            department_id=thing.department_id,
            fact=fact,
            state=thing.state,
            actor_id=actor.person_id,
            at=now,
        )
    )
