"""Checks: the register, one check, what counts at the gate, and how bodies were rated in settled months."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Check, Finding, Mark, Part
from ..models.checks import COUNTING
from ..rulebook import Inspections
from ..rules import gate
from ..states import CHECKS, FREE_KINDS, OPEN, CheckState

PAGE = 50
SOURCE = "inspections"
"""The name under which checks are a load on an enterprise."""
TOLD = sorted(
    state.value
    for state in (
        CheckState.APPROVED,
        CheckState.ARRIVED,
        CheckState.TO_REVIEW,
        CheckState.DONE,
        CheckState.CALLED_OFF,
        CheckState.LAPSED,
    )
)
"""States in which the enterprise may know of a check of which it was told."""


def _seen(actor: Actor) -> Any:
    rows = Check.objects.select_related("enterprise", "department")
    if actor.system:
        return rows
    if actor.reader is None:
        return rows.none()
    scope = actor.scope()
    bodies = [uuid.UUID(one) for one in scope.departments]
    rule = Q(region__in=scope.regions) | Q(
        enterprise_id__in=list(scope.enterprises), told_at__isnull=False, state__in=TOLD
    )
    return rows.filter(rule | Q(bodies__overlap=bodies) if bodies else rule)


def find_check(check_id: uuid.UUID, actor: Actor) -> Check:
    """Return one check that the actor may see, or could go along with. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Check | None = _seen(actor).filter(pk=check_id).first()
    if found is None:
        found = joinable(check_id=check_id, actor=actor)
    if found is None:
        raise errors.NotFound(_("There is no such check here, or you may not see it."), code="check_not_found")
    return found


def joinable(*, check_id: uuid.UUID, actor: Actor) -> Check | None:
    """Return a planned check of the actor's region with which another body may still go along."""
    if actor.reader is None or not actor.reader.roles & set(permissions.ENFORCERS):
        return None
    with database.reading(THE_SYSTEM.scope()):
        rows = Check.objects.select_related("enterprise", "department")
        return rows.filter(
            pk=check_id,
            region__in=actor.reader.regions_for(permissions.ENFORCERS),
            state__in=[one.value for one in OPEN],
            kind__in=["planned", "random"],
        ).first()


def check_actions(check: Check, actor: Actor, now: dt.datetime) -> list[str]:
    """Return what this actor could do with the check now, in table order: one truth for page, API and tests."""
    rows = [row.action for row in CHECKS.allowed(CheckState(check.state)) if permissions.can(actor, row.action, check)]
    missing = {"rate_check"} if check.rated else set()
    if answers.local_date(now) != check.on:
        missing.add("arrive")
    if "approve" in rows and not waiting(check, actor):
        missing.add("approve")
    if check.kind in FREE_KINDS:
        missing.add("join")
    return [one for one in rows if one not in missing]


def waiting(check: Check, actor: Actor) -> list[Part]:
    """Return the parts of a check that wait for this actor's approval."""
    with database.reading(THE_SYSTEM.scope()):
        parts = list(Part.objects.filter(visit=check, approved_at=None).order_by("id"))
    return [one for one in parts if check.sheltered or permissions.heads(actor, one.department_id)]


def checks_page(
    *, actor: Actor, before: uuid.UUID | None = None, limit: int = PAGE, **only: str
) -> tuple[list[Check], uuid.UUID | None]:
    """Return checks the actor may see, newest first, and the id to continue after.

    only: `state`, `kind`, `enterprise` (USCC), `number`.
    """
    with database.reading(actor.scope()):
        fields = {"state": "state", "kind": "kind", "enterprise": "enterprise__uscc", "number": "number"}
        rows = _seen(actor).filter(**{fields[key]: value for key, value in only.items() if value and key in fields})
        rows = rows.filter(id__lt=before) if before is not None else rows
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def parts_of(check: Check) -> list[Part]:
    """Return the parts of a check, the leading body's first."""
    with database.reading(THE_SYSTEM.scope()):
        parts = list(Part.objects.filter(visit=check).select_related("department").order_by("id"))
    return sorted(parts, key=lambda one: one.department_id != check.department_id)


