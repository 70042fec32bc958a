"""Lists of cases: rows, strip, tabs, chips, and the mark that tells a polling page whether anything moved."""

import datetime as dt
import functools
import uuid
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import facts as ledger_facts
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui import components
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.lights import Face

from .. import permissions, wording
from ..forms import FilterForm
from ..models import Case
from ..permissions import Actor
from ..rulebook import Lights
from ..selectors import HIDDEN_FROM_RATED, Row
from .lights import face_of, faces, left_of
from .presets import View

NEXT: dict[str, str] = {
    "submitted": "accept",
    "accepted": "dispatch",
    "reopened": "dispatch",
    "dispatched": "sign",
    "objected": "rule_objection",
    "signed": "submit_plan",
    "handling": "reply",
    "suspended": "resume",
    "replied": "verify_start",
    "verifying": "verify_close",
}
"""State → the step that usually comes next."""


@dataclass(frozen=True, kw_only=True)
class Last:
    """The newest fact of a case as a list shows it."""

    text: str
    at: dt.datetime
    seq: int


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
    step: int
    board: str
    channel: str
    company: str
    town: str
    url: str
    last: Last | None = None
    act: str = ""
    verb: Any = ""


def lines(
    rows: Iterable[Row],
    *,
    now: dt.datetime,
    language: str,
    last: Mapping[uuid.UUID, Last] | None = None,
    actor: Actor | None = None,
) -> list[Line]:
    """Return rows ready for the table; no query a row. With an actor, each has the one step it waits for from them."""
    known: dict[str, dict[str, Face]] = {}
    departments: dict[uuid.UUID, str] = {}
    boards: dict[str, dict[str, str]] = {}
    # Put into words once, not in each row.
    stages = [str(word) for word in wording.STAGES.values()]
    verbs: dict[str, str] = {"": ""}
    shown = []
    for row in rows:
        if row.region not in known:
            known[row.region] = faces(row.region, now, language)
            departments |= {one.id: one.short_name for one in directory.departments(row.region)}
            boards[row.region] = {one.code: one.name for one in directory.boards(row.region)}
        town = directory.region(row.town) if row.town else None
        done = wording.stage_of(row.state, planned=False, rated=False)
        act = _next_step(actor, row) if actor else ""
        if act not in verbs:
            verbs[act] = str(wording.ACTIONS.get(act, ""))
        shown.append(
            Line(
                row=row,
                face=face_of(row, row.light, known[row.region]),
                left=left_of(row, now),
                share=row.elapsed_share or 0.0,
                stage=stages[min(done, 7)],
                done=done,
                department=departments.get(row.lead_department_id, "") if row.lead_department_id else "",
                others=len(row.co_department_ids),
                step=min(done + 1, 8),
                board=boards[row.region].get(row.board, row.board),
                channel=row.channel,
                company=row.enterprise_name or _("Anonymous"),
                town=town.name if town else "",
                url=_address(row.number),
                last=(last or {}).get(row.id),
                act=act,
                verb=verbs[act],
            )
        )
    return shown


@functools.lru_cache(maxsize=4096)
def _address(number: str) -> str:
    return reverse("cases:case", args=[number])


def _next_step(actor: Actor, row: Row) -> str:
    """Return the step this row waits for from the actor, else a reminder if they may send one, else nothing."""
    # The rows of lists carry all that offices are judged by; these are steps of offices, not of raisers.
    case = cast("Case", row)
    following = NEXT.get(row.state, "")
    if following and permissions.can(actor, following, case):
        return following
    if row.state in ("dispatched", "signed", "handling") and permissions.can(actor, "remind", case):
        return "remind"
    return ""


NAMES: Mapping[str, Any] = {
    **wording.KINDS,
    **wording.CLOCKS,
    **wording.ABOVE,
    **wording.TIERS,
    "raiser": gettext_lazy("The raiser"),
}
"""Words for the codes in facts."""


