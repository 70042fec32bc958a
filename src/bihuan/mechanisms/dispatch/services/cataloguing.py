"""Keeping the dispatch catalogue: an edition is read from a file whole or not at all, looked at, then put in force."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Categories
from bihuan.foundation.directory import reading
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Board, Department
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, wording
from ..models import Edition, Entry
from ..rulebook import Routing
from ..rules import catalogue as rules
from ..selectors import catalogue as catalogues

MOST_MATTERS = 5_000


@dataclass(frozen=True, kw_only=True)
class RowError:
    """Why a row is no entry: its line in the file, the column, a stable code, and a sentence."""

    row: int
    field: str
    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What came of a file: the draft of an edition, or the errors of its rows (then nothing was kept)."""

    edition: Edition | None
    errors: tuple[RowError, ...] = ()


def read_catalogue(*, region: str, file: BinaryIO, filename: str, actor: Actor, now: dt.datetime) -> Reading:
    """Read a catalogue from an Excel or CSV file and keep it as a draft, if every row of it is right.

    Raises Forbidden, TooLarge, Invalid: `file_invalid`, `column_missing`, `file_empty`, `file_long`. Leaves the fact
    `dispatch.catalogue_read` where a draft was made.
    """
    permissions.check_keeper(actor, region)
    lines = list(reading.rows(file, filename=filename))
    if not lines:
        raise errors.Invalid(_("The file has no rows below its headings."), code="file_empty", field="file")
    if len(lines) > MOST_MATTERS:
        sentence = _("A catalogue has at most %(most)s matters.") % {"most": MOST_MATTERS}
        raise errors.Invalid(sentence, code="file_long", field="file")
    try:
        where = rules.headings(lines[0][1])
    except rules.RowWrong as wrong:
        sentence = _("The file has no column “%(name)s”.") % {"name": wrong.value}
        raise errors.Invalid(sentence, code="column_missing", field=wrong.field) from wrong
    place = _place(region[:6], now)
    found, flaws = _entries(lines, where, place)
    if flaws:
        return Reading(edition=None, errors=tuple(flaws))
    return Reading(edition=_keep(place.region, found, filename=filename, actor=actor, now=now))


@dataclass(frozen=True, kw_only=True)
class _Place:
    """What rows may name: departments and boards by code and by name, categories, kinds nothing is pushed down to."""

    region: str
    today: dt.date
    departments: Mapping[str, Department]
    boards: Mapping[str, Board]
    categories: Mapping[str, str]
    never_down_to: Collection[str]


def _place(region: str, now: dt.datetime) -> _Place:
    book = rulebooks.in_force(region, now)
    today = answers.local_date(now)
    departments = directory.departments(region)
    by_name = {name: one for one in departments for name in (one.name, one.short_name)}
    boards = directory.boards(region, on=today)
    categories = {name: row.id for row in book.section(Categories).root for name in (row.name.zh, row.name.en, row.id)}
    return _Place(
        region=region,
        today=today,
        departments={**by_name, **{one.code: one for one in departments}},
        boards={**{one.name: one for one in boards}, **{one.code: one for one in boards}},
        categories=categories,
        never_down_to=book.section(Routing).never_down_to,
    )


def _entries(
    lines: Iterable[reading.Row], where: Mapping[str, str], place: _Place
) -> tuple[list[Entry], list[RowError]]:
    found: list[Entry] = []
    flaws: list[RowError] = []
    seen: dict[str, int] = {}
    for number, cells in lines:
        try:
            entry = _entry(rules.read_row(cells, where), place)
            if (first := seen.setdefault(entry.key, number)) != number:
                raise rules.RowWrong("matter", "matter_twice", str(first))
        except rules.RowWrong as wrong:
            said = str(wording.ROW_FLAWS[wrong.code]) % {"value": wrong.value}
            flaws.append(RowError(row=number, field=wrong.field, code=wrong.code, message=said))
            continue
        entry.position = number
        found.append(entry)
    return found, flaws


def _entry(draft: rules.Draft, place: _Place) -> Entry:
    """Return a row as an entry, not yet saved. Raises RowWrong for what the place does not have or allow."""
    lead = _department("lead", draft.lead, place)
    co = [_department("co", name, place) for name in draft.co]
    barred = [_department("barred", name, place) for name in draft.barred]
    if lead in co:
        raise rules.RowWrong("co", "lead_is_co", draft.lead)
    if lead in barred:
        raise rules.RowWrong("barred", "lead_barred", draft.lead)
    if lead.kind in place.never_down_to and draft.level != "town":
        raise rules.RowWrong("lead", "pushed_down", draft.lead)
    for field, given, known in (
        ("board", draft.board, place.boards),
        ("category", draft.category, place.categories),
    ):
        if given and given not in known:
            raise rules.RowWrong(field, f"{field}_unknown", given)
    return Entry(
        matter=draft.matter,
        key=rules.same_matter(draft.matter),
        words=list(draft.words),
        category=place.categories[draft.category] if draft.category else "",
        board=place.boards[draft.board].code if draft.board else "",
        tier=draft.tier,
        level=draft.level,
        lead=lead,
        co_ids=[one.id for one in co],
        barred_ids=[one.id for one in barred],
        basis=draft.basis,
    )


def _department(field: str, given: str, place: _Place) -> Department:
    found = place.departments.get(given)
    if found is None:
        raise rules.RowWrong(field, "department_unknown", given)
    if not directory.in_force(found, place.today):
        raise rules.RowWrong(field, "department_gone", given)
    return found


def _keep(region: str, found: Sequence[Entry], *, filename: str, actor: Actor, now: dt.datetime) -> Edition:
    with database.writing():
        # Two people who read files at once: the second waits here and takes the next number.
        database.fetch("select pg_advisory_xact_lock(hashtext(%s))", [f"catalogue:{region}"])
        last = Edition.objects.filter(region=region).aggregate(last=Max("number"))["last"] or 0
        edition = Edition(
            id=uuid7(),
            region=region,
            number=last + 1,
            file_name=filename[-200:],
            entries=len(found),
            made_by=actor.person_id,
            made_at=now,
        )
        said = {"number": edition.number, "file": edition.file_name, "entries": edition.entries}
        _record(edition, "dispatch.catalogue_read", actor, now, said, made=True)
        for entry in found:
            entry.edition = edition
        Entry.objects.bulk_create(found, batch_size=500)
    return edition


def put_in_force(*, region: str, number: int, actor: Actor, now: dt.datetime) -> Edition:
    """Let an edition hold from now on; proposals not decided on yet follow it. An earlier edition may hold again.

    Raises Forbidden, NotFound `edition_not_found`, Conflict `edition_holds`. Leaves `dispatch.catalogue_in_force`.
    """
    permissions.check_keeper(actor, region)
    with database.writing():
        edition = Edition.objects.select_for_update().filter(region=region[:6], number=number).first()
        if edition is None:
            raise errors.NotFound(code="edition_not_found")
        if catalogues.in_force(edition.region) == edition:
            raise errors.Conflict(_("This edition is in force already."), code="edition_holds")
        edition.in_force_at = now
        said: dict[str, Any] = {"number": number}
        _record(edition, "dispatch.catalogue_in_force", actor, now, said)
        catalogues.forget()
        transaction.on_commit(catalogues.forget)
    return edition


def _record(
    edition: Edition, kind: str, actor: Actor, now: dt.datetime, said: dict[str, Any], *, made: bool = False
) -> None:
    changed, by = ["in_force_at"], actor.person_id
    ledger.record_and_save(edition, kind=kind, actor_id=by, now=now, said=said, changed=changed, made=made)
