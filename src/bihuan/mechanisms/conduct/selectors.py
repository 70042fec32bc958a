"""Reads of conduct lists: published ones for everybody, drafts for who writes them, examinations for both sides."""

import datetime as dt
import uuid
from collections import defaultdict
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger

from . import permissions, rules
from .models import Examination, Sheet
from .states import SHEETS, SheetState

PUBLIC = ("published", "withdrawn")


def seen(actor: Actor) -> Any:
    """Return the versions the actor may read; the policy of migration 0002 says the same a second time."""
    if actor.system:
        return Sheet.objects.all()
    regions = actor.reader.regions_for([*permissions.EDITING, "leader"]) if actor.reader else ()
    return Sheet.objects.filter(Q(state__in=PUBLIC) | Q(region__in=regions))


def find(*, sheet_id: uuid.UUID, actor: Actor) -> Sheet:
    """Return one version. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        found: Sheet | None = seen(actor).filter(pk=sheet_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such list here, or you may not see it."), code="sheet_not_found")
    return found


def in_force(*, actor: Actor, on: dt.date, region: str = "") -> list[Sheet]:
    """Return the versions in force on a day, of one place or of all, by kind and for whom they are."""
    with database.reading(actor.scope()):
        rows = Sheet.objects.filter(state="published", effective_on__lte=on)
        rows = rows.filter(region=region) if region else rows
        groups: dict[tuple[str, str, str], list[Sheet]] = defaultdict(list)
        for sheet in rows.order_by("region", "kind", "audience"):
            groups[sheet.region, sheet.kind, sheet.audience].append(sheet)
    found = []
    for sheets in groups.values():
        newest = rules.in_force([rules.Version(one.version, one.effective_on) for one in sheets], on)
        found += [one for one in sheets if newest is not None and one.version == newest.number]
    return found


def versions(*, sheet: Sheet, actor: Actor) -> list[Sheet]:
    """Return all versions of the same list that the actor may read, newest first."""
    with database.reading(actor.scope()):
        rows = seen(actor).filter(region=sheet.region, kind=sheet.kind, audience=sheet.audience)
        return list(rows.order_by("-version"))


def drafts(*, actor: Actor) -> list[Sheet]:
    """Return the drafts the actor may read, newest first."""
    with database.reading(actor.scope()):
        return list(seen(actor).filter(state="drafted").order_by("-id")[:50])


def available_actions(sheet: Sheet, actor: Actor) -> list[str]:
    """Return what this actor could do with it now, in table order: one truth for page, API and tests."""
    rows = SHEETS.allowed(SheetState(sheet.state))
    return [row.action for row in rows if permissions.can(actor, row.action, sheet)]


def trace(*, sheet: Sheet, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a version that was found for the actor, oldest first; for those who write lists only."""
    if not permissions.edits(actor, sheet.region):
        return []
    with database.reading(actor.scope()):
        return [ledger.content(fact) for fact in ledger.history(sheet.id)]


def examinations(*, actor: Actor, limit: int = 50) -> list[Examination]:
    """Return examinations the actor may read, newest first: of the region, or of the own enterprise."""
    with database.reading(actor.scope()):
        return list(_examined(actor).order_by("-id")[:limit])


def examination(*, examination_id: uuid.UUID, actor: Actor) -> Examination:
    """Return one examination. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        found: Examination | None = _examined(actor).filter(pk=examination_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such examination here, or you may not see it."), code="not_found")
    return found


def _examined(actor: Actor) -> Any:
    rows = Examination.objects.select_related("sheet", "enterprise")
    if actor.system:
        return rows
    regions = actor.reader.regions_for(permissions.EDITING) if actor.reader else ()
    return rows.filter(Q(region__in=regions) | Q(enterprise_id__in=list(actor.scope().enterprises)))


def region_of(actor: Actor) -> str:
    """Return the first region in which the actor drafts lists, or an empty text."""
    return next(iter(actor.reader.regions_for(permissions.EDITING)), "") if actor.reader else ""
