"""Reads of the tracking store, always with the eyes of an actor."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases import presenters
from bihuan.casework.cases.models import Case, Plan
from bihuan.casework.cases.permissions import Actor, may_see_ratings, visible
from bihuan.casework.deadlines import selectors as clocks
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.ui.lights import Face

from . import permissions, rules
from .models import Bulletin, Track
from .states import MACHINE, SYSTEM, TrackState

PAGE = 50
NODE = "plan_node"


@dataclass(frozen=True, kw_only=True)
class Node:
    """A step of the followed plan: its number, words, unit, limit, light (empty before the first), and when reached."""

    place: int
    what: str
    unit: str
    due_at: dt.datetime | None
    light: str
    face: Face | None
    reached_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A track as a reader sees it: with its case, steps, bulletins, most pressing light, and what the reader may do.

    plans: all versions of the plan, newest first; sees_ratings: whether the reader may see how they were rated.
    rank: place of the light in the rulebook's order, 0 without one.
    """

    track: Track
    case: Case
    nodes: list[Node]
    bulletins: list[Bulletin]
    plans: list[Plan]
    sees_ratings: bool
    rank: int
    light: str
    face: Face | None
    available_actions: list[str]

    @property
    def reached(self) -> int:
        """How many steps of the plan are done."""
        return sum(node.reached_at is not None for node in self.nodes)


def why_not_archive(case: Case, body: Any, now: dt.datetime) -> str | None:
    """Return why a case may not be archived: it is still tracked, and then nobody could confirm it any more."""
    tracked = Track.objects.filter(case=case, state=TrackState.TRACKED).exists()
    return _("The matter is in the tracking store until it is really done.") if tracked else None


def page(
    *,
    actor: Actor,
    now: dt.datetime,
    state: str = "",
    late: bool = False,
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> tuple[list[Followed], uuid.UUID | None]:
    """Return tracks the actor may see, newest first, and the id to continue after (None at the end).

    state: one state, else all; late: only those whose update is missing.
    """
    with database.reading(actor.scope()):
        rows = _rows(actor)
        if state:
            rows = rows.filter(state=state)
        if late:
            rows = rows.filter(late_since__isnull=False)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
        shown = found[:limit]
        return _followed(shown, actor, now), shown[-1].id if len(found) > limit else None


def counts(*, actor: Actor) -> dict[str, int]:
    """Return how many tracks the actor sees: `candidate`, `tracked`, and `late` among the tracked."""
    with database.reading(actor.scope()):
        rows = _rows(actor)
        open_ones = rows.filter(state=TrackState.TRACKED)
        return {
            "candidate": rows.filter(state=TrackState.CANDIDATE).count(),
            "tracked": open_ones.count(),
            "late": open_ones.filter(late_since__isnull=False).count(),
        }


def detail(*, track_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Followed:
    """Return one track. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        return _followed([_find(track_id, actor)], actor, now)[0]


def of_case(*, case: Case, actor: Actor, now: dt.datetime) -> Followed | None:
    """Return the newest track of a case that the actor may see, or None."""
    with database.reading(actor.scope()):
        found = _rows(actor).filter(case=case).order_by("-id").first()
        return _followed([found], actor, now)[0] if found else None


def of_firm(*, firm: Enterprise, actor: Actor, now: dt.datetime) -> list[Followed]:
    """Return the tracks of an enterprise's matters that the actor may see, newest first."""
    with database.reading(actor.scope()):
        rows = _rows(actor).filter(case__enterprise=firm).exclude(entered_at=None)
        return _followed(list(rows.order_by("-id")[:PAGE]), actor, now)


def bulletin(*, track_id: uuid.UUID, number: int, actor: Actor) -> Bulletin:
    """Return one bulletin. Raises NotFound."""
    with database.reading(actor.scope()):
        found = Bulletin.objects.filter(track=_find(track_id, actor), number=number).first()
    if found is None:
        raise errors.NotFound(_("There is no such bulletin here."), code="bulletin_not_found")
    return found


def trace(*, track_id: uuid.UUID, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a track, oldest first; only for those on the staff's side."""
    with database.reading(actor.scope()):
        track = _find(track_id, actor)
        if not permissions.sees_candidates(actor):
            return []
        return [ledger.content(fact) for fact in ledger.history(track.id)]


def available_actions(*, track: Track, case: Case, actor: Actor) -> list[str]:
    """Return what this actor could do with the track now, in table order: the one truth for page, API and tests."""
    return [
        row.action
        for row in MACHINE.allowed(TrackState(track.state))
        if SYSTEM not in row.roles and permissions.can(actor, row.action, case)
    ]


def _rows(actor: Actor) -> Any:
    # The rule of visibility names the table of cases; the harmless second condition keeps it joined in counts too.
    rows = Track.objects.filter(visible(actor), case__number__gt="").select_related("case", "case__lead_department")
    return rows if permissions.sees_candidates(actor) else rows.filter(~Q(entered_at=None))


def _find(track_id: uuid.UUID, actor: Actor) -> Track:
    found: Track | None = _rows(actor).filter(pk=track_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="track_not_found")
    return found


def _followed(tracks: Sequence[Track], actor: Actor, now: dt.datetime) -> list[Followed]:
    """Add plans, clocks and bulletins to tracks; three queries for any number of them."""
    clocks_of = clocks.clocks_of_many(track.id for track in tracks)
    wanted = {(track.case_id, track.plan_version) for track in tracks}
    plans = list(Plan.objects.filter(case__in=[track.case_id for track in tracks]).order_by("-version"))
    plan_of = {(plan.case_id, plan.version): plan for plan in plans if (plan.case_id, plan.version) in wanted}
    bulletins: dict[uuid.UUID, list[Bulletin]] = {}
    for one in Bulletin.objects.filter(track__in=tracks).order_by("track", "-number"):
        bulletins.setdefault(one.track_id, []).append(one)
    found = []
    for track in tracks:
        faces = presenters.faces_under(track.rulebook_version)
        nodes = _nodes(plan_of.get((track.case_id, track.plan_version)), clocks_of.get(track.id, []), faces, now)
        light = rules.worst([node.light for node in nodes if node.reached_at is None], list(faces))
        found.append(
            Followed(
                track=track,
                case=track.case,
                nodes=nodes,
                bulletins=bulletins.get(track.id, []),
                plans=[plan for plan in plans if plan.case_id == track.case_id],
                sees_ratings=may_see_ratings(actor, track.case),
                rank=1 + list(faces).index(light) if light in faces else 0,
                light=light,
                face=faces.get(light),
                available_actions=available_actions(track=track, case=track.case, actor=actor),
            )
        )
    return found


def _nodes(plan: Plan | None, running: Sequence[Clock], faces: dict[str, Face], now: dt.datetime) -> list[Node]:
    if plan is None:
        return []
    of_part = {clock.part: clock for clock in running if clock.kind == NODE and clock.cycle == plan.version}
    return [
        _node(place, measure, of_part.get(str(place)), faces, now) for place, measure in enumerate(plan.measures, 1)
    ]


def _node(place: int, measure: dict[str, Any], clock: Clock | None, faces: dict[str, Face], now: dt.datetime) -> Node:
    moment = min(filter(None, (clock.stopped_at, clock.paused_at, now))) if clock else now
    light = (clocks.light_of(clock, moment) or "") if clock else ""
    return Node(
        place=place,
        what=measure["what"],
        unit=measure["unit"],
        due_at=clock.due_at if clock else None,
        light=light,
        face=faces.get(light),
        reached_at=clock.stopped_at if clock and not clock.void else None,
    )
