"""What pages of intake show of a matter, in the raiser's words. No rule is decided here."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.casework.cases import presenters as cases
from bihuan.casework.cases import wording as case_words
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.rulebook import Acceptance, Tiers
from bihuan.casework.cases.selectors import Dossier, Row
from bihuan.casework.cases.states import MACHINE
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel.workdays.durations import Duration, Unit
from bihuan.foundation.ledger import facts as ledger_facts
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.lights import Face

from . import wording

ENDED = ("closed", "archived", "declined", "merged")
CHECKED = ("replied", "verifying")
URGED = frozenset(state.value for row in MACHINE.transitions if row.action == "urge" for state in row.sources)
TURN = ("supplement_requested", "awaiting_enterprise")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a matter stands: light in plain words, how far round the loop, what is promised, how long until then."""

    face: Face
    done: int
    share: float
    promise: str
    left: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """One matter in the raiser's list."""

    title: str
    number: str
    url: str
    standing: Standing
    urge_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Something that waits for the raiser."""

    title: str
    sentence: Any
    button: Any
    url: str


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One entry of the trace as its raiser reads it."""

    text: str
    at: dt.datetime


def standing(
    row: Row | Case, *, light: str, share: float | None, known: dict[str, Face], now: dt.datetime, done: int
) -> Standing:
    """Return where a matter stands."""
    face = cases.face_of(row, light, known)
    word = str(wording.STANDINGS[row.state])
    if row.state == "closed" and row.closed_kind == "withdrawn":
        word = str(case_words.KINDS["withdrawn"])
    elif row.state == "closed" and row.word == "pending":
        word = _("Answered, waiting for your word")
    runs = row.state not in ENDED and row.held_at is None
    if runs and face.tone in wording.SOON:
        word = _("%(standing)s · %(soon)s") % {"standing": word, "soon": wording.SOON[face.tone]}
    return Standing(
        face=dataclasses.replace(face, word=word),
        done=done,
        share=share or 0.0,
        promise=promise(row, now),
        left=cases.left_of(row, now) if runs else "",
    )


def promise(row: Row | Case, now: dt.datetime) -> str:
    """Say by when what happens; empty when the matter has ended."""
    if row.state in ENDED:
        return _("Ended %(day)s") % {"day": words.moment(row.closed_at, now=now)} if row.closed_at else ""
    if row.state in CHECKED:
        return _("The service centre checks the answer")
    if row.held_at is not None:
        return _("The clock waits for you") if row.state in TURN else _("The clock stands")
    when = {"when": words.moment(row.due_at, now=now, long=True)}
    if row.state == "submitted":
        return _("Accepted or declined by %(when)s") % when
    return _("You get an answer by %(when)s") % when


def cards(rows: Iterable[Row], *, now: dt.datetime, language: str) -> list[Card]:
    """Return the matters of a list, without a query a row."""
    known: dict[str, dict[str, Face]] = {}
    shown = []
    for row in rows:
        faces = known.setdefault(row.region, {}) or cases.faces(row.region, now, language)
        known[row.region] = faces
        done = case_words.stage_of(row.state, planned=False, rated=row.word == "confirmed")
        stands = standing(row, light=row.light, share=row.elapsed_share, known=faces, now=now, done=done)
        url = reverse("intake:follow", args=[row.number])
        urge = reverse("intake:act", args=[row.number, "urge"]) if row.state in URGED else ""
        shown.append(Card(title=row.title, number=row.number, url=url, standing=stands, urge_url=urge))
    return shown


def asks(waiting: Iterable[tuple[str, Case]]) -> list[Ask]:
    """Return what waits for the raiser, each with the page where it is done."""
    return [ask_for(kind, case) for kind, case in waiting]


