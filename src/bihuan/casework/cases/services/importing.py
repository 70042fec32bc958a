"""Taking over matters from a foreign register, with their own times. They keep their source id and never alarm."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory import services as directory_services
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.kernel.text import clean_line, clean_text
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from ..models import Case, Contact
from ..permissions import Actor
from ..rulebook import Channels, Lights, Numbering, Tiers
from ..rules import facts, numbers
from ..states import CaseState, ClosedKind, Word
from . import clocks
from .raising import DESCRIPTION_MAX, TITLE_MAX


@dataclass(kw_only=True)
class Past:
    """One matter of a foreign register. `source` and `source_id` make it known again; times are aware instants.

    target_at: the deadline the other register gave, if it says. closed_kind: what a closed matter came to. department:
    code of the lead department here, if it is known. `category` may be the other register's own word.
    """

    title: str
    description: str
    region: str
    source: str
    source_id: str
    raised_at: dt.datetime
    channel: str = "bulk"
    enterprise: str = ""
    enterprise_name: str = ""
    category: str = ""
    board: str = ""
    department: str = ""
    place: str = ""
    target_at: dt.datetime | None = None
    reply_text: str = ""
    replied_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    closed_kind: str = ""
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of one row: its number; or that it was known already; or the problem for which it was refused."""

    number: str = ""
    known: bool = False
    problem: errors.Problem | None = None


def import_past(*, matters: Sequence[Past], actor: Actor, now: dt.datetime, dry_run: bool = False) -> list[Taken]:
    """Enter past matters, some hundreds at a time, in one transaction; each row whole or not at all.

    A row whose source and source id are in the register already is left as it is (`known`), so running an import again
    changes nothing. Facts carry the other register's own times and `imported_at`. No clock is started and nobody is
    told: imported matters never alarm. With `dry_run` rows are only checked. Returns one Taken per row, in order.
    """
    results: list[Taken | None] = [None] * len(matters)
    with database.writing():
        for source in sorted({matter.source for matter in matters}):
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(hashtext('import'), hashtext(%s))", [source])
        known = _known(matters)
        seen: set[tuple[str, str]] = set()
        fresh: list[tuple[int, Past, Case]] = []
        for index, matter in enumerate(matters):
            key = (matter.source, matter.source_id)
            if key in known or key in seen:
                results[index] = Taken(known=True, number=known.get(key, ""))
                continue
            try:
                fresh.append((index, matter, _past_case(matter, actor, now)))
                seen.add(key)
            except errors.Problem as problem:
                results[index] = Taken(problem=problem)
        if not dry_run:
            _write(fresh, actor, now)
        for index, _matter, case in fresh:
            results[index] = Taken(number=case.number)
    return [result or Taken() for result in results]


