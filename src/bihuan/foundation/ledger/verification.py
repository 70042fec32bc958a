"""Proving the ledger whole: chains, heads and checkpoints, as they stand in the database and in the files."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import checkpoints, heads, keys, rules
from bihuan.foundation.ledger.models import Checkpoint

Progress = Callable[[int, int], None]
BATCH = 5000

WORDINGS = {
    "altered": _("The content was changed after it was sealed"),
    "unreadable": _("The content cannot be read"),
    "uncanonical": _("The content is not written in the one permitted way"),
    "columns": _("A column says something else than the sealed content"),
    "gap": _("A fact before this one is missing"),
    "reordered": _("The order of the facts was changed"),
    "unlinked": _("The link to the fact before does not hold"),
    "truncated": _("The latest facts are missing"),
    "head_differs": _("The latest fact is not the one its matter names"),
    "head_behind": _("There are facts after the one its matter names as the latest"),
    "headless": _("There are facts, but the matter they belong to is missing"),
    "sealed_missing": _("A fact that a checkpoint sealed is missing"),
    "sealed_differs": _("A fact is not the one that a checkpoint sealed"),
    "checkpoint_unreadable": _("The checkpoint cannot be read"),
    "checkpoint_signature": _("The signature of the checkpoint is wrong"),
    "checkpoint_untrusted_key": _("The checkpoint is signed with a key that is not ours"),
    "checkpoint_root": _("The checkpoint's list is not the one it was signed for"),
    "checkpoint_unlinked": _("The link to the checkpoint before does not hold"),
    "checkpoint_columns": _("The checkpoint's row says something else than its document"),
    "checkpoint_row_missing": _("The checkpoint is missing in the database"),
    "checkpoint_file_missing": _("The checkpoint's file is missing"),
    "checkpoint_file_differs": _("The checkpoint's file is not the one in the database"),
    "export_cut": _("The end of the export is missing"),
    "export_altered": _("The export is not the one that was signed"),
    "export_untrusted_key": _("The export is signed with a key that is not ours"),
}
"""Flaw id → sentence. For checkpoints `Flaw.seq` is the number of the checkpoint, and `stream` is None."""


def verify(*, stream: UUID | None = None, progress: Progress | None = None) -> rules.Report:
    """Recompute all chains, or the one of `stream`, and compare them with heads, checkpoints and files.

    Sees one snapshot of the database, changes nothing and needs constant memory. progress(done, total) is called
    every few thousand facts. The ids of flaws are the keys of WORDINGS.
    """
    report = rules.Report()
    with snapshot():
        rules.verify_chain(sealed_facts(stream, progress), report)
        _check_heads(report, stream)
        _check_checkpoints(report, stream)
    return report


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """See all rows as of one instant. Inside a caller's transaction, its isolation is what there is."""
    if connection.in_atomic_block:
        with database.reading(database.SERVICE):
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        with database.reading(database.SERVICE):
            yield


def sealed_facts(stream: UUID | None, progress: Progress | None = None) -> Iterator[rules.Sealed]:
    """Yield the facts of all streams, or one, ordered by (stream, seq), through a server-side cursor.

    The items are plain tuples in the order of `rules.Sealed`, made a million times. Needs a transaction.
    """
    where, parameters = ("where stream = %s", [stream]) if stream else ("", [])
    query = (
        "select stream::text, seq, region, kind,"  # noqa: S608
        """ to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor_id::text, hash, canonical"""
        f" from ledger_fact {where} order by stream, seq"
    )
    total = 0
    with connection.cursor() as cursor:
        cursor.execute("set local cursor_tuple_fraction = 1")  # all rows are wanted, not the first few
        if progress:
            cursor.execute(f"select count(*) from ledger_fact {where}", parameters)  # noqa: S608
            total = cursor.fetchone()[0]
    with connection.connection.cursor(name="ledger_facts", binary=True) as cursor:
        cursor.itersize = BATCH
        cursor.execute(query, parameters)
        done = 0
        for row in cursor:
            yield row
            done += 1
            if progress and done % BATCH == 0:
                progress(done, total)
    if progress:
        progress(done, total)


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _deviating(items: list[tuple[Any, int, str]], *, last: bool) -> list[tuple[str, int, bool, bool]]:
    """Return (stream, seq, absent, differs) of those (stream, seq, hash) that the facts do not bear out.

    last: each is said to be the latest fact of its stream, so one after it is a deviation too (neither absent nor
    different).
    """
    later = "exists (select from ledger_fact n where n.stream = h.stream and n.seq = h.seq + 1)" if last else "false"
    with connection.cursor() as cursor:
        cursor.execute(
            "select h.stream::text, h.seq, f.hash is null, f.hash <> h.hash"  # noqa: S608
            " from unnest(%s::uuid[], %s::int[], %s::text[]) as h(stream, seq, hash)"
            " left join ledger_fact f on f.stream = h.stream and f.seq = h.seq"
            f" where f.hash is distinct from h.hash or {later}",
            [list(column) for column in zip(*items, strict=True)],
        )
        return [(stream, seq, absent, bool(differs)) for stream, seq, absent, differs in cursor.fetchall()]


