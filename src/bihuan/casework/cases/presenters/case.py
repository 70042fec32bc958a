"""One case: loop, plan, parties, ratings, and what may be done."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bihuan.casework.deadlines import selectors as deadlines
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.ui import components
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.lights import Face

from .. import wording
from ..forms import ActionForm
from ..models import Case, Plan
from ..selectors import Dossier, Likeness
from .ladder import rungs_of
from .lists import NEXT


def steps(found: Dossier, now: dt.datetime | None = None) -> list[components.Step]:
    """Return the eight parts of the loop with the instants at which they were done; with `now`, in near words."""
    case = found.case
    done = wording.stage_of(case.state, planned=bool(found.plans), rated=shows_rated(found))
    lead = case.lead_department.short_name if case.lead_department else ""
    notes: list[tuple[dt.datetime | None, str]] = [
        (case.raised_at, ""),
        (case.accepted_at, ""),
        (case.dispatched_at, lead),
        (found.plans[-1].submitted_at if found.plans else None, ""),
        (case.replied_at, ""),
        (case.replied_at, ""),
        (case.achieved_at, ""),
        (case.archived_at, ""),
    ]

    def note(at: dt.datetime | None, more: str) -> str:
        when = "" if at is None else words.moment(at, now=now) if now else words.exact(at)[5:]
        return " · ".join(part for part in (when, more) if part)

    return [
        components.Step(
            name=name,
            state="done" if index < done else "current" if index == done else "todo",
            note=note(*notes[index]) if index < done else wording.STATES[case.state] if index == done else "",
        )
        for index, name in enumerate(wording.STAGES.values())
    ]


def shows_rated(found: Dossier) -> bool:
    """Tell whether this reader learns that the matter was rated: the side that is rated does not even learn when."""
    return found.sees_ratings and found.case.rating_result is not None


def scale(case: Case, *, now: dt.datetime) -> tuple[list[tuple[float, str, str]], str]:
    """Return the labels below the bar (share, percentage, day) and the one at its start."""
    today = localtime(now).date()
    labels = []
    for light, instant in rungs_of(case):
        local = localtime(instant)
        when = f"{local:%H:%M}" if local.date() == today else words.date(local.date(), today=today)
        labels.append((light.at, f"{light.at:.0%}", when))
    start = words.day(localtime(case.counts_from).date(), today=today) if case.counts_from else ""
    return labels, _("from %(day)s") % {"day": start} if start else ""


def explanation(clocks: Sequence[Clock], *, now: dt.datetime) -> list[str]:
    """Return why the case is due when it is, in short phrases; empty when no main clock ever ran."""
    main = [clock for clock in clocks if clock.kind in ("handling", "acceptance")]
    handling = [clock for clock in main if clock.kind == "handling"]
    ruling = (handling or main)[-1:]
    return deadlines.explain(ruling[0], now) if ruling else []


@dataclass(frozen=True, kw_only=True)
class Party:
    """One department that handles the case, with the light of its own clock."""

    part: Any
    name: str
    face: Face | None = None
    due_at: dt.datetime | None = None
    quote: str = ""
    person: str = ""


HANDLED = frozenset(
    {"case.signed", "case.plan_submitted", "case.progress_reported", "case.enterprise_asked", "case.replied"}
    | {"case.extension_requested", "case.suspended"}
)
"""Facts that only the lead department writes: whoever wrote the newest handles the case."""


def handler(trace: Sequence[Mapping[str, Any]], shown: Sequence[components.TimelineEntry]) -> str:
    """Return the name of who last acted for the lead department since it was given the case; empty for nobody yet.

    shown: the entries of the same facts, newest first.
    """
    for fact, entry in zip(reversed(trace), shown, strict=True):
        if fact["kind"] in HANDLED:
            return entry.who
        if fact["kind"] == "case.dispatched" or (fact["kind"] == "case.objection_ruled" and fact["to"] == "dispatched"):
            return ""
    return ""


def parties(found: Dossier, clocks: Sequence[Clock], *, face: Face, now: dt.datetime, person: str = "") -> list[Party]:
    """Return the lead (with who handles it) and the co-departments, each with where its own time stands."""
    case = found.case
    lead = case.lead_department
    shown = [Party(part=_("Lead"), name=lead.name, face=face, person=person)] if lead else []
    running = {clock.part: clock for clock in clocks if clock.kind == "co_reply"}
    for part in found.co_departments:
        clock = running.get(str(part.department_id))
        if part.replied_at:
            own = Face(tone="done", shape="loop", word=_("Has answered"))
        elif (clock.due_at if clock else part.due_at) < now:
            own = Face(tone="red", shape="octagon", word=_("Overdue"))
        else:
            own = Face(tone="green", shape="disc", word=_("At work"))
        due = None if part.replied_at else part.due_at
        shown.append(Party(part=_("Co"), name=part.department.name, face=own, due_at=due, quote=part.reply_text))
    return shown


def measures(plan: Plan, *, case: Case, now: dt.datetime) -> list[dict[str, Any]]:
    """Return the measures of a plan, each with its day in near words and where that day stands."""
    today = localtime(now).date()
    rows = []
    for measure in plan.measures:
        day = dt.date.fromisoformat(str(measure["due"])[:10])
        if case.replied_at:
            face = Face(tone="done", shape="loop", word=_("Answered"))
        elif day < today:
            face = Face(tone="yellow", shape="triangle", word=_("The day has passed"))
        elif day == today:
            face = Face(tone="orange", shape="diamond", word=_("Due today"))
        else:
            face = None
        rows.append(
            {**measure, "day": words.day(day, today=today), "face": face, "now": day == today and face is not None}
        )
    return rows


def ratings(case: Case) -> list[tuple[Any, int | None, Any]]:
    """Return (what was rated, level 1–5 or None, its word) for plan, process and result."""
    given = ((_("Plan"), case.rating_plan), (_("Process"), case.rating_process), (_("Result"), case.rating_result))
    return [(name, level, wording.LEVELS[str(level)] if level else _("Not yet")) for name, level in given]


@dataclass(frozen=True, kw_only=True)
class Similar:
    """A case like this one, its state in words, and why it is shown."""

    row: Likeness
    state: Any
    why: str


ALIKE = 0.5
"""Likeness from which on the share says something to a reader."""


def similar(duplicates: Sequence[Likeness], kin: Sequence[Likeness]) -> list[Similar]:
    """Return cases like one case, those that may be the same matter first, each once and with the reason."""
    known = {one.number for one in duplicates}
    shown = [(_("same enterprise, %(share)s alike: the same matter?"), one) for one in duplicates]
    for one in kin:
        if one.number in known:
            continue
        if one.same_enterprise:
            why = _("same enterprise and category")
        else:
            why = _("same category, %(share)s alike") if one.likeness >= ALIKE else _("same category")
        shown.append((why, one))
    return [
        Similar(row=one, state=wording.STATES[one.state], why=why % {"share": words.percent(one.likeness)})
        for why, one in shown
    ]


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action as a button and a dialog."""

    name: str
    label: Any
    icon: str
    form: ActionForm
    draft: str = ""


