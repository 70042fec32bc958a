"""What pages of retrospectives show."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.casework.registers.wording import TELLS
from bihuan.foundation.ui.charts import Bone, Cause
from bihuan.foundation.ui.components import Figure, Option

from . import exports, selectors, wording
from .rules.dissecting import BRANCHES, PRESUMPTIONS
from .services.recording import shown_grounds

_OWN_WORDS = frozenset({"advise", "state_unit"})
_NEXT: Mapping[str, frozenset[str]] = defaultdict(
    lambda: _OWN_WORDS,
    opened=frozenset({"assign"}),
    led=_OWN_WORDS | {"find_cause", "presume", "dissect"},
    dissected=_OWN_WORDS | {"rehearse"},
    rehearsed=_OWN_WORDS | {"draft"},
    drafted=_OWN_WORDS | {"submit"},
    submitted=frozenset({"approve"}),
    concluded=frozenset({"check"}),
)
"""State → what comes next; everything else that goes is folded away."""
_PERIOD = dt.timedelta(days=183)


def _list(**only: str) -> str:
    given = {name: value for name, value in only.items() if value}
    return f"{reverse('retrospectives:register')}?{urlencode(given)}" if given else reverse("retrospectives:register")


def tabs(only: Mapping[str, str], counts: Mapping[str, int]) -> list[Option]:
    """Return the views of the register; none is current where a figure was opened."""
    state = only.get("state", "")
    narrowed = any(value for name, value in only.items() if name != "state")
    current = "" if narrowed else state or "all"
    pages = [
        ("open", _("Open"), _list(state="open")),
        ("late", _("Late"), _list(state="late")),
        ("concluded", _("Report approved"), _list(state="concluded")),
        ("all", _("All"), _list()),
        ("analysis", _("Analysis"), reverse("retrospectives:analysis")),
    ]
    return [Option(label=label, url=url, count=counts.get(name), current=name == current) for name, label, url in pages]


def register(rows: Sequence[selectors.Seen], only: Mapping[str, str]) -> dict[str, Any]:
    """Return what a list shows, and in words what it is narrowed to."""
    words = {"branch": wording.BRANCHES, "presumption": wording.PRESUMPTIONS, "output": wording.OUTPUTS}
    chosen = [
        words.get(name, {}).get(value, exports.step(value) if name == "step" else value)
        for name, value in only.items()
        if value and name != "state"
    ]
    named = [(row, wording.STATES[row.retrospective.state], shown_grounds(row.retrospective)) for row in rows]
    return {"rows": named, "chosen": chosen}


def bones(causes: Sequence[tuple[str, str, int]]) -> list[Bone]:
    """Return the fishbone of (branch, cause, cases); branches without a cause are left out."""
    return [
        Bone(
            name=str(wording.BRANCHES[branch]),
            causes=[Cause(name=text, count=count) for of, text, count in causes if of == branch],
        )
        for branch in BRANCHES
        if any(of == branch for of, _text, _count in causes)
    ]


def one(found: selectors.Dissection, *, learnt: selectors.Learnt) -> dict[str, Any]:
    """Return what the page of one retrospective shows; numbers on its fishbone: in how many cases a cause was found."""
    row, able = found.seen.retrospective, found.seen.available_actions
    answers, newest = row.presumptions, found.newest
    return {
        "found": found,
        "row": row,
        "state": wording.STATES[row.state],
        "grounds": shown_grounds(row),
        "leader": found.names.get(str(row.leader_id), ""),
        "next": [(name, *wording.ACTIONS[name]) for name in able if name in _NEXT[row.state]],
        "more": [(name, *wording.ACTIONS[name]) for name in able if name not in _NEXT[row.state]],
        "bones": bones([(one.branch, one.text, learnt.uses[one.branch, one.text]) for one in found.causes]),
        "head": [_("Why it got stuck")],
        "branches": wording.BRANCHES.items(),
        "proposed": [(wording.BRANCHES[branch], branch, text, count) for branch, text, count in learnt.proposals],
        "struck": [(one.id, one.text) for one in found.causes] + [(one.id, one.title) for one in found.outputs],
        "links": [
            (exports.owner(link), exports.step(link.step), exports.hours(link.minutes), link) for link in found.links
        ],
        "whole": exports.hours(row.minutes),
        "presumptions": [(name, wording.PRESUMPTIONS[name], answers.get(name)) for name in PRESUMPTIONS],
        "outputs": [
            (wording.OUTPUTS[made.kind], made, _(", ").join(str(TELLS[one]) for one in found.tells.get(made.id, ())))
            for made in found.outputs
        ],
        "published": [(made.id, made.title) for made in found.outputs if made.kind in selectors.PUBLISHED],
        "stale": newest is not None and row.state == "drafted" and newest.number <= row.stale_version,
        "kinds": wording.OUTPUTS.items(),
        "touched": _(", ").join(row.touched),
        "report": newest,
        "versions": [(version, found.names.get(str(version.author_id), "")) for version in found.versions],
    }


def period(given: Mapping[str, str], *, now: dt.datetime) -> tuple[str, str]:
    """Return the first and last day that an analysis looks at: as given, else the last half year."""
    today = timezone.localtime(now).date()
    return given.get("since") or (today - _PERIOD).isoformat(), given.get("until") or today.isoformat()


def analysis(found: selectors.Analysis) -> dict[str, Any]:
    """Return what the page of the analysis shows; each number with the list behind it."""
    days = {"since": found.since, "until": found.until}
    figures = [Figure(name=_("Reports approved"), value=found.total, url=_list(**days))]
    figures += [
        Figure(name=name, value=found.outputs.get(kind, 0), url=_list(output=kind, **days))
        for kind, name in wording.OUTPUTS.items()
    ]
    return {
        "found": found,
        "figures": figures,
        "bones": bones(found.causes),
        "causes": [
            (wording.BRANCHES[branch], text, count, _list(branch=branch, cause=text, **days))
            for branch, text, count in found.causes
        ],
        "steps": [
            (exports.step(row.key), exports.hours(row.minutes), row.count, _list(step=row.key, **days))
            for row in found.steps
        ],
        "departments": [
            (row.name, exports.hours(row.minutes), row.count, _list(department=row.key, **days))
            for row in found.departments
        ],
        "departed": [
            (wording.PRESUMPTIONS[name], found.departed.get(name, 0), _list(presumption=name, **days))
            for name in PRESUMPTIONS
        ],
        "head": [_("Why stuck")],
    }
