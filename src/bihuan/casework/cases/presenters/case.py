"""One case: loop, plan, trace, parties, ladder, ratings, and what may be done."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bihuan.casework.deadlines import selectors as deadlines
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.ledger import facts as ledger_facts
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui import components
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.lights import Face
from bihuan.foundation.ui.templatetags import ui

from .. import wording
from ..forms import ActionForm
from ..models import Attachment, Case, Plan
from ..rulebook import Lights
from ..selectors import HIDDEN_FROM_RAISER, Dossier
from .lights import faces
from .lists import NAMES, NEXT


def steps(found: Dossier, now: dt.datetime | None = None) -> list[components.Step]:
    """Return the eight parts of the loop with the instants at which they were done; with `now`, in near words."""
    case = found.case
    done = wording.stage_of(case.state, planned=bool(found.plans), rated=case.rating_result is not None)
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


_ICONS = {
    "case.raised": "speakerphone",
    "case.accepted": "square-check",
    "case.attached": "paperclip",
    "case.dispatched": "send",
    "case.signed": "writing",
    "case.objected": "hand-stop",
    "case.plan_submitted": "list-details",
    "case.progress_reported": "edit",
    "case.enterprise_asked": "help-circle",
    "case.answered": "message-circle",
    "case.suspended": "player-pause",
    "case.resumed": "player-play",
    "case.extension_requested": "hourglass",
    "case.replied": "message",
    "case.closed": "circle-check",
    "case.confirmed": "mood-smile",
    "case.denied": "mood-sad",
    "case.rated": "star",
    "case.plan_rated": "star",
    "case.reminded": "bell-ringing",
    "case.escalated": "arrow-up",
    "case.merged": "git-merge",
    "case.archived": "archive",
}
_SIDES = {
    "talk": frozenset(
        "enterprise_asked answered progress_reported supplemented confirmed denied rated plan_rated replied co_replied"
        " noted".split()
    ),
    "watch": frozenset(
        "light_changed deadline_missed deadline_recalculated escalated reminded suspended suspension_decided"
        " extension_requested extension_decided verification_returned".split()
    ),
}
_QUOTED = ("text", "question", "what", "reason", "basis")
"""Members of a fact that are somebody's own words, the first of them shown as a quotation."""


def entries(
    trace: list[dict[str, Any]], *, case: Case, files: Iterable[Attachment] = ()
) -> list[components.TimelineEntry]:
    """Return the trace, newest first, each fact in the reader's language; one query for all names.

    files: the attachments this reader may open, shown where they were added.
    """
    names = names_of(trace, case)
    known = {one.sha256: one for one in files}
    return [_entry(fact, case=case, names=names, files=known) for fact in reversed(trace)]


def _entry(
    fact: dict[str, Any], *, case: Case, names: dict[str, str], files: dict[str, Attachment]
) -> components.TimelineEntry:
    kind, data = fact["kind"], fact["data"]
    quoted = next((name for name in _QUOTED if isinstance(data.get(name), str) and data[name]), "")
    actor = fact["actor"] or ""
    told = {**fact, "data": {key: value for key, value in data.items() if key != quoted}}
    text = ledger_facts.wording(told, {**names, actor: ""} if actor else names)
    text = text.removeprefix(_("The system")).strip(" —:：，,")
    light = data.get("light", "") if kind == "case.light_changed" else ""
    file = files.get(data.get("sha256", "")) if kind == "case.attached" else None
    notes: list[Any] = [f"#{fact['seq']}"]
    if kind not in HIDDEN_FROM_RAISER and data.get("visible_to_enterprise") is not False:
        notes.append(format_html("{} {}", ui.icon("eye"), _("The enterprise can see this")))
    return components.TimelineEntry(
        at=dt.datetime.fromisoformat(fact["at"]),
        who=names.get(actor, "") if actor else "",
        text=text,
        quote=data.get(quoted, "") if quoted else "",
        icon=_ICONS.get(kind, "point"),
        light=light,
        system=fact["actor"] is None,
        files=[_file(case, file)] if file else (),
        notes=notes,
        kind=next((side for side, kinds in _SIDES.items() if kind.removeprefix("case.") in kinds), "move"),
        id=f"f{fact['seq']}",
    )


def _file(case: Case, file: Attachment) -> components.File:
    picture = file.media_type.startswith("image/")
    url = reverse("cases:download", args=[case.number, file.id])
    return components.File(name=file.name, url=url, size=file.size, icon="photo" if picture else "paperclip")


