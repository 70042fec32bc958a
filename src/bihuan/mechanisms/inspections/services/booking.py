"""Through the gate (I2): a planned check is registered and approved, or it does not exist."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory.models import Department, Enterprise
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices, permissions, selectors
from ..models import Check, Item, Officer, Part
from ..rulebook import Inspections
from ..rules import gate
from ..selectors.catalogue import is_sheltered
from ..states import CHECKS, FREE_KINDS, KINDS, CheckState, ListedState
from .recording import commit, firm_of, lock_firm, rule, version


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A check as it is asked for. parts: body → (ids of items, ids of officers); the first body leads.

    enterprise: its USCC. reason: why a clue or an emergency cannot wait. filed: how a check of an enterprise that is
    seated elsewhere was filed with the body there.
    """

    enterprise: str
    on: dt.date
    kind: str
    parts: Mapping[uuid.UUID, tuple[Sequence[uuid.UUID], Sequence[uuid.UUID]]]
    reason: str = ""
    filed: str = ""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the gate says: the class it went by, all reasons, and whether the check passes."""

    grade: str
    reasons: tuple[gate.Reason, ...]
    passes: bool
    items: tuple[Item, ...]


def ask(*, department: Department, planned: Planned, actor: Actor, now: dt.datetime) -> Judged:
    """Return what the gate would say, and change nothing. Raises as `register`, but not `gate_refused`."""
    with database.writing():
        permissions.check_books(actor, department.id)
        firm, on = _checked(planned, now), {department.id: department}
        return judge(firm, on, planned, region=department.region[:6], now=now)


def register(*, department: Department, planned: Planned, actor: Actor, now: dt.datetime) -> Check:
    """Register a check of the actor's body: the place under the cap is taken from now on.

    A planned one waits for the head's approval; a clue or an emergency may go at once, with its reason, and is reviewed
    afterwards. Raises Forbidden, Invalid (enterprise, kind, reason, items, officers), Conflict `gate_refused` with
    `reasons` (each with rule and way out) and the id of the refused check, which is kept for the count. Leaves one
    fact; publishes CheckChanged. Source: 国办发〔2024〕54号; 行政处罚法 §42; 胶州 ABC; 卫东 whitelist.
    """
    with database.writing():
        permissions.check_books(actor, department.id)
        check = book(bodies={department.id: department}, planned=planned, actor=actor, now=now)
    if check.state == CheckState.REFUSED:
        raise refused(check.reasons, check=check.id)
    return check


def refused(reasons: Sequence[Mapping[str, Any]], *, check: uuid.UUID | None = None) -> errors.Conflict:
    """Return (for raising) that the gate refused a check."""
    said = _("The gate does not let this check through. Each reason says what would be allowed.")
    return errors.Conflict(said, code="gate_refused", reasons=list(reasons), check=str(check) if check else None)


def book(*, bodies: Mapping[uuid.UUID, Department], planned: Planned, actor: Actor, now: dt.datetime) -> Check:
    """Enter a check of one or several bodies as the gate decides it: registered, approved (free kinds) or refused.

    Inside a unit of work; permission is the caller's question. Of two that want the last place at the same moment, the
    second waits for the first at the enterprise's row, and then finds the place taken.
    """
    firm = _checked(planned, now)
    lead = next(iter(bodies.values()))
    region = lead.region[:6]
    lock_firm(firm.id)
    judged = judge(firm, bodies, planned, region=region, now=now)
    check = Check(region=region, enterprise=firm, department=lead, kind=planned.kind, on=planned.on)
    _number(check, now)
    check.bodies = list(bodies)
    check.items = [one.id for one in judged.items]
    _sum_up(check, judged.items)
    check.grade, check.reasons = judged.grade, [one.plain() for one in judged.reasons]
    check.reason, check.filed = clean_line(planned.reason)[:400], clean_line(planned.filed)[:200]
    check.sheltered = planned.kind not in FREE_KINDS and is_sheltered(region=region, enterprise=firm.id)
    check.registered_by, check.registered_at, check.rulebook_version = actor.person_id, now, version(region, now)
    said: dict[str, Any] = {"number": check.number, "on": planned.on.isoformat(), "kind": planned.kind}
    if not judged.passes:
        check.state, check.ended_at = CheckState.REFUSED.value, now
        said |= {"count": len(judged.reasons), "reasons": check.reasons}
        commit(check, "check_refuse", now=now, said=said, actor=actor, made=True)
        return check
    free = planned.kind in FREE_KINDS
    if free:
        check.state = CheckState.APPROVED.value
        said |= {"text": check.reason, "passed": check.reasons}
    commit(check, "check_registered", now=now, said=said, actor=actor, made=True)
    for body, (items, officers) in planned.parts.items():
        part = Part(visit=check, region=region, department_id=body, items=list(items), officers=list(officers))
        part.registered_by, part.approved_at = actor.person_id, now if free else None
        part.save(force_insert=True)
    if not free:
        notices.tell_heads("to_approve", check=check, now=now, but=actor.person_id)
    return check


def join(
    *,
    check_id: uuid.UUID,
    department: Department,
    items: Sequence[uuid.UUID],
    officers: Sequence[uuid.UUID],
    actor: Actor,
    now: dt.datetime,
) -> Check:
    """Let a body go along with a check that is registered (综合查一次): one door, one visit, many checks.

    Its head approves its part. Raises NotFound, Forbidden, Conflict `state_forbids`, `joined`, `gate_refused`, Invalid.
    Leaves one fact; publishes CheckChanged.
    """
    with database.writing():
        permissions.check_books(actor, department.id)
        seen = selectors.find_check(check_id, actor)
        lock_firm(seen.enterprise_id)
        check = (
            Check.objects.select_for_update(of=("self",)).select_related("enterprise", "department").get(pk=check_id)
        )
        if department.id in check.bodies:
            raise errors.Conflict(_("This body comes with this check already."), code="joined")
        permissions.check(actor, "join", check)
        transition = CHECKS.named("join")
        CHECKS.check_state(
            transition,
            CheckState(check.state),
            may=lambda one: permissions.can(actor, one, check),
            fits=lambda one: one != "join" or check.kind not in FREE_KINDS,
        )
        planned = Planned(
            enterprise=check.enterprise.uscc, on=check.on, kind=check.kind, parts={department.id: (items, officers)}
        )
        judged = judge(
            check.enterprise, {department.id: department}, planned, region=check.region, now=now, joins=check
        )
        if not judged.passes:
            raise refused([one.plain() for one in judged.reasons])
        check.bodies = [*check.bodies, department.id]
        check.items = [*check.items, *(one.id for one in judged.items)]
        _sum_up(check, list(Item.objects.filter(pk__in=check.items)))
        part = Part(visit=check, region=check.region, department=department, registered_by=actor.person_id)
        part.items, part.officers = [one.id for one in judged.items], list(officers)
        part.save(force_insert=True)
        said = {"name": department.short_name}
        changed = ["bodies", "items", "categories", "subjects"]
        commit(check, "check_join", now=now, said=said, actor=actor, changed=changed)
        notices.tell_heads("to_approve", check=check, now=now, but=actor.person_id, body=department.id)
    return check


def judge(
    firm: Enterprise,
    bodies: Mapping[uuid.UUID, Department],
    planned: Planned,
    *,
    region: str,
    now: dt.datetime,
    joins: Check | None = None,
) -> Judged:
    """Return what the gate says to a check. Inside a unit of work, with the enterprise locked by whoever books.

    joins: the check that the body would go along with, or whose approval is asked for: it is not in its own way.
    """
    book, on = rule(region, now), planned.on
    things, items = _things({one for items, _officers in planned.parts.values() for one in items})
    officers = _inspectors({one for _items, found in planned.parts.values() for one in found}, firm.id, on)
    powers = selectors.powers_of(departments=list(bodies), on=on)
    grade = selectors.grades_of(enterprises=[firm.id], book=book)[firm.id]
    free = planned.kind in FREE_KINDS
    wish = gate.Wish(
        on=on,
        today=answers.local_date(now),
        bodies=tuple((str(one), one in powers) for one in bodies),
        things=things,
        officers=officers,
        free=free,
        joining=joins is not None,
        elsewhere=region not in {firm.region[:6], *directory_rules.region_ancestors(firm.region[:6])},
        filed=bool(planned.filed.strip()),
        random=planned.kind == "random",
    )
    taken = selectors.taken_of(enterprise=firm.id, on=on, book=book, but=joins.id if joins else None)
    reasons = gate.decide(wish, book.class_of(grade), taken, limits(book, region))
    named = {str(key): body.short_name for key, body in bodies.items()}
    worded = tuple(_with_names(one, named) for one in reasons)
    return Judged(grade=grade, reasons=worded, passes=gate.passes(reasons, free=free), items=items)


def _with_names(reason: gate.Reason, named: Mapping[str, str]) -> gate.Reason:
    """Return a reason with the names of bodies in it, as readers know them."""
    more = {key: named.get(value, value) if isinstance(value, str) else value for key, value in reason.more.items()}
    return gate.Reason(code=reason.code, rule=reason.rule, more=more)


def limits(book: Inspections, region: str) -> gate.Book:
    """Return what the rulebook settles, for the gate."""
    quiet = gate.Quiet(
        monthly=tuple((one.first, one.last) for one in book.gate.quiet.monthly),
        dates=tuple((one.first, one.last) for one in book.gate.quiet.dates),
    )
    return gate.Book(
        officers=book.gate.officers,
        quiet=quiet,
        repeat_days=book.gate.repeat_days,
        merge_days=book.gate.merge_days,
        essential=frozenset(one.id for one in book.categories if one.essential),
        open_day=workcalendar.calendar_for(region).is_workday,
    )


def _things(wanted: set[uuid.UUID]) -> tuple[tuple[gate.Thing, ...], tuple[Item, ...]]:
    items = tuple(Item.objects.filter(pk__in=wanted).order_by("department_id", "code"))
    if len(items) < len(wanted):
        raise errors.Invalid(_("items: one of them is not on any list"), code="unknown", field="items")
    things = tuple(
        gate.Thing(
            id=str(one.id),
            name=one.name,
            body=str(one.department_id),
            category=one.category,
            subject=one.subject,
            published=one.state == ListedState.PUBLISHED.value,
            on_site=one.on_site,
        )
        for one in items
    )
    return things, items


def _inspectors(wanted: set[uuid.UUID], enterprise: uuid.UUID, on: dt.date) -> tuple[gate.Inspector, ...]:
    officers = list(Officer.objects.filter(pk__in=wanted).order_by("name", "id"))
    if len(officers) < len(wanted):
        raise errors.Invalid(_("officers: one of them is not on any list"), code="unknown", field="officers")
    return tuple(
        gate.Inspector(
            id=str(one.id),
            name=one.name,
            body=str(one.department_id),
            certified=one.state == ListedState.PUBLISHED.value and one.until >= on,
            recused=enterprise in one.recused,
        )
        for one in officers
    )


def _checked(planned: Planned, now: dt.datetime) -> Enterprise:
    """Return the enterprise of what is asked for, if its shape is right. Raises Invalid."""
    if planned.kind not in KINDS:
        raise errors.Invalid(_("kind: choose what sort of check it is"), code="invalid_body", field="kind")
    if planned.kind in FREE_KINDS and not clean_line(planned.reason):
        said = _("reason: a clue or an emergency has to say why it cannot wait")
        raise errors.Invalid(said, code="invalid_body", field="reason")
    return firm_of(planned.enterprise)


def _number(check: Check, now: dt.datetime) -> None:
    """Give the check the next number of its region and year; writers wait for each other, so that there are no gaps."""
    check.year = answers.local_date(now).year
    database.fetch(
        "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"inspections:{check.region}:{check.year}"]
    )
    last = (
        Check.objects.filter(region=check.region, year=check.year).order_by("-serial").values_list("serial", flat=True)
    )
    check.serial = 1 + (last.first() or 0)
    check.number = f"JC-{check.region}-{check.year}-{check.serial:04d}"


def _sum_up(check: Check, items: Sequence[Item]) -> None:
    check.categories = sorted({one.category for one in items})
    check.subjects = sorted({one.subject for one in items})