def _known(matters: Sequence[Past]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for source in {matter.source for matter in matters}:
        ids = [matter.source_id for matter in matters if matter.source == source]
        rows = Case.objects.filter(source=source, source_id__in=ids).values_list("source_id", "number")
        found |= {(source, source_id): number for source_id, number in rows}
    return found


def _need(value: str, field: str, most: int) -> str:
    if not value:
        raise errors.Invalid(_("This is missing."), code="required", field=field)
    if len(value) > most:
        raise errors.Invalid(_("At most %(most)s characters, please.") % {"most": most}, code="too_long", field=field)
    return value


def _past_case(matter: Past, actor: Actor, now: dt.datetime) -> Case:
    region = directory.region_in_force(matter.region, clocks.local_date(now))
    county = region.code[:6]
    book = rulebooks.in_force(county, now)
    if book.section(Channels).find(matter.channel) is None:
        raise errors.Invalid(_("There is no such channel here."), code="channel_unknown", field="channel")
    _check_times(matter, now)
    description = clean_text(matter.description)[:DESCRIPTION_MAX]
    title = clean_line(matter.title) or clean_line(description)
    department = directory.department(county, matter.department) if matter.department else None
    if matter.department and department is None:
        raise errors.Invalid(_("There is no such department in this region."), code="department_unknown", field="department")
    if matter.board:
        directory.board_in_force(county, matter.board, clocks.local_date(now))
    if matter.closed_kind and matter.closed_kind not in set(ClosedKind):
        raise errors.Invalid(_("There is no such kind of closing."), code="closed_kind_unknown", field="closed_kind")
    case = Case(
        id=uuid7(),
        region=county,
        town=region.code if len(region.code) > 6 else "",
        title=_need(title, "title", 10_000)[:TITLE_MAX],
        description=description or title,
        channel=matter.channel,
        place=clean_line(matter.place)[:200],
        category=clean_line(matter.category)[:64],
        board=matter.board,
        enterprise_id=_enterprise_id(matter, county, now),
        raised_by=None,
        raised_at=matter.raised_at,
        rulebook_version=book.id,
        source=_need(clean_line(matter.source), "source", 40),
        source_id=_need(clean_line(matter.source_id), "source_id", 120),
        lead_department_id=department.id if department else None,
    )
    case.anonymous = case.enterprise_id is None
    _set_deadline(case, matter)
    return case


def _enterprise_id(matter: Past, county: str, now: dt.datetime) -> object:
    if not matter.enterprise:
        return None
    uscc = directory_rules.check_uscc(matter.enterprise, field="enterprise")
    firm = directory.enterprise(uscc) or directory_services.ensure_enterprise(
        uscc=uscc, region=county, source="bulk", now=now, name=clean_line(matter.enterprise_name)
    )
    return firm.id


def _check_times(matter: Past, now: dt.datetime) -> None:
    """Times must be in order and not in the future."""
    if matter.raised_at > now:
        raise errors.Invalid(_("This lies in the future."), code="time_in_future", field="raised_at")
    for name in ("replied_at", "closed_at"):
        instant = getattr(matter, name)
        if instant is None:
            continue
        if instant > now:
            raise errors.Invalid(_("This lies in the future."), code="time_in_future", field=name)
        if instant < matter.raised_at:
            raise errors.Invalid(_("This lies before the matter was raised."), code="times_out_of_order", field=name)


def _set_deadline(case: Case, matter: Past) -> None:
    """Take the other register's deadline, in natural time; where it has none, the limit of an ordinary matter here."""
    book = rulebooks.version(case.rulebook_version)
    lights = book.section(Lights).root
    if matter.target_at is not None and matter.target_at > matter.raised_at:
        due, whole = matter.target_at, matter.target_at - matter.raised_at
        case.light_at = [matter.raised_at + whole * light.at for light in lights]
        case.counts_from, case.allotment = matter.raised_at, "natural"
    else:
        calendar = workcalendar.calendar_for(case.region)
        limit = book.section(Tiers).ordinary.due
        deadline = calendar.add(matter.raised_at, limit)
        due, start = deadline.at, calendar.position(deadline.counts_from)
        whole_positions = calendar.position(due) - start
        case.light_at = [calendar.instant(start + round(whole_positions * light.at)) for light in lights]
        case.counts_from, case.allotment, case.provisional = deadline.counts_from, str(limit), deadline.provisional
        if matter.target_at is not None:
            due = matter.target_at
    case.light_ids = [light.id for light in lights]
    case.due_at = case.original_due_at = due


def _write(fresh: list[tuple[int, Past, Case]], actor: Actor, now: dt.datetime) -> None:
    """Number, write and chain all rows with a handful of statements."""
    _give_numbers([case for _index, _matter, case in fresh])
    entries: list[ledger.Entry] = []
    for _index, matter, case in fresh:
        code = numbers.new_follow_up_code()
        case.follow_up_digest = numbers.code_digest(code=code, number=case.number, pepper=settings.SECRET_KEY)
        entries += _history(case, matter, actor, now)
    ledger.record_many(entries)
    Case.objects.bulk_create([case for _index, _matter, case in fresh], batch_size=500)
    Contact.objects.bulk_create(
        Contact(case=case, region=case.region, name=clean_line(matter.contact_name)[:120], phone=clean_line(matter.contact_phone)[:40])
        for _index, matter, case in fresh
        if matter.contact_name or matter.contact_phone
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "update cases_case set search = array_to_tsvector(%s::text[]) where id = %s",
            [(numbers.search_terms([case.title, case.description, case.number]), case.id) for _index, _matter, case in fresh],
        )


def _give_numbers(cases: list[Case]) -> None:
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.region, f"{clocks.local_date(case.raised_at):%y%m}"), []).append(case)
    for (region, period), group in sorted(groups.items(), key=lambda item: item[0]):
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into cases_numbering as n (region, period, last) values (%s, %s, %s)"
                " on conflict (region, period) do update set last = n.last + excluded.last returning last",
                [region, period, len(group)],
            )
            (last,) = cursor.fetchone()
        for sequence, case in enumerate(group, start=last - len(group) + 1):
            pattern = rulebooks.version(case.rulebook_version).section(Numbering).pattern
            case.number = numbers.format_number(pattern=pattern, region=region, period=period, sequence=sequence)


def _history(case: Case, matter: Past, actor: Actor, now: dt.datetime) -> list[ledger.Entry]:
    """Return the facts of a past matter and bring the row to where they lead: imported → replied → closed."""
    entries: list[ledger.Entry] = []
    before = {name: None for name in facts.TRACKED}

    def fact(kind: str, at: dt.datetime, **said: object) -> None:
        nonlocal before
        changed = facts.changes(before, case) if entries else facts.snapshot(case)
        data = {**said, "imported_at": facts.to_plain(now), "set": facts.to_plain(changed)}
        entries.append(
            ledger.Entry(
                subject=case,
                stream=case.id,
                kind=kind,
                actor_id=actor.person_id,
                now=at,
                data=data,
                from_state=before["state"],
                to_state=case.state,
                rulebook=str(case.rulebook_version),
            )
        )
        before = facts.snapshot(case)

    fact("case.imported", matter.raised_at, source=case.source, source_id=case.source_id)
    if matter.reply_text or matter.replied_at:
        case.reply_text = clean_text(matter.reply_text)
        case.reply_kind = matter.closed_kind or ClosedKind.EXPLAINED.value
        case.replied_at = case.first_contact_at = case.held_at = matter.replied_at or matter.closed_at or now
        case.state = CaseState.REPLIED.value
        fact("case.replied", case.replied_at, text=case.reply_text, kind=case.reply_kind)
    if matter.closed_at or matter.closed_kind:
        case.closed_at = case.held_at = matter.closed_at or case.replied_at or now
        case.closed_kind = matter.closed_kind or case.reply_kind or ClosedKind.EXPLAINED.value
        case.reply_kind = case.reply_kind or case.closed_kind
        case.state = CaseState.CLOSED.value
        case.word = Word.NO_RESPONSE.value
        fact("case.closed", case.closed_at, kind=case.closed_kind)
    return entries
