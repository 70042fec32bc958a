"""What pages of the conference show: tabs, forms made from the bodies of actions, names of seats."""

import datetime as dt
import typing
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases import presenters as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rules.bodies import Body
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui.components import Action, Choices, Input, Option

from . import exports, permissions, selectors, wording
from .models import Meeting
from .rulebook import Conference
from .rules import bodies

_LONG = frozenset({"text", "reason", "briefing", "report", "brief", "options", "what", "measures", "answer"})
_SEVERAL = frozenset({"departments", "boards", "present"})
_CHOSEN = frozenset({"issue", "meeting"})
"""Chosen from what is there: without any there is no form."""
_FIRST = ("hold", "minute", "decide", "review", "screen", "put_on", "report", "write_off")
"""What moves a thing on stands before what only adds to it."""
_WITHIN = "10wd"


def entries(thing_id: uuid.UUID, case: Case) -> list[Any]:
    """Return the trace of an item or a decision, which the raiser does not see."""
    told = cases.entries(selectors.trace(thing_id=thing_id), case=case)
    return [replace(one, notes=one.notes[:1], seen=None) for one in told]


def tabs(actor: Actor, current: str) -> list[Option]:
    """Return the pages of the conference with what waits on each."""
    counts = selectors.counts(actor=actor)
    pages = {
        "board": (_("Overview"), "conference:board", counts["candidate"]),
        "meetings": (_("Meetings"), "conference:meetings", counts["meetings"]),
        "consultations": (_("Consultations"), "conference:consultations", None),
        "decisions": (_("Decisions"), "conference:decisions", counts["decisions"]),
        "dialogues": (_("Dialogues"), "conference:dialogues", counts["dialogues"]),
        "group": (_("Leading group"), "conference:group", None),
    }
    return [
        Option(label=label, url=reverse(page), count=count, current=name == current)
        for name, (label, page, count) in pages.items()
    ]


def actions(
    kind: str, names: Iterable[str], *, region: str, now: dt.datetime, choices: Mapping[str, Choices]
) -> list[Action]:
    """Return a form for each of the actions, made from the words it has to be told."""
    shapes = bodies.BODIES[kind]
    offered = [name for name in names if all(choices.get(one) for one in _CHOSEN & set(shapes[name].model_fields))]
    return [
        Action(
            name=name,
            label=wording.ACTIONS[name],
            inputs=inputs(shapes[name], prefix=name, region=region, now=now, choices=choices),
        )
        for name in sorted(offered, key=lambda name: name not in _FIRST)
    ]


def inputs(
    shape: type[Body], *, prefix: str, region: str, now: dt.datetime, choices: Mapping[str, Choices]
) -> list[Input]:
    """Return the fields of a body; `choices` offers what to choose from, departments and boards are known anyway."""
    today = answers.local_date(now)
    units = [(one.code, one.short_name) for one in directory.departments(region, on=today)]
    offered: dict[str, Choices] = {
        "departments": units,
        "owner": units,
        "department": units,
        "boards": [(one.code, one.name) for one in directory.boards(region, on=today)],
        **choices,
    }
    return [
        _input(name, field, prefix, offered.get(name, ()))
        for name, field in shape.model_fields.items()
        if name not in ("note", "region", "number")
    ]


def _input(name: str, field: Any, prefix: str, choices: Choices) -> Input:
    kind = "line"
    if choices or name in _SEVERAL:
        kind = "checks" if name in _SEVERAL else "select"
    elif name in _LONG:
        kind = "area"
    elif name == "starts_at":
        kind = "moment"
    elif name == "due":
        kind = "date"
    elif int in (field.annotation, *typing.get_args(field.annotation)):
        kind = "number"
    default = "" if field.is_required() or not isinstance(field.default, int) else str(field.default)
    return Input(
        name=name,
        ident=f"{prefix}-{name}",
        label=wording.FIELDS[name],
        kind=kind,
        required=field.is_required(),
        choices=choices,
        value=_WITHIN if name == "within" else default,
    )


def session_choices(found: selectors.Session) -> dict[str, Choices]:
    """Return what may be chosen in the forms of a meeting: its seats, its issues, its guests."""
    return {
        "present": [(str(seat.id), exports.seat_name(found, seat)) for seat in found.seats],
        "issue": [(str(one.id), one.case.title) for one in found.issues],
        "enterprise": [(seat.enterprise.uscc, seat.enterprise.name) for seat in found.seats if seat.enterprise],
    }