def _all_heads(stream: UUID | None) -> Iterator[heads.Head]:
    for provider in heads.providers():
        yield from provider(stream)


def _check_heads(report: rules.Report, stream: UUID | None) -> None:
    if not heads.providers():
        return
    known = 0
    for batch in _batches(_all_heads(stream)):
        known += len(batch)
        for name, seq, absent, differs in _deviating(batch, last=True):
            report.add("truncated" if absent else "head_differs" if differs else "head_behind", name, seq)
    if known == report.streams:  # as many heads as chains, and each head has its chain: none is headless
        return
    owned = {head for head, _seq, _hash in _all_heads(stream)}
    condition, parameters = ("and stream = %s", [stream]) if stream else ("", [])
    with connection.connection.cursor(name="ledger_streams") as cursor:
        cursor.execute(f"select distinct stream from ledger_fact where true {condition}", parameters)  # noqa: S608
        for (found,) in cursor:
            if found not in owned:
                report.add("headless", str(found))


def _check_checkpoints(report: rules.Report, stream: UUID | None) -> None:
    rows = Checkpoint.objects.order_by("seq")
    if stream:
        rows = rows.filter(document__contains=str(stream))
    numbers = set(rows.values_list("seq", flat=True))
    unrecorded = set(checkpoints.laid_down()) - set(Checkpoint.objects.values_list("seq", flat=True))
    trusted = keys.trusted()
    before: str | None = None
    covered = 0
    for seq in sorted(numbers | unrecorded):
        row = Checkpoint.objects.filter(seq=seq).first()
        texts = _both_texts(report, seq, row)
        for text in texts:
            covered = max(covered, _check_document(report, seq, text, trusted, stream))
        statement = _statement(texts[0])
        if stream is None and statement is not None:
            check_link(report, seq, statement, before)
        before = statement
    report.checkpoints = len(numbers | unrecorded)
    report.pending = report.facts - covered if stream else _pending()


def _pending() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from ledger_fact where position >"
            " coalesce((select settled from ledger_checkpoint order by seq desc limit 1), 0)"
        )
        return int(cursor.fetchone()[0])


def _both_texts(report: rules.Report, seq: int, row: Checkpoint | None) -> list[str]:
    """Return the distinct texts of checkpoint `seq`, the database's first."""
    file = checkpoints.read(seq)
    if row is None:
        report.add("checkpoint_row_missing", None, seq)
        return [file or ""]
    if not _columns_agree(row):
        report.add("checkpoint_columns", None, seq)
    if file is None:
        report.add("checkpoint_file_missing", None, seq)
        return [row.document]
    if file != row.document:
        report.add("checkpoint_file_differs", None, seq)
        return [row.document, file]
    return [row.document]


def _columns_agree(row: Checkpoint) -> bool:
    try:
        document = orjson.loads(row.document)
        inside = orjson.loads(document["statement"])
        stated = (inside["seq"], inside["root"], inside["previous"] or "", inside["heads"], inside["made_at"])
    except (ValueError, KeyError, TypeError):
        return False
    columns = (row.seq, row.merkle_root, row.previous, row.heads, rules.instant(row.made_at))
    return stated == columns and document["signature"] == row.signature


def _statement(text: str) -> str | None:
    try:
        return str(orjson.loads(text)["statement"])
    except (ValueError, KeyError, TypeError):
        return None


def check_link(report: rules.Report, seq: int, statement: str, before: str | None) -> None:
    """Note `checkpoint_unlinked` unless `statement` names `before` (None: it is the first) as the one before it."""
    try:
        link = orjson.loads(statement)["previous"]
        holds = link is None if before is None else link is not None and rules.matches(link, before.encode())
    except (ValueError, KeyError, TypeError, AttributeError):
        holds = False
    if not holds:
        report.add("checkpoint_unlinked", None, seq)


def _check_document(report: rules.Report, seq: int, text: str, trusted: frozenset[str], stream: UUID | None) -> int:
    """Check one text of a checkpoint and the facts it seals; return the highest number it covers (of `stream`)."""
    try:
        document = orjson.loads(text)
    except ValueError:
        document = {}
    found = checkpoints.flaws(document, trusted=trusted)
    for flaw in found:
        report.add(f"checkpoint_{flaw}", None, seq)
    if set(found) - {"untrusted_key"}:
        return 0
    sealed = [tuple(head) for head in document["heads"] if stream is None or head[0] == str(stream)]
    for batch in _batches(sealed):
        for name, number, absent, _differs in _deviating(batch, last=False):
            report.add("sealed_missing" if absent else "sealed_differs", name, number, checkpoints.file_name(seq))
    return max((number for _name, number, _hash in sealed), default=0)


def sentence(flaw: rules.Flaw) -> str:
    """Return what a flaw means, in the active language."""
    return str(WORDINGS[flaw.what])
