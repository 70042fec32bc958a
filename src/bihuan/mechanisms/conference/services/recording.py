"""One fact of a meeting, an item or a decision: recorded, saved with the row, told to people, webhooks and others."""

import datetime as dt
import functools
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor, visible
from bihuan.casework.cases.rules.bodies import Body
from bihuan.casework.cases.services import turn
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import answers, database, events
from bihuan.foundation.kernel.workdays import Duration
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices, permissions, selectors
from ..events import ConferenceChanged
from ..models import Decision, Item, Meeting, Member
from ..permissions import Thing
from ..rulebook import Conference
from ..rules import bodies
from ..states import SYSTEM

NAMES: dict[type[Any], str] = {Meeting: "meeting", Item: "item", Decision: "decision", Member: "member"}


@dataclass(kw_only=True)
class Move:
    """What a step works with: the locked thing, its case (none for meetings), who acts, when, the checked body."""

    thing: Any
    case: Case | None
    actor: Actor
    now: dt.datetime
    body: Any

    @property
    def person(self) -> uuid.UUID:
        """The id of whoever acts."""
        assert self.actor.person_id is not None, "these actions are taken by persons"
        return self.actor.person_id


def rule(thing: Any) -> Conference:
    """Return the section of the rulebook under which the thing began."""
    return rulebooks.version(thing.rulebook_version).section(Conference)


def name_of(thing: Any) -> str:
    """Return `meeting`, `item`, `decision` or `member`."""
    return NAMES[type(thing)]


def read_body(shape: type[Body], given: Mapping[str, Any] | Body) -> Any:
    """Return the checked body. Raises Invalid naming the first wrong field."""
    if isinstance(given, Body):
        return given
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise turn.invalid_body(error) from error


def body_of(thing: Thing, action: str, given: Mapping[str, Any]) -> Any:
    """Return the checked body of an action on the thing."""
    return read_body(bodies.BODIES[name_of(thing)][action], given)


def lock_case(actor: Actor, **which: Any) -> Case:
    """Lock and return a case for these eyes. Raises NotFound."""
    found = Case.objects.filter(visible(actor), **which).defer("search").select_for_update(of=("self",)).first()
    if found is None:
        raise selectors.not_found()
    return found


def department(region: str, code: str, now: dt.datetime, field: str) -> Department:
    """Return the department in force called `code`. Raises Invalid."""
    return directory.department_in_force(region, code, answers.local_date(now), field=field)


def check_state(thing: Thing, action: str, actor: Actor) -> str:
    """Return the state the action leads to. Raises NotFound, Forbidden, Conflict naming what would go."""
    machine = permissions.machine_of(thing)
    transition = machine.named(action, without=frozenset({SYSTEM}))
    permissions.check(actor, action, thing)
    state = type(machine.initial)(thing.state)
    may, fits = functools.partial(permissions.can, actor, thing=thing), functools.partial(selectors.possible, thing)
    machine.check_state(transition, state, may=may, fits=fits)
    return str(next(iter(transition.targets), state).value)


def expect(
    thing: Any, kind: str, within: Duration | dt.datetime, *, now: dt.datetime, lights: Any = None
) -> dt.datetime:
    """Start a clock of the thing and return when it is due; with `lights` those of the rulebook alarm, else the end."""
    clock = deadlines.start(
        subject=thing.id,
        region=thing.region,
        kind=kind,
        allotment=within,
        lights=lights or (("due", 1),),
        now=now,
        cycle=None,
        rulebook_version=str(thing.rulebook_version),
    )
    due: dt.datetime = clock.due_at
    return due


def commit(
    thing: Any,
    name: str,
    *,
    now: dt.datetime,
    said: Mapping[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
    quiet: bool = False,
) -> None:
    """Record the fact `conference.<thing>_<name>`, save the row, and tell everybody."""
    fact = f"conference.{name_of(thing)}_{name}"
    state = getattr(thing, "state", "")
    case_id = getattr(thing, "case_id", None)
    ledger.record_and_save(
        thing,
        kind=fact,
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said={**said, **({"case": str(case_id)} if case_id else {})},
        came_from=came_from,
        changed=changed,
        made=made,
    )
    if not quiet and not isinstance(thing, Member):
        notices.send(name, thing, data=dict(said), now=now, but=actor.person_id)
    payload = {"id": str(thing.id), "state": state, "at": now.isoformat()}
    notifications.publish(event_type=fact, payload=payload, region=thing.region, now=now, enterprise_id=None)
    events.publish(
        ConferenceChanged(
            thing_id=thing.id,
            case_id=case_id,
            region=thing.region,
            fact=fact,
            state=state,
            actor_id=actor.person_id,
            at=now,
        )
    )


def one_at_a_time(region: str) -> None:
    """Let nobody else number meetings, or give seats, in the region until this transaction ends."""
    database.fetch("select pg_advisory_xact_lock(hashtext(%s))", [f"conference:{region}"])
