"""What people do with orders and entries: one action, one fact."""

import datetime as dt
import functools
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import needed_text

from .. import permissions
from ..models import Entry, Order
from ..states import OPEN, SYSTEM, EntryState, OrderState
from .recording import commit, rule
from .writing import keep_step

_KEPT = {
    "approve": "demand",
    "report": "report",
    "verify": "outcome",
    "close": "outcome",
    "settle": "outcome",
    "take_back": "outcome",
}
"""Action → the field of the order that keeps its text."""
_STAMP = {"issue": "issued_at", "sign": "signed_at", "report": "reported_at"}
_NEXT = {
    "approve": ("order_issue", "issue_within"),
    "issue": ("order_sign", "sign_within"),
    "sign": ("order_report", "report_within"),
    "send_back": ("order_report", "report_within"),
    "report": ("order_verify", "verify_within"),
}
"""Action → the clock that runs after it, and where the rulebook says how long; after the others none runs."""


def take(*, order_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Order:
    """Take one action of a person on a supervision order and return the order as it then is.

    action: a row of the machine; all but `sign` need {text}. Raises NotFound (no such order, or not for these eyes),
    Forbidden (not this office, or the side that handles), Conflict `state_forbids`, `no_lead`, Invalid.
    Leaves one fact and publishes OrderChanged; the letter of the order keeps step (its own facts).
    """
    with database.writing():
        order: Order
        order, case = _locked(Order, order_id, actor)
        target = _allowed(order, case, action, actor)
        if action == "issue" and case.lead_department_id is None:
            raise errors.Conflict(_("Nobody leads this matter yet; dispatch it first."), code="no_lead")
        text = "" if action == "sign" else needed_text(body)
        came_from, order.state = order.state, target
        kind, within = _NEXT.get(action, ("", ""))
        deadlines.expect(order, kind, getattr(rule(order), within) if within else None, now=now)
        changed = ["state", "due_at", "late_since"]
        for field, value in ((_KEPT.get(action), text), (_STAMP.get(action), now)):
            if field:
                setattr(order, field, value)
                changed.append(field)
        if action == "send_back":
            order.sent_back += 1
            changed.append("sent_back")
        if order.state not in OPEN:
            order.ended_at = now
            changed.append("ended_at")
        said: dict[str, Any] = {"text": text}
        if order.due_at is not None:
            said["due_at"] = order.due_at.isoformat()
        keep_step(order, case, action, text=text, actor_id=actor.person_id, now=now)
        commit(order, case, action, now=now, said=said, actor=actor, came_from=came_from, changed=changed)
    return order


def take_entry(*, entry_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Entry:
    """Note a listed matter as seen, or take it off its list, with a word {text}. Raises as `take`."""
    with database.writing():
        entry: Entry
        entry, case = _locked(Entry, entry_id, actor)
        target, text = _allowed(entry, case, action, actor), needed_text(body)
        came_from, entry.state, entry.words = entry.state, target, text
        changed = ["state", "words", "cleared_at" if target == EntryState.CLEARED else "seen_at"]
        setattr(entry, changed[-1], now)
        said = {"text": text, "list": entry.kind}
        commit(entry, case, action, now=now, said=said, actor=actor, came_from=came_from, changed=changed)
    return entry


def _locked(model: Any, key: uuid.UUID, actor: Actor) -> tuple[Any, Case]:
    """Lock the case, then the thing; NotFound unless there is one for these eyes."""
    case_id = model.objects.filter(pk=key).values_list("case_id", flat=True).first()
    seen = Case.objects.filter(visible(actor), pk=case_id).defer("search") if permissions.watches(actor) else None
    case = seen.select_for_update(of=("self",)).first() if seen is not None else None
    if case is None:
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="order_not_found")
    return model.objects.select_for_update(of=("self",)).get(pk=key), case


def _allowed(thing: Order | Entry, case: Case, action: str, actor: Actor) -> str:
    """Return the state the action leads to. Raises NotFound, Forbidden, Conflict naming what would go."""
    machine = permissions.machine_of(thing)
    transition = machine.named(action, without=frozenset({SYSTEM}))
    permissions.check(actor, action, thing, case)
    state = OrderState(thing.state) if isinstance(thing, Order) else EntryState(thing.state)
    machine.check_state(transition, state, may=functools.partial(permissions.can, actor, thing=thing, case=case))
    (target,) = transition.targets
    return str(target.value)
