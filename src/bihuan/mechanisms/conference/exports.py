"""Papers of a meeting: one page for each item before it, the minutes after it; as word-processing file or PDF."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import REGION_WIDE
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.documents import letters, papers
from bihuan.foundation.documents import selectors as documents
from bihuan.foundation.documents.models import Letter
from bihuan.foundation.documents.services import Draft

from . import selectors, wording
from .models import Meeting
from .selectors import Session

MEDIA_TYPES = papers.MEDIA_TYPES
NOTICE = "meeting_notice"
"""Kind of letter: the notice of a meeting."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the minutes. case_id: what it is about, if one case; department_ids: who answers for what it says."""

    text: str
    case_id: uuid.UUID | None = None
    department_ids: tuple[uuid.UUID, ...] = ()


def _moment(instant: object) -> str:
    return formats.date_format(timezone.localtime(instant), "DATETIME_FORMAT")  # type: ignore[arg-type]


def _day(instant: object) -> str:
    return formats.date_format(timezone.localtime(instant), "DATE_FORMAT")  # type: ignore[arg-type]


def title(session: Session) -> str:
    """Return how the meeting is called: which one of its kind this year."""
    return _title(session.thing)


def _title(meeting: Meeting) -> str:
    return _("%(kind)s no. %(n)d") % {"n": meeting.place_in_year, "kind": wording.KINDS[meeting.kind]}


def _under(session: Session) -> str:
    return f"{session.thing.number} · {_moment(session.thing.starts_at)} · {session.thing.place}"


def seat_names(session: Session, *, present: bool | None = None) -> list[str]:
    """Return the names of the seats (all, those here, or those missing)."""
    seats = [seat for seat in session.seats if present is None or bool(seat.present) is present]
    return [seat_name(session, seat) for seat in seats]


def seat_name(session: Session, seat: object) -> str:
    """Return the name of one seat: a person with the department, a department, or an enterprise."""
    person = session.names.get(getattr(seat, "person_id", None) or session.thing.id, "")
    unit = getattr(seat, "department", None) or getattr(seat, "enterprise", None)
    told = [person, getattr(unit, "short_name", "") or getattr(unit, "name", "") or ""]
    return " ".join(part for part in told if part)


def agenda_paper(session: Session) -> papers.Paper:
    """Return the papers of a meeting: the agenda first, then one page an item with its choices and room for notes."""
    meeting, items = session.thing, _standing(session)
    rows = [(_("No."), _("Matter"), _("Reported by"), _("Minutes on the agenda"))]
    rows += [
        (str(place), seen.case.title if seen.case else "", _lead(seen), str(seen.thing.length))
        for place, seen in enumerate(items, start=1)
    ]
    blocks = [papers.Block(kind="table", rows=tuple(rows))] if items else []
    for heading, text in ((_("Policy briefing"), meeting.briefing), (_("How matters are handled"), meeting.report)):
        if text:
            blocks += [papers.Block(kind="heading", text=heading), *papers.texts(text.splitlines())]
    for place, seen in enumerate(items, start=1):
        blocks += [papers.Block(kind="page"), *_page(place, seen)]
    return papers.Paper(title=title(session), under=_under(session), blocks=tuple(blocks))


def _standing(session: Session) -> list[selectors.Seen]:
    """Return the items of a meeting without those whose matter ended before their turn came."""
    return [one for one in session.items if one.thing.state != "lapsed"]


def _lead(seen: selectors.Seen) -> str:
    lead = seen.case.lead_department if seen.case else None
    return lead.short_name if lead else "—"


def _page(place: int, seen: selectors.Seen) -> list[papers.Block]:
    """Return the one page of an item."""
    item, case = seen.thing, seen.case
    assert case is not None
    facts = {"place": place, "title": case.title}
    lines = [
        _("Case %(number)s, raised on %(day)s, handled by %(lead)s")
        % {"number": case.number, "day": _day(case.raised_at), "lead": _lead(seen)},
        _("Why it is here: %(reason)s") % {"reason": item.reason},
    ]
    blocks = [papers.Block(kind="heading", text=_("Item %(place)d: %(title)s") % facts), *papers.texts(lines)]
    blocks += papers.texts((item.brief or case.description).splitlines())
    blocks += papers.texts([f"{chr(65 + n)}. {option}" for n, option in enumerate(item.options)])
    return [*blocks, papers.Block(kind="heading", text=_("Decided:")), *papers.texts(["　" * 20] * 3)]


