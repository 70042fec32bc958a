"""节奏: the clocks of a track (steps of the plan, regular updates) and what follows when they run out (T4, T5)."""

import datetime as dt
from typing import Any

from bihuan.casework.cases.models import Case, Plan
from bihuan.casework.cases.rulebook import Lights
from bihuan.casework.cases.states import CaseState
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices
from ..models import Track
from ..states import TrackState
from .recording import commit, rule

NODE, PROGRESS = "plan_node", "progress"
PAUSED = "suspension"
"""Why all clocks of a track stand while its case is suspended."""
_SHOWN = ["progress_due_at", "bulletin_at", "bulletin_from"]


def begin(track: Track, now: dt.datetime) -> list[str]:
    """Start the rhythm of updates and bulletins; returns the fields that changed (saved by the caller)."""
    expect_update(track, now)
    calendar = workcalendar.calendar_for(track.region)
    track.bulletin_from, track.bulletin_at = now, calendar.add(now, rule(track).bulletin_every).at
    return [*_SHOWN, "progress_at", "late_since"]


def expect_update(track: Track, now: dt.datetime) -> None:
    """Begin the clock of the next update anew."""
    deadlines.stop(subject=track.id, now=now, kinds=[PROGRESS])
    cycle = 1 + Clock.objects.filter(subject=track.id, kind=PROGRESS).count()
    clock = deadlines.start(
        subject=track.id,
        region=track.region,
        kind=PROGRESS,
        allotment=rule(track).update_every,
        lights=(("due", 1),),
        now=now,
        cycle=cycle,
        rulebook_version=str(track.rulebook_version),
    )
    track.progress_due_at = clock.due_at


def updated(track: Track, now: dt.datetime) -> list[str]:
    """An update came: nothing is missing any more; returns the fields that changed."""
    track.progress_at, track.late_since = now, None
    expect_update(track, now)
    return ["progress_at", "late_since", "progress_due_at"]


def hold_while_suspended(track: Track, case: Case, now: dt.datetime) -> None:
    """Let all clocks of a track stand if its case is suspended."""
    if case.state == CaseState.SUSPENDED:
        deadlines.pause(subject=track.id, now=now, hold=PAUSED)


def follow_plan(track: Track, case: Case, plan: Plan, now: dt.datetime) -> None:
    """Let a clock run for each step of a plan; the clocks of an earlier version end without result. Records it.

    A step that was due already when the plan came is shown overdue, without an alarm.
    """
    deadlines.stop(subject=track.id, now=now, kinds=[NODE], void=True)
    calendar = workcalendar.calendar_for(track.region)
    lights = [(light.id, light.at) for light in rulebooks.version(track.rulebook_version).section(Lights).root]
    clocks = []
    for place, measure in enumerate(plan.measures, start=1):
        due = _instant(measure["due"], calendar)
        late = due <= now
        clocks.append(
            deadlines.NewClock(
                subject=track.id,
                region=track.region,
                kind=NODE,
                part=str(place),
                cycle=plan.version,
                allotment=due,
                lights=lights,
                started_at=min(now, due - dt.timedelta(minutes=1)),
                holder_department=case.lead_department_id,
                rulebook_version=str(track.rulebook_version),
                alarms=not late,
            )
        )
    deadlines.start_many(clocks=clocks, now=now)
    track.plan_version, track.revising = plan.version, False
    said = {"version": plan.version, "steps": len(clocks)}
    commit(track, case, "planned", now=now, changed=["plan_version", "revising"], said=said)


def end(track: Track, now: dt.datetime, *, void: bool) -> list[str]:
    """Stop all clocks and bulletins of a track; returns the fields that changed."""
    deadlines.stop(subject=track.id, now=now, void=void)
    track.progress_due_at = track.bulletin_at = track.late_since = None
    return ["progress_due_at", "bulletin_at", "late_since"]


def cross(event: ThresholdCrossed) -> None:
    """React to a threshold of one of a track's clocks; clocks of other subjects are not tracking's business."""
    if event.kind not in (NODE, PROGRESS):
        return
    track = Track.objects.select_for_update(of=("self",)).filter(pk=event.subject, state=TrackState.TRACKED).first()
    if track is None:
        return
    case = Case.objects.defer("search").get(pk=track.case_id)
    if event.kind == PROGRESS:
        _missed(track, case, event)
    elif event.position:
        _node_light(track, case, event)


def _missed(track: Track, case: Case, event: ThresholdCrossed) -> None:
    """No update in time: an alert, and the next one is expected from now on, so that silence alarms again (T4)."""
    track.missed += 1
    track.late_since = track.late_since or event.due_at
    expect_update(track, event.now)
    changed = ["missed", "late_since", "progress_due_at"]
    said = {"due_at": event.due_at.isoformat(), "missed": track.missed}
    commit(track, case, "update_missed", now=event.now, changed=changed, said=said)


def _node_light(track: Track, case: Case, event: ThresholdCrossed) -> None:
    """A step of the plan shows another light: on record, and told unless a later light is due as well."""
    said: dict[str, Any] = {"node": event.part, "light": event.threshold, "version": event.cycle}
    plan = Plan.objects.filter(case=case, version=event.cycle).first()
    last = event.due_at <= event.fire_at
    lights = rulebooks.version(track.rulebook_version).section(Lights).root
    shown = next((light.name.in_both() for light in lights if light.id == event.threshold), event.threshold)
    commit(track, case, "node_light", now=event.now, said=said, quiet=True)
    if plan is not None and not event.superseded:
        what = plan.measures[int(event.part) - 1]["what"]
        name = "node_overdue" if last else "node_light"
        data = {"node": event.part, "what": what, "light": shown}
        notices.send(name, case=case, track_id=track.id, data=data, now=event.now)


def _instant(due: str, calendar: Any) -> dt.datetime:
    """Return when a step is due: the instant given, or the close of business of the day given."""
    if "T" in due:
        return dt.datetime.fromisoformat(due)
    closing: dt.datetime = calendar.closing(dt.date.fromisoformat(due))
    return closing
