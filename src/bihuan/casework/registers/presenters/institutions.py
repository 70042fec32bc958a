"""What pages of the registers show: tabs, forms made from the bodies of actions, and the effect in words."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Categories
from bihuan.casework.cases.rules.bodies import Body
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers
from bihuan.foundation.ledger import facts as ledger_facts
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui.components import Action, Choices, Input, Option, TimelineEntry

from .. import permissions, selectors, wording
from ..models import Institution
from ..rules import bodies
from ..rules.effect import Effect, Interval, Window

_LONG = frozenset({"text", "reason", "lesson", "problem", "worked"})
_DAYS = frozenset({"on", "review_on"})
_QUOTED = ("text", "reason")


def tabs(actor: Actor, current: str) -> list[Option]:
    """Return the registers as tabs; proposals for those who oversee a place or are its deputies, the rest for staff."""
    scope = actor.scope()
    pages = [("institutions", _("Institutions"))]
    if scope.regions or scope.refusal_regions:
        pages.append(("proposals", _("Policy proposals")))
    if permissions.is_staff(actor):
        pages += [
            ("competitions", _("Competitions")),
            ("exemplars", _("Model cases")),
            ("warnings", _("Warnings")),
            ("library", _("Case library")),
        ]
    return [Option(label=label, url=reverse(f"registers:{name}"), current=name == current) for name, label in pages]


def states(current: str) -> list[Option]:
    """Return the views of the list of institutions."""
    base = reverse("registers:institutions")
    names = [("", _("All")), ("drafted", _("Drafts")), ("kept", _("In force")), ("late", _("Review is late"))]
    names.append(("withdrawn", wording.STATES["withdrawn"]))
    return [
        Option(label=label, url=f"{base}?state={name}" if name else base, current=name == current)
        for name, label in names
    ]


def categories(region: str, now: dt.datetime) -> Choices:
    """Return the categories of cases of a place, with their names."""
    language = get_language() or "zh-hans"
    found = rulebooks.in_force(region, now).section(Categories).root
    return [(one.id, one.name.in_language(language)) for one in found]


def actions(
    kind: str,
    names: Iterable[str],
    *,
    region: str,
    now: dt.datetime,
    choices: Mapping[str, Choices] | None = None,
    values: Mapping[str, str] | None = None,
) -> list[Action]:
    """Return a form for each of the actions, made from what it has to be told; values: what `amend` starts from."""
    shapes, words = bodies.BODIES[kind], wording.EXEMPLAR_ACTIONS if kind == "exemplar" else wording.ACTIONS
    return [
        Action(
            name=name,
            label=words[name],
            inputs=inputs(
                shapes[name],
                name,
                region=region,
                now=now,
                choices=choices,
                values=values if name == "amend" else None,
            ),
        )
        for name in names
    ]


def inputs(
    shape: type[Body],
    prefix: str,
    *,
    region: str,
    now: dt.datetime,
    choices: Mapping[str, Choices] | None = None,
    values: Mapping[str, str] | None = None,
) -> list[Input]:
    """Return the fields of a body, with what may be chosen and what stands in them already."""
    units = [(one.code, one.short_name) for one in directory.departments(region, on=answers.local_date(now))]
    offered: Mapping[str, Choices] = {
        "owner": units,
        "department": units,
        "kind": list(wording.KINDS.items()),
        "category": categories(region, now),
        **(choices or {}),
    }
    return [
        Input(
            name=name,
            ident=f"{prefix}-{name}",
            label=wording.FIELDS[name],
            kind=_kind(name, offered),
            required=field.is_required(),
            choices=offered.get(name, ()),
            value=(values or {}).get(name, ""),
        )
        for name, field in shape.model_fields.items()
        if name not in ("note", "region") and (name != "institution" or name in offered)
    ]


def _kind(name: str, offered: Mapping[str, Choices]) -> str:
    return "select" if name in offered else "area" if name in _LONG else "date" if name in _DAYS else "line"


def entries(trace: list[dict[str, Any]]) -> list[TimelineEntry]:
    """Return the facts of an entry, newest first, in the reader's language; one query for all names."""
    names = {str(key): name for key, name in accounts.names(fact["actor"] for fact in trace if fact["actor"]).items()}
    return [_entry(fact, names) for fact in reversed(trace)]