def coming(actor: Actor, now: dt.datetime, region: str) -> Choices:
    """Return the conferences to come in a region."""
    rows, _following = selectors.meetings(actor=actor, now=now, kind="conference", state="called")
    return [(str(row.thing.id), row.thing.number) for row in rows if row.thing.region == region]


def roles(region: str, now: dt.datetime) -> dict[str, str]:
    """Return the roles of the leading group, id → name, in the rulebook's order."""
    language = get_language() or "zh-hans"
    group = rulebooks.in_force(region, now).section(Conference).group
    return {role.id: role.name.in_language(language) for role in group}


def series_name(meeting: Meeting) -> str:
    """Return the name of a dialogue's series, or its id where the rulebook has lost it."""
    known = rulebooks.version(meeting.rulebook_version).section(Conference).dialogues
    found = next((one for one in known if one.id == meeting.series), None)
    return found.name.in_language(get_language() or "zh-hans") if found else meeting.series


def seats(found: selectors.Session, now: dt.datetime) -> list[tuple[Any, str, Any]]:
    """Return (seat, name, role in words), those who preside first."""
    names = {**roles(found.thing.region, now), "guest": wording.GUEST}
    rows = [(seat, exports.seat_name(found, seat), names.get(seat.role, seat.role)) for seat in found.seats]
    return sorted(rows, key=lambda row: (not row[0].presides, not row[0].votes))


def decisions_of(found: selectors.Session) -> dict[uuid.UUID, list[selectors.Followed]]:
    """Return item id → the decisions made on it."""
    made: dict[uuid.UUID, list[selectors.Followed]] = {}
    for one in found.decisions:
        made.setdefault(one.thing.item_id, []).append(one)
    return made


def first_region(actor: Actor) -> str:
    """Return the region whose meetings the actor may call, or any the actor works in; empty for nobody."""
    grants = actor.reader.grants if actor.reader else ()
    calling = [grant.region for grant in grants if permissions.can_call(actor, grant.region)]
    return next(iter([*calling, *(grant.region for grant in grants)]), "")


def calling(actor: Actor, shape: type[Body], region: str, now: dt.datetime) -> list[Input]:
    """Return the form that calls a meeting; nothing for those who may not."""
    return (
        inputs(shape, prefix="call", region=region, now=now, choices={}) if permissions.can_call(actor, region) else []
    )


def leading_group(actor: Actor, region: str, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of the leading group shows."""
    rows = selectors.group(regions=[region]) if region else []
    names, known = accounts.names(row.person_id for row in rows), roles(region, now) if region else {}
    order = list(known)
    rows.sort(key=lambda row: order.index(row.role) if row.role in order else len(order))
    may = permissions.can_call(actor, region)
    form = inputs(bodies.Appoint, prefix="appoint", region=region, now=now, choices={"role": list(known.items())})
    return {
        "rows": [(row, names.get(row.person_id, ""), known.get(row.role, row.role)) for row in rows],
        "inputs": form if may else [],
        "may": may,
        "views": tabs(actor, "group"),
    }


def session(found: selectors.Session, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of a meeting shows."""
    region, made = found.thing.region, decisions_of(found)
    forms_of = [
        (row, wording.ITEM_STATES[row.thing.state], made.get(row.thing.id, []), _of_item(row, region, now))
        for row in found.items
    ]
    return {
        "found": found,
        "letter": exports.letter_of(found, actor),
        "title": exports.title(found),
        "series": series_name(found.thing) if found.thing.series else "",
        "state": wording.MEETING_STATES[found.thing.state],
        "host": found.names.get(found.thing.host_id, "") if found.thing.host_id else "",
        "seats": seats(found, now),
        "items": forms_of,
        "actions": actions("meeting", found.available_actions, region=region, now=now, choices=session_choices(found)),
    }


def _of_item(row: selectors.Seen, region: str, now: dt.datetime) -> list[Action]:
    names = [name for name in row.available_actions if name in ("decide", "review", "put_off", "take_off")]
    return actions("item", names, region=region, now=now, choices={})
