"""What the pages of a case show, as values for the components of `foundation.ui`. Words only; no rule is decided here."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.ledger import facts as ledger_facts
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui import components
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.lights import Face
from bihuan.foundation.workcalendar import selectors as workcalendar

from . import wording
from .models import Case
from .rulebook import Lights
from .selectors import Dossier, Row

_SHAPES = {"disc": "disc", "triangle": "triangle", "diamond": "diamond", "octagon": "octagon", "ring": "ring", "square": "box"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a list, ready for the table."""

    row: Row
    face: Face
    left: str
    share: float
    stage: Any
    done: int
    department: str
    others: int
    board: str
    channel: str
    company: str
    town: str
    url: str


def faces(region: str, now: dt.datetime, language: str) -> dict[str, Face]:
    """Return light id → how it looks under the rulebook in force in a region."""
    book = rulebooks.in_force(region, now)
    return {
        light.id: Face(tone=light.colour, shape=_SHAPES[light.shape], word=light.name.in_language(language))
        for light in book.section(Lights).root
    }


def marks(region: str, now: dt.datetime) -> list[float]:
    """Return the shares at which bars carry a notch."""
    return [light.at for light in rulebooks.in_force(region, now).section(Lights).root if light.at > 0]


def face_of(row: Row | Case, light: str, known: Mapping[str, Face]) -> Face:
    """Return how a case looks: paused, closed and unsigned ones have faces of their own."""
    if row.state in ("closed", "archived", "declined", "merged"):
        return Face(tone="done", shape="loop", word=wording.STATES[row.state])
    if row.state == "dispatched":
        return Face(tone="blue", shape="ring", word=_("Unclaimed"))
    if row.held_at is not None:
        return Face(tone="pause", shape="box", word=_("Clock stands"))
    return known.get(light) or Face(tone="plain", shape="dot", word=light)


def left_of(row: Row | Case, now: dt.datetime) -> str:
    """Say how much working time is left, or by how much it is over; empty once the clock is held."""
    if row.held_at is not None:
        return ""
    calendar = workcalendar.calendar_for(row.region)
    day_length = calendar.hours_on(calendar.local_date(now)).length
    if row.due_at >= now:
        return words.left(calendar.elapsed(now, row.due_at), day_length=day_length)
    return words.left(-calendar.elapsed(row.due_at, now), day_length=day_length)


def lines(rows: Iterable[Row], *, now: dt.datetime, language: str) -> list[Line]:
    """Return rows ready for the table; no query a row."""
    known: dict[str, dict[str, Face]] = {}
    shown = []
    for row in rows:
        region = known.setdefault(row.region, faces(row.region, now, language))
        departments = {one.id: one.short_name for one in directory.departments(row.region)}
        boards = {one.code: one.name for one in directory.boards(row.region)}
        town = directory.region(row.town) if row.town else None
        done = wording.stage_of(row.state, planned=False, rated=False)
        shown.append(
            Line(
                row=row,
                face=face_of(row, row.light, region),
                left=left_of(row, now),
                share=row.elapsed_share or 0.0,
                stage=list(wording.STAGES.values())[min(done, 7)],
                done=done,
                department=departments.get(row.lead_department_id, "") if row.lead_department_id else "",
                others=len(row.co_department_ids),
                board=boards.get(row.board, row.board),
                channel=row.channel,
                company=row.enterprise_name or _("Anonymous"),
                town=town.name if town else "",
                url=reverse("cases:case", args=[row.number]),
            )
        )
    return shown


def strip(counts: Mapping[str, Any], *, region: str, now: dt.datetime, language: str, query: Mapping[str, str]) -> list[components.Option]:
    """Return the lights with their counts, each a filter of the same list."""
    rest = {key: value for key, value in query.items() if key not in ("light", "cursor") and value}
    chosen = query.get("light", "")
    options = [components.Option(label=_("All"), url="?" + urlencode(rest), count=counts["total"], current=not chosen)]
    for light, face in reversed(faces(region, now, language).items()):
        options.append(
            components.Option(
                label=face.word,
                light=light,
                url="?" + urlencode({**rest, "light": light}),
                count=counts["light"].get(light, 0),
                current=chosen == light,
            )
        )
    return options


def steps(found: Dossier) -> list[components.Step]:
    """Return the eight parts of the loop with the instants at which they were done."""
    case = found.case
    done = wording.stage_of(case.state, planned=bool(found.plans), rated=case.rating_result is not None)
    times = [
        case.raised_at,
        case.accepted_at,
        case.dispatched_at,
        found.plans[-1].submitted_at if found.plans else None,
        case.replied_at,
        case.replied_at,
        case.achieved_at,
        case.archived_at,
    ]
    return [
        components.Step(
            name=name,
            state="done" if index < done else "current" if index == done else "todo",
            note=words.exact(times[index])[5:] if index < done and times[index] else "",
        )
        for index, name in enumerate(wording.STAGES.values())
    ]


_ICONS = {
    "case.raised": "message-plus",
    "case.attached": "paperclip",
    "case.plan_submitted": "list-check",
    "case.progress_reported": "progress",
    "case.closed": "circle-check",
    "case.rated": "star",
}
_SIDES = {
    "talk": {"case.enterprise_asked", "case.answered", "case.progress_reported", "case.supplemented", "case.confirmed", "case.denied", "case.rated", "case.plan_rated"},
    "watch": {"case.light_changed", "case.escalated", "case.suspended", "case.extension_decided", "case.suspension_decided"},
}


def entries(trace: list[dict[str, Any]], *, case: Case) -> list[components.TimelineEntry]:
    """Return the trace, newest first, each fact in the reader's language; one query for all names."""
    names = names_of(trace, case)
    shown = []
    for fact in reversed(trace):
        kind = fact["kind"]
        shown.append(
            components.TimelineEntry(
                at=dt.datetime.fromisoformat(fact["at"]),
                text=ledger_facts.wording(fact, names),
                icon=_ICONS.get(kind, "point"),
                light=fact["data"].get("light", "") if kind == "case.light_changed" else "",
                system=fact["actor"] is None,
                notes=[f"#{fact['seq']}"],
                kind=next((side for side, kinds in _SIDES.items() if kind in kinds), "move"),
                id=f"f{fact['seq']}",
            )
        )
    return shown


def names_of(trace: list[dict[str, Any]], case: Case) -> dict[str, str]:
    """Return what to show for ids and codes in the facts of a case."""
    people = accounts.names(fact["actor"] for fact in trace if fact["actor"])
    departments = {str(one.id): one.short_name for one in directory.departments(case.region)}
    shown = {str(key): value for key, value in people.items()} | departments
    return shown | {key: str(value) for key, value in wording.KINDS.items()}


def rungs(case: Case, *, now: dt.datetime, language: str) -> list[components.Rung]:
    """Return the ladder of what follows by itself: each light with its instant, reached ones lit."""
    book = rulebooks.version(case.rulebook_version).section(Lights)
    by_id = {light.id: light for light in book.root}
    shown = []
    for ident, instant in zip(case.light_ids, case.light_at, strict=False):
        light = by_id.get(ident)
        if light is None or light.at == 0:
            continue
        follows = "、".join(str(CONSEQUENCES[name]()) for name in light.consequences)
        reached = instant <= (min(case.held_at, now) if case.held_at else now)
        shown.append(
            components.Rung(
                text=f"{light.at:.0%} {light.name.in_language(language)} {follows}".strip(),
                when=words.exact(instant)[5:],
                light=ident if reached else "",
            )
        )
    return shown


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
