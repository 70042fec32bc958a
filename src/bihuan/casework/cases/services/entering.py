"""Writing past matters by the hundred: enterprises, numbers, rows, contacts, chains, in a handful of statements."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.db import connection

from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import services as directory_services
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..models import Case
from ..permissions import Actor
from ..rulebook import Numbering
from ..rules import facts, numbers
from ..states import CaseState, ClosedKind, Word
from . import clocks

if TYPE_CHECKING:
    from .importing import Fresh, Past


def enter(fresh: Sequence["Fresh"], actor: Actor, now: dt.datetime) -> None:
    """Number, write and chain all rows with a handful of statements, however many they are."""
    _give_enterprises(fresh, now)
    _give_numbers([one.case for one in fresh])
    entries: list[ledger.Entry] = []
    for one in fresh:
        code = numbers.new_follow_up_code()
        one.case.follow_up_digest = numbers.code_digest(code=code, number=one.case.number, pepper=settings.SECRET_KEY)
        entries += _history(one.case, one.matter, actor, now)
    ledger.record_many(entries)
    _insert([one.case for one in fresh])
    _insert_contacts(fresh)


def _give_enterprises(fresh: Sequence["Fresh"], now: dt.datetime) -> None:
    """Say whose matter each is; enterprises not in the directory yet are entered under their credit code."""
    named = [(directory_rules.normalize_uscc(one.matter.enterprise), one) for one in fresh if one.matter.enterprise]
    if not named:
        return
    ids = dict(Enterprise.objects.filter(uscc__in={uscc for uscc, _one in named}).values_list("uscc", "id"))
    for uscc, one in named:
        if uscc not in ids:
            name = one.matter.enterprise_name
            region = one.case.region
            ids[uscc] = directory_services.ensure_enterprise(
                uscc=uscc, region=region, source="bulk", now=now, name=name
            ).id
        one.case.enterprise_id = ids[uscc]


_NUMBER = """
insert into cases_numbering as n (region, period, last)
select * from unnest(%s::text[], %s::text[], %s::int[]) as more(region, period, last) order by 1, 2
on conflict (region, period) do update set last = n.last + excluded.last returning region, period, last
"""


def _give_numbers(cases: Sequence[Case]) -> None:
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.region, f"{clocks.local_date(case.raised_at):%y%m}"), []).append(case)
    with connection.cursor() as cursor:
        cursor.execute(
            _NUMBER,
            [[key[0] for key in groups], [key[1] for key in groups], [len(group) for group in groups.values()]],
        )
        for region, period, last in cursor.fetchall():
            group = groups[region, period]
            for sequence, case in enumerate(group, start=last - len(group) + 1):
                pattern = rulebooks.version(case.rulebook_version).section(Numbering).pattern
                case.number = numbers.format_number(pattern=pattern, region=region, period=period, sequence=sequence)


_COLUMNS = [str(field.column) for field in Case._meta.concrete_fields]
_ATTRIBUTES = [field.attname for field in Case._meta.concrete_fields if field.name != "search"]
_INSERT = (
    f"insert into cases_case ({', '.join(_COLUMNS)})"  # noqa: S608
    f" select {', '.join(_COLUMNS)} from json_populate_recordset(null::cases_case, %s::json)"
)


def _insert(cases: Sequence[Case]) -> None:
    """Write the rows as one JSON document: one round trip, and nothing quoted value by value."""
    rows = []
    for case in cases:
        row = {name: case.__dict__[name] for name in _ATTRIBUTES}
        # Search terms are letters, digits and characters only, so that they need no quoting as a tsvector.
        row["search"] = " ".join(numbers.search_terms([case.title, case.description, case.number]))
        rows.append(row)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [orjson.dumps(rows).decode()])


def _insert_contacts(fresh: Sequence["Fresh"]) -> None:
    """Keep who wrote; an enterprise that is only named, without its credit code, is kept here too."""
    rows = []
    for one in fresh:
        matter = one.matter
        firm = "" if matter.enterprise else matter.enterprise_name
        name = " ".join(part for part in (firm, matter.contact_name) if part)[:120]
        if name or matter.contact_phone:
            rows.append((one.case.id, one.case.region, name, matter.contact_phone))
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into cases_contact (case_id, region, name, phone, email)"
                " select *, '' from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[])",
                [list(column) for column in zip(*rows, strict=True)],
            )


def _history(case: Case, matter: "Past", actor: Actor, now: dt.datetime) -> list[ledger.Entry]:
    """Return the facts of a past matter and bring the row to where they lead: imported → replied → closed."""
    entries = [
        _fact(
            case,
            "case.imported",
            matter.raised_at,
            actor,
            now,
            None,
            {"source": case.source, "source_id": case.source_id},
        )
    ]
    if matter.reply_text or matter.replied_at:
        before = facts.snapshot(case)
        case.reply_text = matter.reply_text
        case.reply_kind = matter.closed_kind or ClosedKind.EXPLAINED.value
        case.replied_at = case.first_contact_at = case.held_at = matter.replied_at or matter.closed_at or now
        case.state = CaseState.REPLIED.value
        said = {"text": case.reply_text, "kind": case.reply_kind}
        entries.append(_fact(case, "case.replied", case.replied_at, actor, now, before, said))
    if matter.closed_at or (matter.closed_kind and case.replied_at):
        before = facts.snapshot(case)
        case.closed_at = case.held_at = matter.closed_at or case.replied_at or now
        case.closed_kind = matter.closed_kind or case.reply_kind or ClosedKind.EXPLAINED.value
        case.reply_kind = case.reply_kind or case.closed_kind
        case.state = CaseState.CLOSED.value
        case.word = Word.NO_RESPONSE.value
        entries.append(_fact(case, "case.closed", case.closed_at, actor, now, before, {"kind": case.closed_kind}))
    return entries


def _fact(
    case: Case,
    kind: str,
    at: dt.datetime,
    actor: Actor,
    now: dt.datetime,
    before: dict[str, Any] | None,
    said: dict[str, Any],
) -> ledger.Entry:
    """Return the fact that brought the row from `before` (None: from nothing) to what it is."""
    changed = facts.snapshot(case) if before is None else facts.changes(before, case)
    return ledger.Entry(
        subject=case,
        stream=case.id,
        kind=kind,
        actor_id=actor.person_id,
        now=at,
        # The ledger writes ids and instants down just as `facts.to_plain` does.
        data={**said, "imported_at": now, "set": changed},
        from_state=before["state"] if before else None,
        to_state=case.state,
        rulebook=str(case.rulebook_version),
    )
