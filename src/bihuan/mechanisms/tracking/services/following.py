"""What tracking does when something happens to a case. The case is locked by whoever told it."""

import dataclasses
import datetime as dt

from django.utils.translation import gettext as _

from bihuan.casework.cases import events as told
from bihuan.casework.cases.models import Case, Plan
from bihuan.casework.cases.rulebook import Tiers
from bihuan.casework.cases.states import OPEN, ClosedKind
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import rules
from ..models import Track
from ..rulebook import Tracking
from ..states import TrackState
from . import rhythm
from .recording import commit, lock_open, new, rule

_OPEN_CASES = sorted(state.value for state in OPEN)
_ASKED = (told.CaseDispatched, told.ObjectionRuled, told.CaseReopened, told.ExtensionDecided)
"""After these, the product asks anew whether a case calls for tracking."""
_MAY_BEGIN = (*_ASKED, told.CaseClosed)
"""Others say nothing to a case without an open track."""


def signs(case: Case, *, now: dt.datetime, alike: int) -> rules.Signs:
    """Return what the facts of a case say for tracking, with so many similar matters."""
    share = 0.0
    if case.accepted_at is not None and case.tier:
        calendar = workcalendar.calendar_for(case.region)
        limit = rulebooks.version(case.rulebook_version).section(Tiers).named(case.tier).due
        whole = calendar.elapsed(case.accepted_at, calendar.add(case.accepted_at, limit).at)
        share = max(calendar.elapsed(case.accepted_at, now) / whole, 0.0) if whole else 0.0
    links = case.hand_offs + len(case.co_department_ids)
    return rules.Signs(hand_offs=links, open_share=share, alike=alike)


def _alike(case: Case, *, most: int) -> int:
    """Return how many other enterprises have an open matter of the same category, counted up to `most`."""
    others = (
        Case.objects.filter(region=case.region, category=case.category, state__in=_OPEN_CASES, enterprise__isnull=False)
        .exclude(enterprise=case.enterprise_id)
        .values("enterprise")
        .distinct()
    )
    return others[:most].count() if case.category else 0


def consider(*, case: Case, now: dt.datetime) -> Track | None:
    """Propose to track an open case whose points reach the threshold; returns the candidate made, or None.

    The caller holds the case locked. Nothing happens while a track of the case is open, and after a refusal only
    more points propose it again.
    """
    if lock_open(case.id) is not None or case.state not in _OPEN_CASES:
        return None
    return _propose(case, now)


def _propose(case: Case, now: dt.datetime) -> Track | None:
    """Propose an open case that has no open track, if its points reach the threshold."""
    entry = rulebooks.version(case.rulebook_version).section(Tracking).entry
    found = signs(case, now=now, alike=entry.full.breadth)

    def points_of(found: rules.Signs) -> dict[str, int]:
        return rules.parts(found, full=entry.full.model_dump(), weights=entry.weights.model_dump())

    # Each dispatch comes by here: similar matters are counted only where enough of them could decide.
    if rules.score(points_of(found)) < entry.threshold:
        return None
    points = points_of(dataclasses.replace(found, alike=_alike(case, most=entry.full.breadth)))
    refused = Track.objects.filter(case=case, state=TrackState.NOT_TRACKED).order_by("-found_at").first()
    refused_at = refused.score if refused else None
    if not rules.proposes(rules.score(points), threshold=entry.threshold, refused_at=refused_at):
        return None
    track = new(case, state=TrackState.CANDIDATE, now=now)
    track.points, track.score = points, rules.score(points)
    commit(track, case, "proposed", now=now, said={"score": track.score, "points": points}, made=True)
    return track


def follow(*, event: told.CaseEvent) -> None:
    """Bring the tracking of a case in line with what was just told about it."""
    track = lock_open(event.case_id)
    if track is None and not isinstance(event, _MAY_BEGIN):
        return
    case = Case.objects.defer("search").get(pk=event.case_id)
    if track is not None and track.state == TrackState.TRACKED:
        _tracked(track, case, event)
    elif isinstance(event, told.CaseClosed) and case.closed_kind == ClosedKind.TRACKED:
        _enter_by_closing(track, case, event)
    elif track is not None and case.state not in _OPEN_CASES:
        _drop(track, case, event.at)
    elif track is None and isinstance(event, _ASKED) and case.state in _OPEN_CASES:
        _propose(case, event.at)


