"""One fact of a thing of evaluation: recorded, saved with the row, told to webhooks and to other contexts."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import errors, events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..events import CallbackChanged, DrawChanged, MarkChanged, QuestionChanged
from ..models import Callback, Draw, Invitation, Mark, Question
from ..rulebook import Evaluation
from ..selectors import not_found

Thing = Invitation | Mark | Callback | Draw | Question
PREFIX = {Invitation: "", Mark: "mark_", Callback: "callback_", Draw: "draw_", Question: "question_"}


def rule(thing: Thing | Case) -> Evaluation:
    """Return what the rulebook under which the thing began says about evaluation."""
    return rulebooks.version(thing.rulebook_version).section(Evaluation)


def commit(
    thing: Thing,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
) -> None:
    """Record the fact `evaluation.<prefix><name>`, save the row, and tell webhooks and other contexts.

    The fact says nothing about who rated: not the case of an invitation's rating, no level but in its own chain.
    """
    fact = f"evaluation.{PREFIX[type(thing)]}{name}"
    state = getattr(thing, "state", "")
    ledger.record_and_save(
        thing,
        kind=fact,
        actor_id=actor.person_id,
        on_behalf_of=actor.stands_for,
        now=now,
        said=said,
        came_from=came_from,
        changed=changed,
        made=made,
    )
    if isinstance(thing, Invitation):
        return
    payload = {"id": str(thing.id), "state": state, "at": now.isoformat()}
    notifications.publish(event_type=fact, payload=payload, region=thing.region, now=now, enterprise_id=None)
    events.publish(_event(thing, fact, actor.person_id, now))


def _event(thing: Mark | Callback | Draw | Question, fact: str, actor_id: uuid.UUID | None, now: dt.datetime) -> Any:
    about: dict[str, Any] = {
        "id": thing.id,
        "region": thing.region,
        "fact": fact,
        "state": thing.state,
        "actor_id": actor_id,
        "at": now,
        "department_id": getattr(thing, "department_id", None),
    }
    if isinstance(thing, Mark):
        about |= {"parts": dict(thing.parts), "late": thing.late_since is not None}
        about |= {"appeal": thing.appeal, "corrections": thing.corrections}
        return MarkChanged(case_id=thing.case_id, **about)
    if isinstance(thing, Callback):
        about |= {"false_closing": thing.false_closing, "overturned": thing.overturned}
        return CallbackChanged(case_id=thing.case_id, solved=thing.solved, level=thing.level, **about)
    if isinstance(thing, Draw):
        return DrawChanged(population=sum(map(len, thing.strata.values())), drawn=len(thing.sample), **about)
    return QuestionChanged(kind=thing.kind, **about)


def units_of(case: Case) -> list[uuid.UUID]:
    """Return the departments that handle or handled the case now: the rated side."""
    return [one for one in (case.lead_department_id, *case.co_department_ids) if one is not None]


def round_of(case: Case) -> int:
    """Return which closing of the case this is, counted from 1."""
    return 1 + case.reopenings


def locked(model: Any, key: uuid.UUID) -> tuple[Any, Case]:
    """Lock the case, then the thing; whose eyes it is for is the caller's question. Raises NotFound."""
    case_id = model.objects.filter(pk=key).values_list("case_id", flat=True).first()
    case = Case.objects.filter(pk=case_id).defer("search").select_for_update(of=("self",)).first()
    if case is None:
        raise not_found()
    return model.objects.select_for_update(of=("self",)).get(pk=key), case


def flag(body: Any, field: str) -> bool:
    """Return a yes or no that comes with an action, from JSON or a form. Raises Invalid when it is not said."""
    given = body.get(field)
    known = {True: True, False: False, "yes": True, "no": False, "true": True, "false": False}
    if not isinstance(given, (bool, str)) or given not in known:
        raise errors.Invalid(_("%(field)s: say yes or no") % {"field": field}, code="invalid_body", field=field)
    return known[given]