def findings_of(check: Check) -> list[Finding]:
    """Return what was found in a check, by item."""
    with database.reading(THE_SYSTEM.scope()):
        return list(Finding.objects.filter(visit=check).select_related("item", "item__department").order_by("id"))


def trace(check: Check, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a check, oldest first. That it was rated is told to supervisors and the enterprise alone."""
    hidden = (
        set()
        if permissions.supervises(actor, check) or permissions.speaks_for(actor, check.enterprise_id)
        else {"inspections.check_rated"}
    )
    with database.reading(THE_SYSTEM.scope()):
        found = [ledger.content(fact) for fact in ledger.history(check.id)]
    return [one for one in found if one["kind"] not in hidden]


def taken_of(
    *, enterprise: uuid.UUID, on: dt.date, book: Inspections, but: uuid.UUID | None = None
) -> list[gate.Taken]:
    """Return the checks of an enterprise that count at the gate: its calendar year, and the days around. One query.

    In whatever region, so that a firm that moves takes its year along. Clues and emergencies are no use of the cap.
    Inside a unit of work.
    """
    span = dt.timedelta(days=max(book.gate.repeat_days, book.gate.merge_days))
    first = min(on - span, dt.date(on.year, 1, 1))
    last = max(on + span, dt.date(on.year, 12, 31))
    opened = {one.value for one in OPEN}
    return [
        gate.Taken(
            number=number,
            on=day,
            bodies=frozenset(map(str, bodies)),
            categories=frozenset(categories),
            subjects=frozenset(subjects),
            open=state in opened,
        )
        for number, day, bodies, categories, subjects, state in database.fetch(_TAKEN, [enterprise, first, last, but])
    ]


_TAKEN = """
select number, "on", bodies, categories, subjects, state from inspections_check
where enterprise_id = %s and "on" between %s and %s and kind in ('planned', 'random')
    and state in ('approved', 'arrived', 'done', 'registered', 'to_review') and id is distinct from %s::uuid
order by "on", id
"""
"""The states are those of `COUNTING`, written out so that the partial index serves."""


def days_of_checks(
    enterprises: Collection[uuid.UUID], since: dt.date, until: dt.date
) -> list[tuple[uuid.UUID, dt.date]]:
    """Return (enterprise, day) of all checks that are a load, for contexts that cap what they send themselves."""
    rows = Check.objects.filter(enterprise__in=list(enterprises), state__in=COUNTING, on__range=(since, until))
    return list(rows.values_list("enterprise_id", "on"))


def marks(*, actor: Actor, now: dt.datetime) -> list[tuple[str, int, float]]:
    """Return (body, ratings, mean) of checks in settled months, for bodies with enough of them.

    Law-enforcement supervisors see all bodies of their regions but their own, a body itself; nobody sees a single one.
    """
    if actor.reader is None:
        return []
    regions = actor.reader.regions_for((Role.JUSTICE_SUPERVISOR, Role.DISCIPLINE, Role.SUPERVISION_OFFICE))
    own = list(actor.scope().departments)
    until = answers.local_date(now).replace(day=1)
    with database.reading(THE_SYSTEM.scope()):
        rows = Mark.objects.filter(Q(region__in=regions) | Q(department_id__in=own), month__lt=until)
        found = list(rows.values_list("region", "department_id", "level"))
    groups: dict[tuple[str, uuid.UUID], list[int]] = defaultdict(list)
    for region, department, level in found:
        groups[region, department].append(level)
    least = {
        region: rulebooks.in_force(region, now).section(Inspections).ratings.least for region, _department in groups
    }
    names = directory.names_of_departments({department for _region, department in groups})
    return sorted(
        (names.get(str(department), ""), len(levels), round(sum(levels) / len(levels), 2))
        for (region, department), levels in groups.items()
        if len(levels) >= least[region]
    )


def region_of(actor: Actor, roles: Sequence[str]) -> str:
    """Return the first region in which the actor holds one of the roles, or an empty text."""
    return next(iter(actor.reader.regions_for(roles)), "") if actor.reader else ""
