"""One fact of a thing of inspections: recorded, saved with the row, told to webhooks and to other contexts."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import errors, events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..events import CheckChanged, ClassChanged, DrawChanged, RepairChanged
from ..models import Batch, Check, Draw, Listed, Repair, Standing
from ..rulebook import Inspections

SILENT = frozenset({"inspections.check_rated"})
"""Facts of which nobody is told: a webhook may be the rated body's."""


def rule(region: str, now: dt.datetime) -> Inspections:
    """Return what the rulebook in force in a region says."""
    return rulebooks.in_force(region, now).section(Inspections)


def version(region: str, now: dt.datetime) -> uuid.UUID:
    """Return the version of the rulebook in force."""
    return rulebooks.in_force(region, now).id


def firm_of(uscc: str) -> Enterprise:
    """Return the enterprise with a credit code. Raises Invalid."""
    found = directory.enterprise(directory_rules.check_uscc(uscc, field="enterprise"))
    if found is None:
        raise errors.Invalid(_("No enterprise has this credit code."), code="unknown", field="enterprise")
    return found


def lock_firm(enterprise: uuid.UUID) -> None:
    """Let one writer at a time decide on checks of an enterprise."""
    list(Enterprise.objects.select_for_update().filter(pk=enterprise).values_list("pk"))


def commit(
    thing: Batch | Check | Draw | Listed | Repair | Standing,
    fact: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
) -> None:
    """Record the fact `inspections.<fact>`, save the row, and tell whoever subscribed."""
    kind, state = f"inspections.{fact}", getattr(thing, "state", "")
    ledger.record_and_save(
        thing,
        kind=kind,
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said=said,
        came_from=came_from,
        changed=changed,
        made=made,
    )
    if kind in SILENT:
        return
    payload = {"id": str(thing.pk), "state": state, "at": now.isoformat()}
    notifications.publish(event_type=kind, payload=payload, region=thing.region, now=now, enterprise_id=None)
    about: dict[str, Any] = {"region": thing.region, "fact": kind, "state": state, "at": now}
    if isinstance(thing, Check | Repair | Standing):
        about["enterprise_id"] = thing.enterprise_id
    if isinstance(thing, Check | Draw | Repair):
        about["department_id"] = thing.department_id
    if isinstance(thing, Check):
        events.publish(CheckChanged(check_id=thing.id, **about))
    elif isinstance(thing, Standing):
        events.publish(ClassChanged(standing_id=thing.id, grade=thing.grade, **about))
    elif isinstance(thing, Draw):
        events.publish(DrawChanged(draw_id=thing.id, **about))
    elif isinstance(thing, Repair):
        events.publish(RepairChanged(repair_id=thing.id, **about))