def names_of(trace: list[dict[str, Any]], case: Case) -> dict[str, str]:
    """Return what to show for ids and codes in the facts of a case."""
    people = accounts.names(fact["actor"] for fact in trace if fact["actor"])
    departments = {str(one.id): one.short_name for one in directory.departments(case.region)}
    shown = {str(key): value for key, value in people.items()} | departments
    lights = rulebooks.version(case.rulebook_version).section(Lights).root
    shown |= {light.id: light.name.in_language(_language()) for light in lights}
    return shown | {key: str(value) for key, value in NAMES.items()} | {"raiser": _("The raiser")}


def _language() -> str:
    from django.utils import translation

    return translation.get_language() or "zh-hans"


def _rungs_of(case: Case) -> list[tuple[Any, dt.datetime]]:
    book = rulebooks.version(case.rulebook_version).section(Lights)
    by_id = {light.id: light for light in book.root}
    found = ((by_id.get(ident), instant) for ident, instant in zip(case.light_ids, case.light_at, strict=False))
    return [(light, instant) for light, instant in found if light is not None and light.at > 0]


def _follows(light: Any) -> str:
    return _(", ").join(str(CONSEQUENCES[name]()) for name in light.consequences)


def rungs(case: Case, *, now: dt.datetime, language: str) -> list[components.Rung]:
    """Return the ladder of what follows by itself: each light with its instant, reached ones lit."""
    moment = min(case.held_at, now) if case.held_at else now
    known = faces(case.region, case.raised_at, language)
    return [
        components.Rung(
            text=f"{light.at:.0%} {light.name.in_language(language)} {_follows(light)}".strip(),
            when=words.moment(instant, now=now),
            light=known[light.id] if instant <= moment else "",
        )
        for light, instant in _rungs_of(case)
    ]


def what_follows(case: Case, *, now: dt.datetime) -> str:
    """Say what happens by itself next if nothing comes; empty while the clock stands or when nothing follows."""
    if case.held_at is not None:
        return ""
    following = next((light for light, instant in _rungs_of(case) if instant > now and light.consequences), None)
    return _("If nothing comes by then: %(what)s.") % {"what": _follows(following)} if following else ""


def scale(case: Case, *, now: dt.datetime) -> tuple[list[tuple[float, str, str]], str]:
    """Return the labels below the bar (share, percentage, day) and the one at its start."""
    today = localtime(now).date()
    labels = []
    for light, instant in _rungs_of(case):
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


def parties(found: Dossier, clocks: Sequence[Clock], *, face: Face, now: dt.datetime) -> list[Party]:
    """Return the lead and the co-departments, each with where its own time stands."""
    case = found.case
    shown = [Party(part=_("Lead"), name=case.lead_department.name, face=face)] if case.lead_department else []
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
class Action:
    """One action as a button and a dialog."""

    name: str
    label: Any
    icon: str
    form: ActionForm


ACTION_ICONS = {
    "accept": "square-check", "decline": "circle-x", "request_supplement": "edit", "merge": "git-merge",
    "dispatch": "send", "sign": "writing", "object": "hand-stop", "rule_objection": "gavel",
    "submit_plan": "list-details",
    "report_progress": "edit", "ask_enterprise": "help-circle", "suspend": "player-pause", "decide_suspension": "gavel",
    "resume": "player-play", "request_extension": "hourglass", "decide_extension": "gavel", "co_reply": "message",
    "reply": "send", "verify_start": "checklist", "verify_return": "arrow-back-up", "verify_close": "circle-check",
    "reopen": "repeat", "escalate": "arrow-up", "archive": "archive", "remind": "bell-ringing",
}  # fmt: skip


def actions(found: Dossier, *, language: str, failed: ActionForm | None = None) -> list[Action]:
    """Return what the reader may do now, the step the case waits for first; a form that failed keeps its input."""
    expected = NEXT.get(found.case.state)
    first, last = (expected, "remind"), ("suspend", "decline", "escalate", "withdraw", "archive")
    names = sorted(found.available_actions, key=lambda name: (name not in first, name in last))
    return [
        Action(
            name=name,
            label=wording.ACTIONS[name],
            icon=ACTION_ICONS.get(name, "arrow-right"),
            form=failed
            if failed and failed.action == name
            else ActionForm(action=name, case=found.case, language=language),
        )
        for name in names
    ]


CONSEQUENCES: dict[str, Any] = {
    "remind": lambda: _("reminder"),
    "list": lambda: _("onto the warning list"),
    "escalate": lambda: _("one level up"),
    "supervision_order": lambda: _("supervision order"),
    "notify_supervision": lambda: _("the supervision office is told"),
    "notify_discipline": lambda: _("discipline inspection is told"),
    "conference": lambda: _("candidate for the joint conference"),
    "webhook": lambda: _("other systems are told"),
}
"""Consequence id → what the reader is told."""
