"""One fact of simulated accountability: recorded, saved with the row, told to people and to other contexts."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.kernel.states import Machine
from bihuan.foundation.kernel.text import clean_line
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices
from ..models import Inquiry
from ..rulebook import Accountability
from ..rules import judging
from ..states import SYSTEM


def rule(version: uuid.UUID) -> Accountability:
    """Return what a version of the rulebook says."""
    return rulebooks.version(version).section(Accountability)


def record(
    thing: Any,
    name: str,
    *,
    now: dt.datetime,
    said: Mapping[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
) -> None:
    """Record the fact `accountability.<name>` of any row with a chain, and save the row."""
    ledger.record_and_save(
        thing,
        kind=f"accountability.{name}",
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said=said,
        came_from=came_from,
        changed=changed,
        made=made,
    )


def commit(inquiry: Inquiry, name: str, *, now: dt.datetime, said: Mapping[str, Any], **more: Any) -> None:
    """Record a fact of an inquiry (see `record`), and tell people."""
    record(inquiry, name, now=now, said=said, **more)
    actor = more.get("actor", THE_SYSTEM)
    told = "late_unit" if name == "late" and said["clock"] == "inquiry_rectify" else name
    units = tuple(inquiry.unit_ids) if name == "find" else (inquiry.unit_id,)
    key = str(inquiry.id)
    notices.send(told, thing=inquiry, subject=inquiry.number, inquiry=key, units=units, now=now, but=actor.person_id)


def find_row(machine: Machine[Any], action: str) -> Any:
    """Return the row of an action that people take. Raises NotFound `unknown_action`."""
    found = machine.find(action)
    if found is None or SYSTEM in found.roles:
        raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
    return found


def check(allowed: bool, transition: Any, state: str, actions: list[str]) -> None:
    """Raise Forbidden unless the actor's office allows it, Conflict `state_forbids` unless the state does."""
    if not allowed:
        raise errors.Forbidden(_("Your role may not take this action here."), action=transition.action)
    if state not in {one.value for one in transition.sources}:
        message = _("This is not possible in the present state.")
        raise errors.Conflict(message, code="state_forbids", state=state, allowed_actions=actions)


def bearer(unit: Department, now: dt.datetime) -> Department:
    """Return who carries what concerns a department: itself, or whoever took over. Raises Invalid `unit_gone`."""
    known = {str(one.pk): one for one in directory.departments(unit.region)}
    day = answers.local_date(now)
    plain = {
        key: judging.Unit(in_force=directory.in_force(one, day), successor=str(one.successor_id or ""))
        for key, one in known.items()
    }
    found = judging.bearer(str(unit.pk), plain)
    if not found:
        message = _("%(name)s is gone and nobody has taken over; name the unit that carries it now.")
        raise errors.Invalid(message % {"name": unit.name}, code="unit_gone", field="unit")
    return known[found]


def named_unit(region: str, code: str) -> Department:
    """Return the department of an input, in force or not. Raises Invalid `unit_unknown`."""
    found = directory.department(region, code)
    if found is None:
        message = _("unit: the code of a department of this region")
        raise errors.Invalid(message, code="unit_unknown", field="unit")
    return found


def line(body: Mapping[str, Any], field: str, most: int) -> str:
    """Return one cleaned line of an input. Raises Invalid where it is missing or too long."""
    found = clean_line(str(body.get(field, "") or ""))
    if not found or len(found) > most:
        message = _("%(field)s: please write something, at most %(max)d characters") % {"field": field, "max": most}
        raise errors.Invalid(message, code="invalid_body", field=field)
    return found


def chosen(value: object, known: Iterable[str], field: str) -> str:
    """Return an input that has to be one of `known`. Raises Invalid."""
    options = list(known)
    if str(value) not in options:
        message = _("%(field)s: one of %(options)s") % {"field": field, "options": ", ".join(options)[:400]}
        raise errors.Invalid(message, code="invalid_body", field=field)
    return str(value)


def yes(value: object) -> bool:
    """Tell whether a form or a JSON body says yes."""
    return value in (True, "on", "true", "yes")
