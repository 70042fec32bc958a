"""Reads of inquiries: only those concerned see them, and nobody those about the own unit."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor, visible
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import selectors as ledger

from .. import permissions
from ..models import OPEN_STATES, Duty, Inquiry, Relief, Visit
from ..rulebook import Accountability
from ..rules import judging
from ..states import (
    BEFORE_ACCEPTANCE,
    INQUIRIES,
    SYSTEM,
    InquiryState,
)
from .common import PAGE, not_found, rule
from .relieved import relief_actions


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An inquiry as a reader sees it. inside: all of it, otherwise the side of the unit. late: its step is overdue."""

    inquiry: Inquiry
    inside: bool
    late: bool
    available_actions: list[str]


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """Everything on the page of one inquiry that the reader may see, with the rulebook it goes by."""

    seen: Seen
    duties: list[Duty]
    visits: list[Visit]
    reliefs: list[tuple[Relief, list[str]]]
    book: Accountability


def seen(actor: Actor) -> Any:
    """Return the inquiries the actor may see: of their regions but not of their own units; of their unit once begun."""
    rows = Inquiry.objects.select_related("unit")
    if actor.system:
        return rows
    own, spoken = sorted(permissions.departments(actor)), sorted(permissions.speaks_for(actor))
    inside = Q(region__in=permissions.regions(actor)) & ~Q(unit_ids__overlap=own)
    hidden = [state.value for state in BEFORE_ACCEPTANCE]
    return rows.filter(inside | Q(unit_ids__overlap=spoken) & ~Q(state__in=hidden))


def find(inquiry_id: uuid.UUID, actor: Actor) -> Inquiry:
    """Return one inquiry that the actor may see. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Inquiry | None = seen(actor).filter(pk=inquiry_id).first()
    if found is None:
        raise not_found()
    return found


def locked(inquiry_id: uuid.UUID, actor: Actor) -> Inquiry:
    """Return one inquiry that the actor may see, locked after its case. Raises NotFound."""
    case_id = find(inquiry_id, actor).case_id
    Case.objects.select_for_update(of=("self",)).only("id").get(pk=case_id)
    return Inquiry.objects.select_for_update(of=("self",)).select_related("unit").get(pk=inquiry_id)


def case_of(inquiry: Inquiry) -> Case:
    """Return the case of an inquiry with the product's own eyes: for names and places of the trace only."""
    with database.reading(THE_SYSTEM.scope()):
        return Case.objects.defer("search").get(pk=inquiry.case_id)


def case_to_apply(number: str, actor: Actor) -> Case:
    """Return a case that the actor may see, to apply for an inquiry into it. Raises NotFound."""
    with database.reading(actor.scope()):
        rows = Case.objects.filter(visible(actor), number=number).defer("search").select_related("lead_department")
        found: Case | None = rows.first()
    if found is None:
        raise not_found()
    return found


def available_actions(inquiry: Inquiry, actor: Actor) -> list[str]:
    """Return what this actor could do with the inquiry now, in table order: one truth for page, API and tests."""
    rows = [row for row in INQUIRIES.allowed(InquiryState(inquiry.state)) if SYSTEM not in row.roles]
    return [row.action for row in rows if permissions.can(actor, row.action, inquiry) and _goes(row.action, inquiry)]


def _goes(action: str, inquiry: Inquiry) -> bool:
    """Tell whether an action would not be refused at once for what is still missing."""
    if action == "write_off":
        return not judging.why_not_write_off(visits=inquiry.visits, needed=rule(inquiry.rulebook_version).visits)
    if action == "refer":
        late = inquiry.state == InquiryState.FOUND and inquiry.late_since is not None
        return not judging.why_not_refer(late=late, returned=inquiry.returned, failed=inquiry.failed)
    return True


def _as_seen(inquiry: Inquiry, actor: Actor, now: dt.datetime) -> Seen:
    return Seen(
        inquiry=inquiry,
        inside=permissions.inside(actor, inquiry),
        late=inquiry.due_at is not None and inquiry.due_at < now,
        available_actions=available_actions(inquiry, actor),
    )


def page(
    *, actor: Actor, now: dt.datetime, state: str = "", before: uuid.UUID | None = None, limit: int = PAGE, **only: str
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return inquiries the actor may see, newest first, and the id to continue after.

    state: one state, `open`, `late`, or all. only: `outcome`, `unit` (code), `kind` (of a responsibility).
    """
    with database.reading(actor.scope()):
        rows = _narrow(seen(actor), state, only)
        if only.get("kind"):
            rows = rows.filter(pk__in=_with_kind(only["kind"], rows))
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    shown = [_as_seen(one, actor, now) for one in found[:limit]]
    return shown, found[limit - 1].id if len(found) > limit else None


def _narrow(rows: Any, state: str, only: dict[str, str]) -> Any:
    if state == "late":
        rows = rows.filter(late_since__isnull=False, state__in=OPEN_STATES)
    elif state:
        rows = rows.filter(state__in=OPEN_STATES if state == "open" else [state])
    for name, field in (("outcome", "outcome"), ("unit", "unit__code")):
        if only.get(name):
            rows = rows.filter(**{field: only[name]})
    return rows


def _with_kind(kind: str, rows: Any) -> list[uuid.UUID]:
    # Which failing it is about is shown to those inside only; responsibilities are read with the product's own eyes.
    ids = list(rows.values_list("id", flat=True)[:2000])
    with database.reading(THE_SYSTEM.scope()):
        chosen = Duty.objects.filter(inquiry_id__in=ids, kind=kind, struck_at=None)
        return list(chosen.values_list("inquiry_id", flat=True))


def dossier(*, inquiry_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Dossier:
    """Return one inquiry with what of it the reader may see. Raises NotFound."""
    inquiry = find(inquiry_id, actor)
    one = _as_seen(inquiry, actor, now)
    with database.reading(THE_SYSTEM.scope()):
        standing = Duty.objects.filter(inquiry=inquiry, struck_at=None).select_related("department", "bearer")
        duties = [
            duty for duty in standing.order_by("at", "id") if permissions.may_see_duty(actor, inquiry, duty.bearer_id)
        ]
        visits = list(Visit.objects.filter(inquiry=inquiry).order_by("at", "id"))
        reliefs = list(Relief.objects.filter(inquiry=inquiry).select_related("department", "inquiry").order_by("id"))
    spoken = permissions.speaks_for(actor)
    return Dossier(
        seen=one,
        duties=duties,
        visits=visits,
        reliefs=[
            (relief, relief_actions(relief, actor))
            for relief in reliefs
            if one.inside or str(relief.department_id) in spoken
        ],
        book=rule(inquiry.rulebook_version),
    )


def trace(*, inquiry_id: uuid.UUID, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of an inquiry, oldest first; only for those inside."""
    found = find(inquiry_id, actor)
    if not permissions.inside(actor, found):
        return []
    with database.reading(actor.scope()):
        return [ledger.content(fact) for fact in ledger.history(found.id)]


def of_case(*, case: Case, actor: Actor, now: dt.datetime) -> list[Seen]:
    """Return the inquiries into a case that the actor may see, newest first."""
    with database.reading(actor.scope()):
        found = list(seen(actor).filter(case=case).order_by("-id")[:5])
    return [_as_seen(one, actor, now) for one in found]