def ask_for(kind: str, case: Case) -> Ask:
    """Return one thing that waits for the raiser. kind: a key of wording.ASKS."""
    sentence, button = wording.ASKS[kind]
    page = reverse("intake:judge" if kind in ("word", "rate") else "intake:follow", args=[case.number])
    anchor = "" if kind in ("word", "rate") else f"#{'rate_plan' if kind == 'plan' else kind}"
    return Ask(title=case.title, sentence=sentence, button=button, url=page + anchor)


def standing_of(found: Dossier, *, now: dt.datetime, language: str) -> Standing:
    """Return where the case of a dossier stands."""
    case = found.case
    known = cases.faces(case.region, now, language)
    done = case_words.stage_of(case.state, planned=bool(found.plans), rated=case.rating_result is not None)
    return standing(case, light=found.light, share=found.elapsed_share, known=known, now=now, done=done)


def sentences(case: Case) -> tuple[str, str]:
    """Return what happens now, and what comes next (may be empty)."""
    lead = case.lead_department.name if case.lead_department else _("The service centre")
    return str(wording.NOW[case.state]) % {"lead": lead}, str(wording.NEXT.get(case.state, ""))


def happened(trace: list[dict[str, Any]], *, case: Case, now: dt.datetime) -> list[Happened]:
    """Return the trace, newest first. Officers are not named: it is the office that acts."""
    own: set[str | None] = {None, str(case.raised_by) if case.raised_by else None}
    if case.enterprise_id:
        own |= {str(one) for one in accounts.speakers_of(enterprise_id=case.enterprise_id, now=now)}
    names = {str(one.id): one.short_name for one in directory.departments(case.region)} | {
        key: str(value) for key, value in case_words.KINDS.items()
    }
    return [
        Happened(
            text=ledger_facts.wording({**fact, "actor": _who(fact, case, own)}, names),
            at=dt.datetime.fromisoformat(fact["at"]),
        )
        for fact in reversed(trace)
    ]


def _who(fact: dict[str, Any], case: Case, own: set[str | None]) -> str | None:
    """Say who did it: you, the department, the centre; None for the product itself."""
    if fact["kind"] in wording.YOURS or (fact["kind"] == "case.attached" and fact["actor"] in own):
        return _("You")
    if fact["actor"] is None:
        return None
    if fact["kind"] in wording.DEPARTMENTS and case.lead_department:
        return case.lead_department.short_name
    return _("The service centre")


_QUESTIONS = {
    "awaiting_enterprise": "case.enterprise_asked",
    "supplement_requested": "case.supplement_requested",
    "declined": "case.declined",
}
"""State → the fact whose words the raiser has to read now."""


def question(trace: list[dict[str, Any]], *, state: str) -> dict[str, Any]:
    """Return the words of the fact that the raiser has to read now; empty when there is none."""
    kind = _QUESTIONS.get(state)
    return next((fact["data"] for fact in reversed(trace) if fact["kind"] == kind), {})


def promises(*, region: str, at: dt.datetime) -> list[str]:
    """Return what the rulebook promises to whoever raises a matter in the region: acceptance, then answer."""
    book = rulebooks.in_force(region, at)
    accept, answer = book.section(Acceptance).within, book.section(Tiers).ordinary.due
    return [
        _("Accepted or declined within %(span)s.") % {"span": span(accept)},
        _("Answered within %(span)s; hard matters take longer, and you are told.") % {"span": span(answer)},
        _("Whatever is late is reminded and escalated by itself."),
    ]


def span(length: Duration) -> str:
    """Return a length of time of a rulebook in words."""
    amount = length.amount
    if length.unit == Unit.WORKING_DAY:
        return words.workdays(amount)
    if length.unit == Unit.WORKING_HOUR:
        return ngettext("%(count)d working hour", "%(count)d working hours", amount) % {"count": amount}
    hours = {Unit.DAY: 24 * amount, Unit.HOUR: amount}.get(length.unit, 0)
    return words.span(dt.timedelta(hours=hours) if hours else dt.timedelta(minutes=amount))
