"""The trace of a case: each fact as a line that can be filtered by kind, by who, and by what the enterprise sees."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.ledger import facts as ledger_facts
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui import components
from bihuan.foundation.ui.templatetags import ui

from ..models import Attachment, Case
from ..rulebook import Lights
from ..selectors import HIDDEN_FROM_RAISER
from .ladder import followed
from .lists import NAMES

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
    "case.urged": "bell-ringing",
    "case.escalated": "arrow-up",
    "case.tier_moved": "arrows-shuffle",
    "case.came_down": "arrow-down",
    "case.merged": "git-merge",
    "case.archived": "archive",
}
_SIDES = {
    "talk": frozenset(
        "enterprise_asked answered progress_reported supplemented confirmed denied rated plan_rated replied co_replied"
        " urged noted".split()
    ),
    "watch": frozenset(
        "light_changed deadline_missed deadline_recalculated rulebook_changed escalated tier_moved came_down reminded"
        " suspended suspension_decided extension_requested extension_decided verification_returned".split()
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
    who = names.get(actor or fact.get("on_behalf_of") or "", "")
    light = data.get("light", "") if kind == "case.light_changed" else ""
    file = files.get(data.get("sha256", "")) if kind == "case.attached" else None
    seen = kind not in HIDDEN_FROM_RAISER and data.get("visible_to_enterprise") is not False
    notes: list[Any] = [f"#{fact['seq']}"]
    if seen:
        notes.append(format_html("{} {}", ui.icon("eye"), _("The enterprise can see this")))
    return components.TimelineEntry(
        at=dt.datetime.fromisoformat(fact["at"]),
        who=who,
        text=_sentence(fact, names, quoted),
        quote=data.get(quoted, "") if quoted else "",
        icon=_ICONS.get(kind, "point"),
        light=light,
        system=not who,
        files=[_file(case, file)] if file else (),
        notes=[*notes, *(followed(data) if light else ())],
        kind=next((side for side, kinds in _SIDES.items() if kind.removeprefix("case.") in kinds), "move"),
        seen=seen,
        id=f"f{fact['seq']}",
    )


def _sentence(fact: dict[str, Any], names: dict[str, str], quoted: str) -> str:
    """Return what happened without who did it, which stands before, and without the words quoted below."""
    told = {**fact, "data": {key: value for key, value in fact["data"].items() if key != quoted}, "on_behalf_of": None}
    if quoted == "reason":
        told["reason"] = None
    actor = fact["actor"] or ""
    text = ledger_facts.wording(told, {**names, actor: ""} if actor else names)
    return text.removeprefix(_("The system")).strip(" —:：，,")


def speakers(shown: Iterable[components.TimelineEntry]) -> list[str]:
    """Return who speaks in a trace, each once, in the order of appearance; the system is not among them."""
    return list(dict.fromkeys(entry.who for entry in shown if entry.who))


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
    shown |= {light.id: light.name.in_language(get_language() or "zh-hans") for light in lights}
    shown |= {code: place.name for code in _regions_in(trace) if (place := directory.region(code))}
    return shown | {key: str(value) for key, value in NAMES.items()}


def _regions_in(trace: list[dict[str, Any]]) -> set[str]:
    """Return the codes of regions that facts speak of: to which a matter went up, and which spoke about it."""
    told = {text for fact in trace for text in (fact["data"].get("to"), fact.get("on_behalf_of"))}
    return {text for text in told if isinstance(text, str) and text.isdigit() and len(text) == 6}