def minutes_parts(session: Session, *, said: str) -> list[Part]:
    """Return the minutes in the active language, written from what was recorded; a line that ends with ：or : heads.

    What concerns one case is a part of its own: who reads the minutes reads those parts whose cases he may see.
    """
    parts = [Part(text="\n".join(_opening(session)))]
    if _standing(session):
        parts += [_head(_("Items and decisions")), *_items(session)]
    if session.issues:
        raised = enumerate(session.issues, start=1)
        parts += [_head(_("What enterprises raised"))]
        parts += [Part(text=f"{place}. {issue.case.title}", case_id=issue.case_id) for place, issue in raised]
    if session.institutions:
        proposed = "\n".join(f"{one.title}：{one.text}" for one in session.institutions)
        parts += [_head(_("Lasting rules proposed")), Part(text=proposed)]
    return [*parts, _head(_("Said at the end")), Part(text=said)]


def _head(words: str) -> Part:
    return Part(text=f"\n{words}{_(':')}")


def _opening(session: Session) -> list[str]:
    meeting = session.thing
    host = session.names.get(meeting.host_id, "—") if meeting.host_id else "—"
    lines = [
        title(session),
        _under(session),
        _("Chaired by %(host)s") % {"host": host},
        _("Present: %(names)s") % {"names": _(", ").join(seat_names(session, present=True)) or "—"},
    ]
    if missing := seat_names(session, present=False):
        lines.append(_("Absent: %(names)s") % {"names": _(", ").join(missing)})
    for heading, text in ((_("Policy briefing"), meeting.briefing), (_("How matters are handled"), meeting.report)):
        if text:
            lines += ["", f"{heading}{_(':')}", *text.splitlines()]
    return lines


def _items(session: Session) -> Iterator[Part]:
    for place, seen in enumerate(_standing(session), start=1):
        lines = [f"{place}. {seen.case.title if seen.case else ''}"]
        made = [one.thing for one in session.decisions if one.thing.item_id == seen.thing.id]
        if seen.thing.verdict and not made:
            lines.append(seen.thing.verdict)
        for one in made:
            facts = {
                "number": one.number,
                "what": one.what,
                "owner": one.owner_department.name,
                "due": _day(one.due_at),
            }
            lines.append(_("Decision %(number)s: %(what)s. %(owner)s answers for it, by %(due)s.") % facts)
            lines += [f"- {measure}" for measure in one.measures]
        owners = dict.fromkeys(one.owner_department_id for one in made)
        yield Part(text="\n".join(lines), case_id=seen.thing.case_id, department_ids=tuple(owners))


def minutes_paper(session: Session) -> papers.Paper:
    """Return the issued minutes as a paper."""
    lines: list[str] = [*session.minutes.splitlines(), "", ""]
    first, second, rest = lines[0], lines[1], lines[2:]
    blocks = tuple(papers.Block(kind="heading" if line.endswith(("：", ":")) else "text", text=line) for line in rest)
    return papers.Paper(title=first, under=second, blocks=blocks)


def file(session: Session, form: str) -> bytes:
    """Return the papers of a meeting as a file: the minutes once they are issued, else agenda and pages."""
    paper = minutes_paper(session) if session.minutes else agenda_paper(session)
    return papers.draw(paper, form)


def notice(meeting: Meeting, departments: tuple[Department, ...]) -> Draft:
    """Return the notice of a meeting, a letter in Chinese to the departments that are invited.

    It names no matter: what is on the agenda, each sees as far as it may.
    """
    place = directory.region(meeting.region)
    with translation.override("zh-hans"):
        begins: dt.datetime = timezone.localtime(meeting.starts_at)
        facts = {
            "title": _title(meeting),
            "when": f"{letters.chinese_date(begins.date())} {begins:%H:%M}",
            "place": meeting.place or _("to be told"),
        }
        lines = [
            _("It was decided to hold the %(title)s. Please note the following.") % facts,
            _("1. Time: %(when)s.") % facts,
            _("2. Place: %(place)s.") % facts,
            _("3. Please send somebody who can decide, and say beforehand who comes."),
        ]
        head = str(wording.NOTICE_HEAD) % {"place": place.name if place else ""}
        return Draft(
            kind=NOTICE,
            region=meeting.region,
            issuer="conference_office",
            head=head,
            mark=str(wording.NOTICE_MARK),
            title=_("Notice of the %(title)s") % facts,
            text="\n".join(lines),
            offices=tuple(f"{role}:{meeting.region}" for role in sorted(REGION_WIDE)),
            addressee=departments[0],
            also=departments[1:],
            about=meeting.id,
        )


def letter_of(session: Session, actor: Actor) -> Letter | None:
    """Return the newest notice of a meeting that was found for the actor, as far as these eyes may see one."""
    return documents.by_kind(thing=session.thing.id, scope=actor.scope()).get(NOTICE)


def letter_file(session: Session, actor: Actor, form: str) -> bytes:
    """Return that notice as `docx` or `pdf`. Raises NotFound."""
    found = letter_of(session, actor)
    if found is None or form not in MEDIA_TYPES:
        raise selectors.not_found()
    return documents.file(found, form)