def last_facts(rows: Sequence[Row], *, actor: Actor, now: dt.datetime, language: str) -> dict[uuid.UUID, Last]:
    """Return case id → its newest fact in words; two queries a page. Ratings stay hidden from the rated side."""
    if not rows:
        return {}
    of_department = actor.reader is not None and any(grant.departments for grant in actor.reader.grants)
    without = sorted(HIDDEN_FROM_RATED) if of_department else []
    with database.reading(actor.scope()):
        found = ledger.latest([row.id for row in rows], without=without)
    people = accounts.names({fact["actor"] for fact in found.values() if fact["actor"]})
    names = {**NAMES, **{str(key): value for key, value in people.items()}}
    for region in {row.region for row in rows}:
        names |= {light: str(face.word) for light, face in faces(region, now, language).items()}
        names |= {str(one.id): one.short_name for one in directory.departments(region)}
    return {
        stream: Last(
            text=ledger_facts.wording(fact, names), at=dt.datetime.fromisoformat(fact["at"]), seq=int(fact["seq"])
        )
        for stream, fact in found.items()
    }


def etag(shown: Sequence[Line], counts: Mapping[str, Any], *, now: dt.datetime, language: str) -> str:
    """Return the mark of what a list shows: it changes with facts, lights, and every ten minutes for the times."""
    rows = [(line.row.number, line.last.seq if line.last else 0, line.row.light) for line in shown]
    moment = int(now.timestamp()) // 600
    return (
        f'"{zlib.crc32(repr((rows, sorted(counts["state"].items()), counts["light"], moment, language)).encode()):08x}"'
    )


def at_least(number: int | None, counts: Mapping[str, Any]) -> int | str | None:
    """Return a number of `selectors.counts` as it is shown: with “+” when not everything was counted."""
    return f"{number}+" if counts["capped"] and number is not None else number


def strip(
    counts: Mapping[str, Any],
    *,
    region: str,
    now: dt.datetime,
    language: str,
    query: Mapping[str, str],
    shown: str = "",
) -> list[components.Option]:
    """Return the lights with their counts among all that is open, then unclaimed and paused; each is a filter."""
    rest = {key: value for key, value in query.items() if key not in ("light", "cursor", "view", "state") and value}
    chosen = query.get("light", "")

    def option(
        label: Any, count: int, face: Any = "", *, view: str = "all", light: str = "", note: str = ""
    ) -> components.Option:
        current = light == chosen and (bool(light) or view == shown)
        url = "?" + urlencode({**rest, "view": view, **({"light": light} if light else {})})
        shown_count = at_least(count, counts)
        return components.Option(label=label, url=url, count=shown_count, current=current, light=face, note=note)

    options = [option(_("All open"), counts["total"])]
    starts = {light.id: light.at for light in rulebooks.in_force(region, now).section(Lights).root}
    for light, face in reversed(faces(region, now, language).items()):
        note = _("over %(share)s used") % {"share": words.percent(starts[light])} if 0 < starts[light] < 1 else ""
        options.append(option(face.word, counts["light"].get(light, 0), face, light=light, note=note))
    blue, grey = (
        Face(tone="blue", shape="ring", word=_("Unclaimed")),
        Face(tone="pause", shape="box", word=_("Clock stands")),
    )
    unsigned = counts["state"].get("dispatched", 0)
    paused = sum(
        counts["state"].get(state, 0) for state in ("suspended", "awaiting_enterprise", "supplement_requested")
    )
    options.append(option(blue.word, unsigned, blue, view="unsigned"))
    options.append(option(grey.word, paused, grey, view="paused"))
    return options


def tabs(views: Mapping[str, View], *, current: str, counts: Mapping[str, Any]) -> list[components.Option]:
    """Return the views of a reader as tabs, with the number of cases where the counts tell it."""
    return [
        components.Option(
            label=view.label, url=f"?view={name}", count=at_least(view.count(counts), counts), current=name == current
        )
        for name, view in views.items()
    ]


def chips(
    form: FilterForm, query: Mapping[str, str], extra: Mapping[str, Any] | None = None
) -> list[components.Option]:
    """Return the filters that are set, each with the address without it. extra: parameter → label of more of them."""
    set_now: dict[str, Any] = dict(extra or {})
    for name, value in form.cleaned_data.items():
        if value and name in query and name not in ("sort", "light"):
            field: Any = form.fields[name]
            named = dict(getattr(field, "choices", ()))
            set_now[name] = (
                f"“{value}”"
                if name == "q"
                else named.get(value) or (field.label if value is True else f"{field.label} {value}")
            )
    return [
        components.Option(label=label, url="?" + urlencode({key: value for key, value in query.items() if key != name}))
        for name, label in set_now.items()
    ]
