"""Lenient lists by violation, with the enterprise's history; and repairs of credit."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Leniency, Record, Repair
from ..rulebook import Inspections
from ..rules import leniency as rules
from ..states import REPAIRS, ListedState, RepairState

PAGE = 50
MOST = 200


@dataclass(frozen=True, kw_only=True)
class Found:
    """An entry of a lenient list, and what a violation lacks for it; unknown: nobody said which enterprise it is."""

    entry: Leniency
    missing: tuple[str, ...]
    unknown: bool
    earlier: tuple[dt.date, ...] = ()

    @property
    def applies(self) -> bool:
        """Whether all that it asks for is there."""
        return not self.missing and not self.unknown


def lenient(
    *,
    violation: str = "",
    region: str = "",
    enterprise: Enterprise | None = None,
    minor: bool = True,
    corrected: bool = True,
    actor: Actor,
    now: dt.datetime,
) -> list[Found]:
    """Return published entries whose violation contains the words, the most lenient first, and whether each applies.

    enterprise: whose history decides whether it is the first time; only for those who may read its records. Raises
    Forbidden otherwise. Two queries.
    """
    if enterprise is not None and not permissions.reads_records(actor, enterprise.id, frozenset({enterprise.region})):
        raise errors.Forbidden(_("You may not read the records of this enterprise."), code="records_apart")
    today = answers.local_date(now)
    with database.reading(THE_SYSTEM.scope()):
        rows = Leniency.objects.filter(state=ListedState.PUBLISHED.value).select_related("department")
        rows = rows.filter(violation__icontains=violation.strip()) if violation.strip() else rows
        rows = rows.filter(region=region) if region else rows
        entries = list(rows.order_by("violation", "id")[:MOST])
        days: dict[str, list[dt.date]] = {}
        if enterprise is not None:
            wanted = {one.category for one in entries}
            records = Record.objects.filter(enterprise=enterprise, category__in=wanted, repaired_on=None)
            for category, on in records.order_by("on").values_list("category", "on"):
                days.setdefault(category, []).append(on)
    books = {one: rulebooks.in_force(one, now).section(Inspections) for one in {entry.region for entry in entries}}
    found = []
    for one in entries:
        years = books[one.region].leniency.first_years
        earlier = tuple(days.get(one.category, ()))
        happened = rules.Violation(on=today, minor=minor, corrected=corrected, earlier=earlier)
        needs = rules.Needs(first=one.first, minor=one.minor, corrected=one.corrected)
        lacks = rules.missing(needs, happened, first_years=years)
        found.append(Found(entry=one, missing=lacks, unknown=one.first and enterprise is None, earlier=earlier))
    place = {kind: rank for rank, kind in enumerate(rules.KINDS)}
    return sorted(found, key=lambda one: (bool(one.missing), place[one.entry.kind], one.entry.violation))


def _seen(actor: Actor) -> Any:
    rows = Repair.objects.select_related("record", "enterprise", "department")
    if actor.system:
        return rows
    if actor.reader is None:
        return rows.none()
    scope = actor.scope()
    return rows.filter(
        Q(region__in=scope.regions)
        | Q(department_id__in=list(scope.departments))
        | Q(enterprise_id__in=list(scope.enterprises))
    )


def repairs_page(
    *, actor: Actor, state: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Repair], uuid.UUID | None]:
    """Return repairs the actor may see, newest first, and the id to continue after."""
    # The record is joined, which the product alone reads; the rule above decides what is seen.
    with database.reading(THE_SYSTEM.scope()):
        rows = _seen(actor)
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(id__lt=before) if before is not None else rows
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def find_repair(repair_id: uuid.UUID, actor: Actor) -> Repair:
    """Return one repair that the actor may see. Raises NotFound."""
    with database.reading(THE_SYSTEM.scope()):
        found: Repair | None = _seen(actor).filter(pk=repair_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such repair here, or you may not see it."), code="repair_not_found")
    return found


def repair_actions(repair: Repair, actor: Actor, now: dt.datetime) -> list[str]:
    """Return what this actor could do with the repair now, in table order."""
    rows = [row.action for row in REPAIRS.allowed(RepairState(repair.state))]
    early = {"apply"} if answers.local_date(now) < repair.earliest else set()
    return [one for one in rows if permissions.can_repair(actor, one, repair) and one not in early]


def repair_trace(repair: Repair) -> list[dict[str, Any]]:
    """Return the facts of a repair, oldest first."""
    with database.reading(THE_SYSTEM.scope()):
        return [ledger.content(fact) for fact in ledger.history(repair.id)]


def repairable(*, actor: Actor) -> Sequence[Record]:
    """Return the records of the actor's enterprise that can still be repaired and about which it has not asked."""
    firms = list(actor.scope().enterprises)
    with database.reading(THE_SYSTEM.scope()):
        asked = Repair.objects.exclude(state=RepairState.WITHDRAWN.value).values("record_id")
        rows = Record.objects.filter(enterprise_id__in=firms, repaired_on=None, department__isnull=False)
        return list(rows.exclude(pk__in=asked).select_related("department").order_by("-on", "-id")[:PAGE])


def firm(uscc: str) -> Enterprise:
    """Return the enterprise with a credit code. Raises NotFound, and Invalid `uscc_invalid` where it is none."""
    found = directory.enterprise(uscc)
    if found is None:
        raise errors.NotFound(_("No enterprise has this credit code."), code="enterprise_not_found")
    return found