ACTION_ICONS = {
    "accept": "square-check", "decline": "circle-x", "request_supplement": "edit", "merge": "git-merge",
    "dispatch": "send", "sign": "writing", "object": "hand-stop", "rule_objection": "gavel",
    "submit_plan": "list-details",
    "report_progress": "edit", "ask_enterprise": "help-circle", "suspend": "player-pause", "decide_suspension": "gavel",
    "resume": "player-play", "request_extension": "hourglass", "decide_extension": "gavel", "co_reply": "message",
    "reply": "send", "verify_start": "checklist", "verify_return": "arrow-back-up", "verify_close": "circle-check",
    "reopen": "repeat", "escalate": "arrow-up", "move_tier": "arrows-shuffle", "come_down": "arrow-down",
    "archive": "archive", "remind": "bell-ringing",
    "urge": "bell-ringing",
}  # fmt: skip


def actions(found: Dossier, *, language: str, failed: ActionForm | None = None) -> list[Action]:
    """Return what the reader may do now, the step the case waits for first; a form that failed keeps its input."""
    expected = NEXT.get(found.case.state)
    first, last = (expected, "remind"), ("suspend", "decline", "escalate", "move_tier", "withdraw", "archive")
    names = sorted(found.available_actions, key=lambda name: (name not in first, name in last))
    return [
        Action(
            name=name,
            label=wording.ACTIONS[name],
            icon=ACTION_ICONS.get(name, "arrow-right"),
            form=failed
            if failed and failed.action == name
            else ActionForm(action=name, case=found.case, language=language),
            draft=f"{name}-{found.case.number}",
        )
        for name in names
    ]
