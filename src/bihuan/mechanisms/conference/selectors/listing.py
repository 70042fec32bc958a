"""Lists: the conference board, meetings, the wall of decisions, the leading group, and what is published."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from bihuan.casework.cases.models import OPEN_STATES, Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.foundation.kernel import database
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import OPEN_DECISION_STATES, OPEN_ITEM_STATES, Institution, Issue, Item, Member
from ..rulebook import Conference
from .showing import Followed, Seen, followed, of_decisions, of_items, of_meetings, seen

PAGE = 50
COLUMN = 30


def board(*, actor: Actor, now: dt.datetime) -> dict[str, list[Seen]]:
    """Return the columns of the conference board: candidate, screened, on_agenda, settled; the newest of each."""
    columns = {}
    with database.reading(actor.scope()):
        rows = of_items(actor).filter(forum="conference").select_related("meeting")
        for state in ("candidate", "screened", "on_agenda", "settled"):
            chosen = rows.filter(state=state).order_by("-id")[:COLUMN]
            columns[state] = [seen(row, row.case, actor, now) for row in chosen]
    return columns


def counts(*, actor: Actor) -> dict[str, int]:
    """Return how many of each the actor sees: open items by state, meetings to come, open and late decisions."""
    with database.reading(actor.scope()):
        rows = of_items(actor).filter(forum="conference")
        found = {state: rows.filter(state=state).count() for state in OPEN_ITEM_STATES}
        running = of_decisions(actor).filter(state__in=OPEN_DECISION_STATES)
        return found | {
            "decisions": running.count(),
            "late": running.filter(late_since__isnull=False).count(),
            "meetings": of_meetings(actor).filter(state="called").exclude(kind="dialogue").count(),
            "dialogues": of_meetings(actor).filter(state="called", kind="dialogue").count(),
        }


def items(
    *, actor: Actor, now: dt.datetime, state: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return items the actor may see, newest first, and the id to continue after. state: one, `open`, or all."""
    with database.reading(actor.scope()):
        rows = of_items(actor).select_related("meeting")
        if state:
            rows = rows.filter(state__in=OPEN_ITEM_STATES if state == "open" else [state])
        found, following = _page(rows, before, limit)
        return [seen(row, row.case, actor, now) for row in found], following


def meetings(
    *,
    actor: Actor,
    now: dt.datetime,
    kind: str = "",
    state: str = "",
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return meetings the actor may see, the last called first, and the id to continue after."""
    with database.reading(actor.scope()):
        rows = of_meetings(actor)
        if kind:
            rows = rows.filter(kind=kind)
        if state:
            rows = rows.filter(state=state)
        found, following = _page(rows, before, limit)
    return [seen(row, None, actor, now) for row in found], following


def page_of_decisions(
    *,
    actor: Actor,
    now: dt.datetime,
    state: str = "",
    late: bool = False,
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> tuple[list[Followed], uuid.UUID | None]:
    """Return decisions the actor may see, newest first, and the id to continue after. state: one, `open`, or all."""
    with database.reading(actor.scope()):
        rows = of_decisions(actor)
        if state:
            rows = rows.filter(state__in=OPEN_DECISION_STATES if state == "open" else [state])
        if late:
            rows = rows.filter(late_since__isnull=False)
        found, following = _page(rows, before, limit)
        return followed(found, actor, now), following


def decisions(*, actor: Actor, now: dt.datetime) -> list[Followed]:
    """Return the open decisions for the wall, the most pressing first; at most a hundred."""
    with database.reading(actor.scope()):
        rows = of_decisions(actor).filter(state__in=OPEN_DECISION_STATES).order_by("due_at", "id")[:100]
        return followed(list(rows), actor, now)


def complex_matters(*, actor: Actor, now: dt.datetime, limit: int = PAGE) -> list[tuple[Case, Any]]:
    """Return the complex matters the general board has collected, the first due first, each with its consultation."""
    if not permissions.is_staff(actor):
        return []
    with database.reading(actor.scope()):
        rows = Case.objects.filter(visible(actor), tier="complex", state__in=OPEN_STATES).defer("search")
        found = list(rows.select_related("lead_department").order_by("due_at", "id")[:limit])
        running = Item.objects.filter(case__in=found, forum="consultation").select_related("meeting").order_by("id")
        of_case = {item.case_id: item for item in running}
    return [(case, of_case.get(case.id)) for case in found]


def group(*, regions: Iterable[str]) -> list[Member]:
    """Return the leading groups of the regions, in the order of their rulebook's roles."""
    with database.writing():
        return list(
            Member.objects.filter(region__in=list(regions), until=None).select_related("department").order_by("id")
        )


def institutions(*, actor: Actor, limit: int = PAGE) -> list[Institution]:
    """Return the lasting rules proposed at meetings the actor may see, newest first."""
    with database.reading(actor.scope()):
        chosen = Institution.objects.filter(meeting__in=of_meetings(actor).values("id"))
        return list(chosen.select_related("meeting").order_by("-id")[:limit])


def published(*, region: str, now: dt.datetime, limit: int = PAGE) -> list[Issue]:
    """Return the answers published in a region, newest first: nothing of a case, only the words meant for everybody.

    Empty where the rulebook publishes none.
    """
    if not rulebooks.in_force(region, now).section(Conference).publish_answers:
        return []
    with database.writing():
        rows = Issue.objects.filter(region=region, published_at__isnull=False).select_related("meeting")
        fields = ("question", "answer", "published_at", "meeting__series", "meeting__starts_at", "meeting__number")
        return list(rows.only(*fields, "meeting__rulebook_version").order_by("-published_at", "-id")[:limit])


def _page(rows: Any, before: uuid.UUID | None, limit: int) -> tuple[list[Any], uuid.UUID | None]:
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None
