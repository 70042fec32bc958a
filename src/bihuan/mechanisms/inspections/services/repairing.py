"""信用修复 (I5): an enterprise asks, the body that entered the record guides it, decides, and passes the result on."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices, permissions, selectors
from ..models import Record, Repair
from ..rulebook import Inspections
from ..rules import leniency
from ..states import REPAIRS, RepairState
from .recording import commit, rule, version

_KEPT = {"guide": "guidance", "return_application": "guidance", "apply": "application"}
"""Action → the field that keeps its text; the others say what it came to."""
CLOCKS = ("inspection_guide", "inspection_decide", "inspection_sync")


def ask_repair(*, record_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Repair:
    """Ask, as the enterprise, how the credit can be repaired after one of its records; guidance is due from now on.

    Raises NotFound (no such record of this enterprise), Conflict `repair_known`, `repaired`, `nobody_repairs` (a record
    without a body). Leaves one fact; publishes RepairChanged. Source: 国办发〔2025〕22号, 谁认定谁修复.
    """
    with database.writing():
        record = Record.objects.select_for_update(of=("self",)).select_related("enterprise", "department")
        found = record.filter(pk=record_id).first()
        if found is None or not permissions.speaks_for(actor, found.enterprise_id):
            raise errors.NotFound(_("There is no such record of your enterprise."), code="record_not_found")
        if found.repaired_on is not None:
            raise errors.Conflict(_("This record was repaired already."), code="repaired")
        if Repair.objects.filter(record=found).exclude(state=RepairState.WITHDRAWN.value).exists():
            raise errors.Conflict(_("You have asked about this record already."), code="repair_known")
        if found.department is None:
            raise errors.Conflict(_("No body stands behind this record."), code="nobody_repairs")
        book = rule(found.region, now).repair
        months = getattr(book.after_months, found.severity)
        repair = Repair(region=found.region, record=found, enterprise=found.enterprise, department=found.department)
        repair.earliest = leniency.months_after(found.on, months)
        repair.asked_at, repair.rulebook_version = now, version(found.region, now)
        deadlines.expect(repair, "inspection_guide", book.guide_within, now=now)
        commit(repair, "repair_asked", now=now, said={"name": found.text}, actor=actor, made=True)
        notices.tell_body("repair_asked", repair=repair, now=now)
    return repair


def take_repair(
    *, repair_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Repair:
    """`guide`, `return_application`, `repair`, `sync` by the body; `apply`, `withdraw_repair` by the firm: {text}.

    Raises NotFound, Forbidden, Conflict `state_forbids`, `too_early` with the first day, Invalid. Once it is repaired
    the record counts for no class any more. Leaves one fact; publishes RepairChanged.
    """
    with database.writing():
        selectors.find_repair(repair_id, actor)
        chosen = Repair.objects.select_for_update(of=("self",)).select_related("record", "department", "enterprise")
        repair = chosen.get(pk=repair_id)
        transition = REPAIRS.named(action)
        permissions.check_repair(actor, action, repair)
        REPAIRS.check_state(
            transition, RepairState(repair.state), may=lambda one: permissions.can_repair(actor, one, repair)
        )
        today = answers.local_date(now)
        if action == "apply" and today < repair.earliest:
            said_ = _("It can be applied for from %(day)s on.") % {"day": repair.earliest}
            raise errors.Conflict(said_, code="too_early", day=repair.earliest)
        text = needed_text(body)
        setattr(repair, _KEPT.get(action, "outcome"), text)
        came_from, repair.state = repair.state, next(iter(transition.targets)).value
        changed = ["state", "guidance", "application", "outcome", "ended_at", *_expect(repair, now)]
        if action == "repair":
            repair.record.repaired_on = today
            repair.record.save(update_fields=["repaired_on"])
        commit(
            repair, f"repair_{action}", now=now, said={"text": text}, actor=actor, came_from=came_from, changed=changed
        )
        if action in {"apply", "withdraw_repair"}:
            notices.tell_body("repair_moved", repair=repair, now=now)
        else:
            notices.tell_repaired(repair=repair, now=now)
    return repair


def _expect(repair: Repair, now: dt.datetime) -> list[str]:
    """Start the clock of whoever is next; an enterprise has all the time it wants."""
    limits = rulebooks.version(repair.rulebook_version).section(Inspections).repair
    if repair.state in {RepairState.SYNCED.value, RepairState.WITHDRAWN.value}:
        repair.ended_at = now
    kind, within = {
        RepairState.APPLIED.value: ("inspection_decide", limits.decide_within),
        RepairState.REPAIRED.value: ("inspection_sync", limits.sync_within),
    }.get(repair.state, ("", None))
    return deadlines.expect(repair, kind, within, now=now)


def late(event: ThresholdCrossed) -> None:
    """A step of a repair is late: on record, and the body is told."""
    if event.kind not in CLOCKS:
        return
    chosen = Repair.objects.select_for_update(of=("self",)).select_related("record", "department")
    repair = chosen.filter(pk=event.subject, ended_at=None).first()
    if repair is not None:
        repair.late_since = event.fire_at
        commit(repair, "repair_late", now=event.now, said={"clock": event.kind}, changed=["late_since"])
        notices.tell_body("repair_late", repair=repair, now=event.now)
