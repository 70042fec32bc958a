"""Editions: what was drafted, checked and published, for whom."""

import uuid

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors

from .. import permissions
from ..models import Edition
from ..states import EditionState

OUT = (EditionState.PUBLISHED.value, EditionState.FROZEN.value)


def editions(*, region: str, actor: Actor, limit: int = 60) -> list[Edition]:
    """Return the editions of a region that the actor may see, newest month and version first, without their content."""
    permissions.check_region(actor, region)
    with database.reading(database.SERVICE):
        rows = Edition.objects.filter(region=region).order_by("-month", "-version").defer("content")
        return [row for row in rows[:limit] if _may_see(row, actor)]


def find_edition(*, edition_id: uuid.UUID, actor: Actor) -> Edition:
    """Return one edition with its content and remarks. Raises NotFound where there is none for these eyes."""
    with database.reading(database.SERVICE):
        found = Edition.objects.filter(pk=edition_id).prefetch_related("remarks").first()
    if found is None or found.region not in permissions.regions_of(actor) or not _may_see(found, actor):
        raise errors.NotFound(_("There is no such edition here, or you may not see it."), code="edition_not_found")
    return found


def _may_see(edition: Edition, actor: Actor) -> bool:
    """A draft is for those who make and decide; what is being checked, for all who are in it."""
    if edition.state != EditionState.DRAFT:
        return True
    return any(permissions.can_edition(actor, action, edition.region) for action in ("send_for_check", "publish"))


def newest_public(*, region: str, month: int | None = None) -> list[Edition]:
    """Return the editions that the public may read, newest month first and of each month all versions, newest first."""
    with database.reading(database.SERVICE):
        rows = Edition.objects.filter(region=region, state__in=OUT, audience="public").order_by("-month", "-version")
        return list(rows if month is None else rows.filter(month=month))


_SCORES = """
select distinct on (month, i ->> 'unit') month, i ->> 'unit', (i -> 'score' ->> 'value')::float
from scoreboard_edition e cross join jsonb_array_elements(e.content -> 'levels' -> %s::text -> 'items') i
where e.region = %s and e.month > %s and e.month <= %s and e.state in ('published', 'frozen')
    and i -> 'score' ->> 'value' is not null
order by month, i ->> 'unit', e.version desc
"""


def trends(*, region: str, level: str, month: int, months: int = 6) -> dict[str, list[float]]:
    """Return unit → its published scores of the last months, oldest first."""
    found: dict[str, list[float]] = {}
    with database.reading(database.SERVICE):
        for _month, unit, value in database.fetch(_SCORES, [level, region, month - months, month]):
            found.setdefault(unit, []).append(value)
    return found
