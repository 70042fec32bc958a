"""One action on one case, in one order: lock → may I → may it → is it whole → any veto → do → record → save → tell."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import database, errors, events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.rulebooks.selectors import Rulebook

from .. import guards, permissions
from ..events import EVENT_OF_FACT, FACT_OF_ACTION, Parties
from ..models import Case
from ..permissions import Actor
from ..rules import facts
from ..rules.bodies import BODIES, Body, plain
from ..selectors import loading
from ..states import MACHINE, CaseState

M = TypeVar("M", bound=BaseModel)


@dataclass(kw_only=True)
class Turn:
    """What a step works with: the locked case, who acts, when, the case's rulebook, and words to add to the fact."""

    case: Case
    actor: Actor
    now: dt.datetime
    book: Rulebook
    said: dict[str, Any] = field(default_factory=dict)

    def move(self, state: CaseState) -> None:
        """Bring the case into `state`."""
        self.case.state = state.value

    def rule(self, section: type[M]) -> M:
        """Return a section of the rulebook under which the case was raised."""
        return self.book.section(section)

    def refuse(self, reason: str, *, code: str, **extra: Any) -> errors.Conflict:
        """Return (for raising) the refusal of this action for a reason that lies in the case."""
        return errors.Conflict(reason, code=code, state=self.case.state, **extra)


Step = Callable[[Turn, Any], None]
_steps: dict[str, Step] = {}


def step(action: str) -> Callable[[Step], Step]:
    """Register the function that does what is special about `action`."""

    def register(function: Step) -> Step:
        _steps[action] = function
        return function

    return register


def take(*, number: str, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any] | Body) -> Case:
    """Take one action on a case and return the case as it then is.

    number: the case number. action: a row of the lifecycle table. body: the action's words, plain or already checked.
    Raises NotFound (no such case, or not for these eyes), Forbidden (not this role), Conflict (the state, a veto, or a
    condition of the action forbids it; `allowed_actions` says what would go), Invalid (the body is wrong).
    Leaves exactly one ledger fact and publishes the event of that fact, all in one transaction.
    """
    if action not in _steps:
        raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
    with database.writing():
        case = lock(number=number, actor=actor)
        now = not_before(case, now)
        permissions.check(actor, action, case)
        check_state(case, action, actor)
        words = body if isinstance(body, Body) else read_body(action, body)
        if reason := guards.why_not(action=action, case=case, body=words, now=now):
            raise errors.Conflict(reason, code="vetoed", state=case.state)
        turn = Turn(case=case, actor=actor, now=now, book=rulebooks.version(case.rulebook_version))
        before = facts.snapshot(case)
        with deadlines.together(subject=case.id):
            _steps[action](turn, words)
        commit(turn, before=before, kind=FACT_OF_ACTION[action], said=plain(words) | turn.said)
    return case


_STAGES = "raised_at accepted_at dispatched_at signed_at first_contact_at replied_at closed_at achieved_at".split()


def not_before(case: Case, now: dt.datetime) -> dt.datetime:
    """Return `now`, or the last stage of the case: a clock that was set back writes nothing into its past."""
    stages: list[dt.datetime] = [instant for name in _STAGES if (instant := getattr(case, name)) is not None]
    return max([now, *stages])


def lock(*, number: str, actor: Actor) -> Case:
    """Lock the case row for this transaction and return it. Raises NotFound when it is not for the actor's eyes."""
    visible, parameters = permissions.visible_sql(actor)
    case = loading.locked(f"cases_case.number = %s and {visible}", [number, *parameters])
    if case is None:
        raise errors.NotFound(_("There is no case with this number, or you may not see it."), code="case_not_found")
    return case


def lock_by_id(case_id: uuid.UUID) -> Case | None:
    """Lock the row of a case with the product's own eyes and return it, or None."""
    return loading.locked("cases_case.id = %s", [case_id])


def check_state(case: Case, action: str, actor: Actor) -> None:
    """Raise Conflict, naming what would go, unless the state of the case allows the action."""
    state = CaseState(case.state)
    transition = MACHINE.find(action)
    assert transition is not None
    if state not in transition.sources:
        raise errors.Conflict(
            _("The case is in state “%(state)s”; this action is not possible now.") % {"state": state.value},
            code="state_forbids",
            state=state.value,
            allowed_in=sorted(source.value for source in transition.sources),
            allowed_actions=[row.action for row in MACHINE.allowed(state) if permissions.can(actor, row.action, case)],
        )


def read_body(action: str, body: Mapping[str, Any]) -> Body:
    """Return the checked body of `action`. Raises Invalid naming the first wrong field and listing all."""
    try:
        return BODIES[action].model_validate(body)
    except ValidationError as error:
        raise invalid_body(error) from error


def invalid_body(error: ValidationError) -> errors.Invalid:
    """Turn a validation error into a problem: one sentence, the field, and the whole list."""
    found = [
        {"field": ".".join(str(part) for part in item["loc"]) or "body", "message": item["msg"]}
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    first = found[0]
    return errors.Invalid(
        _("%(field)s: %(message)s") % first, code="invalid_body", field=str(first["field"]), errors=found
    )


def commit(turn: Turn, *, before: Mapping[str, Any], kind: str, said: Mapping[str, Any]) -> None:
    """Record the fact with the change of the row, save the row, and publish the event."""
    case = turn.case
    changed = facts.changes(before, case)
    ledger.record(
        subject=case,
        stream=case.id,
        kind=kind,
        actor_id=turn.actor.person_id,
        on_behalf_of=turn.actor.stands_for,
        now=turn.now,
        data={**said, "set": {name: facts.to_plain(value) for name, value in changed.items()}},
        from_state=before["state"],
        to_state=case.state,
        reason=said.get("reason"),
        rulebook=str(case.rulebook_version),
        save=changed,
    )
    tell(case, kind=kind, actor=turn.actor, now=turn.now, from_state=before["state"], data=dict(said))


def tell(case: Case, *, kind: str, actor: Actor, now: dt.datetime, from_state: str, data: dict[str, Any]) -> None:
    """Publish the event of a fact, in the transaction that recorded it."""
    parties = Parties(
        title=case.title,
        channel=case.channel,
        enterprise_id=case.enterprise_id,
        raised_by=case.raised_by,
        lead_department_id=case.lead_department_id,
        co_department_ids=tuple(case.co_department_ids),
        board=case.board,
        tier=case.tier,
    )
    event = EVENT_OF_FACT[kind](
        case_id=case.id,
        number=case.number,
        region=case.region,
        actor_id=actor.person_id,
        at=now,
        from_state=from_state,
        to_state=case.state,
        data=data,
        parties=parties,
    )
    events.publish(event)


def person_of(turn: Turn) -> uuid.UUID:
    """Return the id of the acting person; steps of staff always have one."""
    person = turn.actor.person_id
    assert person is not None, "staff actions are taken by a person"
    return person