def _entry(fact: dict[str, Any], names: Mapping[str, str]) -> TimelineEntry:
    actor, data = fact["actor"] or "", fact["data"]
    quoted = next((name for name in _QUOTED if data.get(name)), "")
    # Who did it stands before, and the words are quoted below: the sentence says neither again.
    told = {**fact, "data": {key: value for key, value in data.items() if key != quoted}, "on_behalf_of": None}
    told["reason"] = None if quoted == "reason" else fact.get("reason")
    text = ledger_facts.wording(told, {**names, actor: ""} if actor else names)
    return TimelineEntry(
        at=dt.datetime.fromisoformat(fact["at"]),
        text=text.removeprefix(_("The system")).strip(" —:：，,"),
        who=names.get(actor, ""),
        quote=str(data.get(quoted, "")) if quoted else "",
        icon="book",
        system=not actor,
        notes=[f"#{fact['seq']}"],
    )


def rows(found: Iterable[Institution], now: dt.datetime) -> list[tuple[Any, ...]]:
    """Return (institution, state, kind, source, late) for a list."""
    return [
        (
            one,
            wording.STATES[one.state],
            wording.KINDS.get(one.kind, ""),
            wording.SOURCES.get(one.source, one.source),
            one.due_at is not None and one.due_at < now,
        )
        for one in found
    ]


def institution(found: selectors.Found, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one institution shows."""
    thing = found.thing
    context: dict[str, Any] = {
        "found": found,
        "thing": thing,
        "state": wording.STATES[thing.state],
        "kind": wording.KINDS.get(thing.kind, ""),
        "source": wording.SOURCES.get(thing.source, thing.source),
        "category": dict(categories(thing.region, now)).get(thing.category, thing.category),
        "gone": thing.owner is not None and thing.owner.valid_to is not None,
        "hidden": thing.case_count - len(found.cases),
        "actions": actions("institution", found.available_actions, region=thing.region, now=now),
    }
    if found.staff:
        context |= {"effect": effect(thing, selectors.effect_of(thing=thing, now=now)), "as_of": now}
    return context


def effect(thing: Institution, found: Effect) -> dict[str, Any]:
    """Return the effect in words: both sides with their cases, the two figures with intervals, or why there is none."""
    sides = [
        (name, side, number_format(side.monthly, 1), _days(side.median), register_url(thing, side))
        for name, side in ((_("Before it applied"), found.before), (_("After it"), found.after))
        if side is not None
    ]
    figures = []
    if found.rate is not None:
        figures.append((_("Cases a month, after ÷ before"), *_shown(found.rate), wording.VERDICTS[found.rate.verdict]))
    if found.duration is not None:
        verdict = wording.SPEED[found.duration.compared_with(0)]
        figures.append((_("Working days to the answer, after − before (median)"), *_shown(found.duration), verdict))
    return {"why": wording.WHY_NOT.get(found.why, ""), "sides": sides, "figures": figures}


def _shown(found: Interval) -> tuple[str, str]:
    value, low, high = (number_format(one, 2) for one in (found.value, found.low, found.high))
    return value, _("95 %% interval %(low)s to %(high)s") % {"low": low, "high": high}


def _days(median: float | None) -> str:
    return "—" if median is None else number_format(median, 1)


def register_url(thing: Institution, side: Window) -> str:
    """Return the address of the cases behind one side, as far as the reader may see them."""
    last = answers.local_date(side.end - dt.timedelta(seconds=1))
    query = {"since": f"{answers.local_date(side.start)}", "until": f"{last}", "region": thing.region}
    query |= {"category": thing.category} if thing.category else {}
    query |= {"q": thing.words} if thing.words else {}
    return f"{reverse('cases:register')}?{urlencode(query)}"


def proposals(actor: Actor, state: str, before: uuid.UUID | None) -> dict[str, Any]:
    """Return what the register of policy proposals shows."""
    found, following = selectors.proposals(actor=actor, state=state, before=before)
    base = reverse("registers:proposals")
    names = [("", _("All")), *wording.PROPOSALS.items()]
    return {
        "rows": [(one, wording.PROPOSALS[one.state], wording.SOURCES.get(one.source, one.source)) for one in found],
        "following": following,
        "state": state,
        "states": [
            Option(label=label, url=f"{base}?state={name}" if name else base, current=name == state)
            for name, label in names
        ],
    }


def home_region(actor: Actor) -> str:
    """Return the first region whose registers the actor keeps, or an empty text."""
    regions = actor.reader.regions_for(permissions.KEEPING) if actor.reader else ()
    return next((code for code in regions if directory.departments(code)), next(iter(regions), ""))
