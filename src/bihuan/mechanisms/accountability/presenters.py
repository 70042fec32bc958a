"""What pages of simulated accountability show."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bihuan.casework.cases import wording as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers
from bihuan.foundation.ui.components import Figure, Option

from . import exports, permissions, selectors, wording
from .models import POINT_KINDS, RELIEF_KINDS, Relief, Sign
from .rulebook import Accountability
from .states import CENTRE, Finding

SECTIONS = (
    ("register", gettext_lazy("Inquiries"), permissions.READERS),
    ("signs", gettext_lazy("Early signs"), permissions.READERS),
    ("reliefs", gettext_lazy("Tolerance and letters"), permissions.READERS),
    ("checks", gettext_lazy("Self-checks"), permissions.CHECKED),
    ("network", gettext_lazy("Observation network"), permissions.NETWORK),
    ("problems", gettext_lazy("Problem list"), permissions.STAFF),
    ("figures", gettext_lazy("Figures"), permissions.READERS),
)


def tabs(current: str, roles: Collection[str]) -> list[Option]:
    """Return the views that somebody with these roles may open."""
    return [
        Option(label=label, url=reverse(f"accountability:{name}"), current=name == current)
        for name, label, who in SECTIONS
        if set(who) & set(roles)
    ]


def _language() -> str:
    return get_language() or "zh-hans"


def named(items: Iterable[Any]) -> list[tuple[str, str]]:
    """Return (id, name in the reader's language) of things of the rulebook."""
    return [(one.id, one.name.in_language(_language())) for one in items]


def rows(found: Sequence[selectors.Seen]) -> list[tuple[selectors.Seen, Any, Any]]:
    """Return inquiries with the words of state and outcome."""
    return [(one, wording.STATES[one.inquiry.state], wording.OUTCOMES.get(one.inquiry.outcome, "")) for one in found]


def dossier(found: selectors.Dossier, letters: Collection[str] = ()) -> dict[str, Any]:
    """Return what the page of one inquiry shows. letters: kinds of those that the reader may open."""
    one, book = found.seen.inquiry, found.book
    kinds = [(group.name.in_language(_language()), named(group.kinds)) for group in book.problems]
    units = [(unit.code, unit.short_name) for unit in directory.departments(one.region)]
    return {
        "found": found,
        "inquiry": one,
        "inside": found.seen.inside,
        "state": wording.STATES[one.state],
        "outcome": wording.OUTCOMES.get(one.outcome, ""),
        "actions": [(name, *wording.ACTIONS[name]) for name in found.seen.available_actions],
        "duties": [(duty, *exports.words_of(found, duty)) for duty in found.duties],
        "visits": found.visits,
        "reliefs": reliefs(found.reliefs),
        "kinds": kinds,
        "posts": named(book.posts),
        "treatments": named(book.treatments),
        "units": units,
        "outcomes": [(one.value, wording.OUTCOMES[one.value]) for one in Finding],
        "relief_kinds": [(kind, wording.RELIEFS[kind]) for kind in RELIEF_KINDS],
        "papers": [*_papers(found), *((kind, wording.LETTERS[kind]) for kind in letters)],
    }


def _papers(found: selectors.Dossier) -> list[tuple[str, Any]]:
    one = found.seen.inquiry
    there = [
        ("application", _("Application"), found.seen.inside),
        ("finding", _("Finding report"), one.found_at is not None),
        ("rectification", _("Rectification report"), bool(one.rectification)),
    ]
    return [(kind, label) for kind, label, shown in there if shown]


def application(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of an application shows: the matter, its early signs, the units to choose from."""
    signs_there = selectors.signs_of(case=case, actor=actor)
    lead = case.lead_department.code if case.lead_department else ""
    day = answers.local_date(now)
    units = [(unit.code, unit.name) for unit in directory.departments(case.region, on=day)]
    return {"case": case, "lead": lead, "units": units, "signs": signs([(one, []) for one in signs_there], actor)}


def signs(found: Sequence[tuple[Sign, list[str]]], actor: Actor) -> list[dict[str, Any]]:
    """Return early signs with their words, evidence in plain sentences, and what may be done."""
    return [
        {
            "sign": one,
            "kind": wording.SIGNS[one.kind],
            "state": wording.SIGN_STATES[one.state],
            "evidence": [(wording.EVIDENCE[row["what"]], _plain(row["value"])) for row in one.evidence],
            "actions": [(name, wording.SIGN_ACTIONS[name]) for name in actions],
            "apply": one.state == "open" and permissions.can_apply(actor, one.case),
        }
        for one, actions in found
    ]


def _plain(value: Any) -> str:
    """Return a piece of evidence as people read it: an instant in local form, everything else as it is."""
    try:
        at = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    return date_format(localtime(at), "DATETIME_FORMAT") if at else str(value)


def reliefs(found: Sequence[tuple[Relief, list[str]]]) -> list[tuple[Relief, Any, Any, str, list[tuple[str, Any]]]]:
    """Return tolerance findings and letters with the words of kind, state and post, and what may be decided."""
    shown = []
    for one, actions in found:
        post = selectors.rule(one.inquiry.rulebook_version).post(one.post)
        words = (wording.RELIEFS[one.kind], wording.RELIEF_STATES[one.state])
        shown.append(
            (
                one,
                *words,
                post.name.in_language(_language()) if post else "",
                [(name, wording.RELIEF_ACTIONS[name]) for name in actions],
            )
        )
    return shown


def checks(actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return rounds with their answers, and the list to answer along where the reader answers."""
    keeping = permissions.regions(actor, CENTRE)
    book = selectors.book_of(actor, now)
    words = dict(pair for group in book.problems for pair in named(group.kinds))
    shown = []
    for one, entries in selectors.checks(actor=actor):
        answered = [
            (
                entry,
                [(words.get(row["kind"], row["kind"]), row["text"], row["fix"]) for row in entry.found],
                one.state == "open" and permissions.can_answer(actor, entry),
            )
            for entry in entries
        ]
        done = sum(entry.answered_at is not None for entry in entries)
        close = one.state == "open" and one.region in keeping
        shown.append((one, wording.CHECK_STATES[one.state], answered, done, close))
    kinds = [(group.name.in_language(_language()), named(group.kinds)) for group in book.problems]
    return {"rows": shown, "kinds": kinds, "may_open": bool(keeping)}


def network(actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return the points with their observers and the fate of their hints."""
    keeping = permissions.regions(actor, CENTRE)
    found = selectors.points(actor=actor, now=now)
    region = selectors.region_of(actor)
    towns = [(one.code, one.name) for one in directory.towns(region, answers.local_date(now))] if region else []
    active = [one for one, _seats, _hints in found if one.state == "active"]
    names = dict(towns)
    return {
        "rows": [
            (one, wording.POINTS[one.kind], names.get(one.town, ""), seats, hints, one.region in keeping)
            for one, seats, hints in found
        ],
        "figures": [
            Figure(name=_("Observation points"), value=len(active)),
            Figure(name=_("Observers"), value=len({seat.person_id for _one, seats, _h in found for seat in seats})),
            Figure(name=_("Hints of the last year"), value=sum(hints["hints"] for _one, _s, hints in found)),
            Figure(name=_("Of them really done"), value=sum(hints["achieved"] for _one, _s, hints in found)),
        ],
        "may_open": bool(keeping),
        "kinds": [(kind, wording.POINTS[kind]) for kind in POINT_KINDS],
        "towns": towns,
    }


def hints(actor: Actor) -> list[tuple[Case, Any]]:
    """Return the reader's own hints with the words of their state."""
    return [(one, cases.STATES[one.state]) for one in selectors.hints(actor=actor)]


def problems(book: Accountability) -> dict[str, Any]:
    """Return the problem list as the page shows it."""
    language = _language()
    groups = [
        (group.name.in_language(language), [(kind.name.in_language(language), kind.basis) for kind in group.kinds])
        for group in book.problems
    ]
    treatments = [(one.name.in_language(language), one.basis) for one in book.treatments]
    count = sum(len(kinds) for _name, kinds in groups)
    return {"groups": groups, "treatments": treatments, "proposed": book.proposed, "count": count}


def figures(found: dict[str, Any], book: Accountability) -> dict[str, Any]:
    """Return key figures and tables, each number with the list behind it."""
    base, signs_at = reverse("accountability:register"), reverse("accountability:signs")
    letters = reverse("accountability:reliefs") + "?state=granted"
    kpis = [
        Figure(name=_("Inquiries"), value=found["all"], url=base),
        Figure(name=_("Late now"), value=found["late"], url=f"{base}?state=late"),
        Figure(name=_("Findings in time"), value="{}/{}".format(*found["in_time"]["found"]), url=base),
        Figure(name=_("Rectified in time"), value="{}/{}".format(*found["in_time"]["rectified"]), url=base),
        *(
            Figure(name=word, value=found["reliefs"].get(kind, 0), url=letters)
            for kind, word in wording.RELIEFS.items()
        ),
    ]
    words = dict(pair for group in book.problems for pair in named(group.kinds))
    outcomes = found["outcomes"]
    tables = [
        (_("By state"), [(wording.STATES[key], n, f"{base}?state={key}") for key, n in found["states"].items()]),
        (_("By outcome"), [(wording.OUTCOMES[key], n, f"{base}?outcome={key}") for key, n in outcomes.items()]),
        (_("By unit"), [(name, n, f"{base}?unit={code}") for (code, name), n in found["units"].most_common(20)]),
        (_("By failing"), [(words.get(key, key), n, f"{base}?kind={key}") for key, n in found["kinds"].most_common()]),
        (_("Early signs"), [(wording.SIGNS[key], n, f"{signs_at}?kind={key}") for key, n in found["signs"].items()]),
    ]
    return {"figures": kpis, "tables": tables}
