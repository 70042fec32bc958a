"""One fact of an entry: recorded, saved with the row, told to people and to webhooks."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.cases.rules.bodies import Body
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import answers, errors, events, shapes
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices
from ..events import ShelfChanged
from ..models import Caution, Competition, Exemplar, Institution, Lesson, Proposal
from ..rulebook import Registers

NAMES: dict[type[Any], str] = {
    Institution: "institution",
    Proposal: "proposal",
    Competition: "competition",
    Exemplar: "exemplar",
    Caution: "warning",
    Lesson: "lesson",
}


@dataclass(kw_only=True)
class Move:
    """What a step works with: the locked thing, who acts, when, the checked body, and where the step leads."""

    thing: Any
    actor: Actor
    now: dt.datetime
    body: Any
    target: str

    def done(self, name: str, *, changed: Iterable[str], said: Mapping[str, Any], secret: bool = False) -> None:
        """Bring the thing into its new state and record the fact; a secret one names nobody."""
        came_from, self.thing.state = self.thing.state, self.target
        fields = ["state", *changed]
        commit(
            self.thing,
            name,
            now=self.now,
            said=said,
            by=None if secret else self.actor.person_id,
            on_behalf_of=self.actor.on_behalf_of,
            came_from=came_from,
            changed=fields,
        )


def rule(thing: Any) -> Registers:
    """Return the section of the rulebook under which the thing began."""
    return rulebooks.version(thing.rulebook_version).section(Registers)


def read_body(shape: type[Body], given: Mapping[str, Any]) -> Any:
    """Return the checked body. Raises Invalid naming the first wrong field."""
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise shapes.invalid(error.errors(include_url=False)) from error


def department(region: str, code: str, now: dt.datetime, field: str = "owner") -> Department:
    """Return the department in force called `code`. Raises Invalid: unknown, closed, or merged into another."""
    return directory.department_in_force(region, code, answers.local_date(now), field=field)


def needed_person(actor: Actor) -> uuid.UUID:
    """Return the id of the acting person. Raises Forbidden for whoever has none."""
    if actor.person_id is None:
        raise errors.Forbidden()
    return actor.person_id


def commit(
    thing: Any,
    name: str,
    *,
    now: dt.datetime,
    said: Mapping[str, Any],
    by: uuid.UUID | None = THE_SYSTEM.person_id,
    on_behalf_of: str | None = None,
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
) -> None:
    """Record the fact `registers.<thing>_<name>`, save the row, and tell everybody."""
    fact = f"registers.{NAMES[type(thing)]}_{name}"
    ledger.record_and_save(
        thing,
        kind=fact,
        actor_id=by,
        on_behalf_of=on_behalf_of,
        now=now,
        said=said,
        came_from=came_from,
        changed=changed,
        made=made,
    )
    notices.send(fact, thing, now=now, but=by)
    payload = {"id": str(thing.id), "state": thing.state, "at": now.isoformat()}
    notifications.publish(event_type=fact, payload=payload, region=thing.region, now=now, enterprise_id=None)
    if not isinstance(thing, Institution | Proposal):
        events.publish(
            ShelfChanged(
                thing_id=thing.id,
                kind=NAMES[type(thing)],
                region=thing.region,
                title=thing.title,
                fact=fact,
                state=thing.state,
                case_id=getattr(thing, "case_id", None),
                source=getattr(thing, "source", "hand"),
                source_id=getattr(thing, "source_id", None),
                at=now,
            )
        )