def _tracked(track: Track, case: Case, event: told.CaseEvent) -> None:
    now = event.at
    if isinstance(event, told.ProgressReported):
        if _reached_the_enterprise(event):
            track.save(update_fields=rhythm.updated(track, now))
            rhythm.hold_while_suspended(track, case, now)
    elif isinstance(event, told.PlanSubmitted):
        take_plan(track, case, now)
    elif isinstance(event, told.PlanRated):
        _rated(track, case, event)
    elif isinstance(event, told.CaseSuspended):
        deadlines.pause(subject=track.id, now=now, hold=rhythm.PAUSED)
    elif isinstance(event, told.CaseResumed) or (
        isinstance(event, told.SuspensionDecided) and event.data.get("granted") is False
    ):
        deadlines.resume(subject=track.id, now=now, hold=rhythm.PAUSED)
    elif isinstance(event, told.CaseWithdrawn | told.CaseMerged):
        commit(track, case, "rested", now=now, changed=rhythm.end(track, now, void=True))
    elif isinstance(event, told.CaseClosed | told.ResultConfirmed) and _is_done(case):
        _achieve(track, case, now)


def _reached_the_enterprise(event: told.CaseEvent) -> bool:
    """Tell whether an update reached the enterprise: only such a one keeps the rhythm (T4)."""
    return event.data.get("visible_to_enterprise") is not False


def _is_done(case: Case) -> bool:
    """Achieved as resolved, or confirmed by the enterprise itself after it was closed as tracked (L8)."""
    confirmed = case.closed_kind == ClosedKind.TRACKED and case.word == "confirmed"
    return bool(case.closed_at) and (case.achieved is True or confirmed)


def _achieve(track: Track, case: Case, now: dt.datetime) -> None:
    changed = rhythm.end(track, now, void=False)
    track.state, track.ended_at = TrackState.ACHIEVED.value, now
    commit(track, case, "achieved", now=now, changed=["state", "ended_at", *changed], came_from=TrackState.TRACKED)


def _rated(track: Track, case: Case, event: told.CaseEvent) -> None:
    level = event.data.get("level")
    if isinstance(level, int) and rules.asks_for_revision(level, revise_at=rule(track).revise_at):
        track.revising = True
        # Without the level: the side that is rated never learns it (DOMAIN §0.8).
        said = {"version": event.data.get("version", track.plan_version)}
        commit(track, case, "revision_asked", now=event.at, changed=["revising"], said=said)


def take_plan(track: Track, case: Case, now: dt.datetime) -> None:
    """Follow the newest plan of the case, if there is one that is not followed yet."""
    plan = Plan.objects.filter(case=case).order_by("-version").first()
    if plan is not None and plan.version != track.plan_version:
        rhythm.follow_plan(track, case, plan, now)


def _enter_by_closing(track: Track | None, case: Case, event: told.CaseEvent) -> None:
    """转跟踪: a case closed as `tracked` is always in the store, by the word of whoever closed it."""
    made = track is None
    track = track or new(case, state=TrackState.TRACKED, now=event.at)
    came_from = TrackState.CANDIDATE.value
    track.state, track.entered_at, track.decided_by = TrackState.TRACKED.value, event.at, event.actor_id
    track.reason = _("closed as “moved to tracking”")
    changed = ["state", "entered_at", "decided_by", "reason", *rhythm.begin(track, event.at)]
    assert track.progress_due_at is not None
    said = {"reason": track.reason, "due_at": track.progress_due_at.isoformat()}
    commit(track, case, "entered", now=event.at, changed=changed, said=said, came_from=came_from, made=made)
    take_plan(track, case, event.at)


def _drop(track: Track, case: Case, now: dt.datetime) -> None:
    track.state, track.ended_at = TrackState.NOT_TRACKED.value, now
    commit(track, case, "dropped", now=now, changed=["state", "ended_at"], came_from=TrackState.CANDIDATE)
