"""The only writers of the ledger: facts and checkpoints."""

import datetime as dt
import os
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

from bihuan.foundation.kernel import database, events
from bihuan.foundation.ledger import checkpoints, facts, rules
from bihuan.foundation.ledger.models import Chained, Checkpoint, Fact

FACTS_PER_CHECKPOINT = 10_000
"""Bounds a checkpoint's size and so the cost of a proof; a big import simply gets several checkpoints."""
PATIENCE = 2.0
"""Seconds to wait for writers that are just finishing. Longer ones are covered by a later checkpoint."""
CHECKPOINT_LOCK = 0x6269_6875_616E_01
"""Key of the advisory lock ("bihuan", 1): one checkpoint at a time."""

_COLUMNS = ("stream", "seq", "region", "kind", "at", "actor_id", "hash", "canonical")
_INTO = f"insert into ledger_fact ({', '.join(_COLUMNS)})"
_INSERT = f"{_INTO} values (%s, %s, %s, %s, %s, %s, %s, %s) returning position"
_INSERT_AND_SAVE = (
    f"with fact as ({_INSERT})"  # noqa: S608
    " update {table} set {values} where {key} = %s returning (select position from fact)"
)
_INSERT_MANY = (
    f"{_INTO} select * from unnest("  # noqa: S608
    "%s::uuid[], %s::int[], %s::text[], %s::text[], %s::timestamptz[], %s::uuid[], %s::text[],"
    " string_to_array(%s, chr(10)))"
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One fact to be recorded by `record_many`; the fields are the arguments of `record`."""

    subject: Chained
    stream: UUID
    kind: str
    actor_id: UUID | None
    now: dt.datetime
    data: dict[str, Any]
    on_behalf_of: str | None = None
    from_state: str | None = None
    to_state: str | None = None
    reason: str | None = None
    rulebook: int | str | UUID | None = None


def algorithm() -> str:
    """Return the hash algorithm for new facts: BIHUAN_LEDGER_HASH, else sm3 where Python has it, else sha256.

    Old facts keep theirs; each hash names its own. Raises ImproperlyConfigured.
    """
    chosen = os.environ.get("BIHUAN_LEDGER_HASH") or ("sm3" if rules.available("sm3") else "sha256")
    if not rules.available(chosen):
        raise ImproperlyConfigured(f"BIHUAN_LEDGER_HASH={chosen}: not one of {rules.ALGORITHMS}, or not in this Python")
    return chosen


def record(
    *,
    subject: Chained,
    stream: UUID,
    kind: str,
    actor_id: UUID | None,
    now: dt.datetime,
    data: dict[str, Any],
    on_behalf_of: str | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    reason: str | None = None,
    rulebook: int | str | UUID | None = None,
    save: Collection[str] | None = None,
) -> Fact:
    """Append one fact to the chain `stream` with one INSERT and return it.

    The caller holds the row `subject` locked (select_for_update, or has just made it) and saves its `last_seq` and
    `last_hash`, which move on here, with its own UPDATE; otherwise the next fact fails on UNIQUE (stream, seq).
    save: names of changed fields of `subject`, which are then saved with its head, in the statement of the fact.
    actor_id: None stands for the product itself. on_behalf_of: in whose name, a code or an id. data: what else
    belongs to the fact, in ids, codes and text (see `rules.canonical`). Telephone numbers, names of informants and
    the like never go into it, for facts cannot be deleted: put `rules.salted_digest` of them.
    Raises facts.UnknownKind, rules.NotCanonical, events.OutsideTransaction.
    """
    entry = Entry(
        subject=subject,
        stream=stream,
        kind=kind,
        actor_id=actor_id,
        now=now,
        data=data,
        on_behalf_of=on_behalf_of,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        rulebook=rulebook,
    )
    _require_transaction()
    row = _append(entry, algorithm())
    found = database.fetch(_INSERT, row) if save is None else _insert_and_save(row, subject, save)
    return Fact(**dict(zip(_COLUMNS, row, strict=True)), position=found[0][0])


def record_and_save(
    subject: Chained,
    *,
    kind: str,
    actor_id: UUID | None,
    now: dt.datetime,
    said: Mapping[str, Any],
    on_behalf_of: str | None = None,
    came_from: str | None = None,
    changed: Iterable[str] | None = None,
    made: bool = False,
) -> Fact:
    """Append one fact to the chain of the row itself, save the row with it, and return the fact.

    For a row whose chain bears its own id: what it says of its state, reason and rulebook is read from it and from
    `said`. came_from: the state before, where it changed. changed: the fields to be saved; None: all of them, and a row
    just `made` is inserted whole. The duties of the caller and the errors are those of `record`.
    """
    state = getattr(subject, "state", None) or None
    fields = [one.name for one in subject._meta.concrete_fields if not one.primary_key] if changed is None else changed
    fact = record(
        subject=subject,
        stream=subject.pk,
        kind=kind,
        actor_id=actor_id,
        on_behalf_of=on_behalf_of,
        now=now,
        data=dict(said),
        from_state=came_from or (None if made else state),
        to_state=state,
        reason=said.get("reason"),
        rulebook=str(getattr(subject, "rulebook_version", None) or "") or None,
        save=None if made else tuple(fields),
    )
    if made:
        subject.save(force_insert=True)
    return fact


def _insert_and_save(row: tuple[Any, ...], subject: Chained, names: Collection[str]) -> list[tuple[Any, ...]]:
    meta = subject._meta
    fields: list[Any] = [meta.get_field(name) for name in dict.fromkeys((*names, "last_seq", "last_hash"))]
    quoted = connection.ops.quote_name
    text = _INSERT_AND_SAVE.format(
        table=quoted(meta.db_table),
        values=", ".join(f"{quoted(field.column)} = %s" for field in fields),
        key=quoted(str(meta.pk.column)),
    )
    values = [field.get_db_prep_save(getattr(subject, field.attname), connection) for field in fields]
    found = database.fetch(text, [*row, *values, subject.pk])
    if not found:
        raise DatabaseError(f"the row of {meta.label} {subject.pk} is not there")
    return found


def record_many(entries: Iterable[Entry]) -> int:
    """Append many facts, in the order given, with one INSERT, and return their number.

    For imports of histories; the duties of the caller and the errors are those of `record`. All rows are held in
    memory: hand over some thousands at a time.
    """
    _require_transaction()
    chosen = algorithm()
    rows = [_append(entry, chosen) for entry in entries]
    if rows:
        *columns, texts = (list(column) for column in zip(*rows, strict=True))
        with connection.cursor() as cursor:
            # Canonical text has no line breaks, and joining is far cheaper than quoting it as an array.
            cursor.execute(_INSERT_MANY, [*columns, "\n".join(texts)])
    return len(rows)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise events.OutsideTransaction("a fact must be recorded in the transaction of its cause")


def _append(entry: Entry, chosen: str) -> tuple[Any, ...]:
    """Move the subject's head on by one fact and return that fact's row."""
    facts.check(entry.kind)
    subject, seq = entry.subject, entry.subject.last_seq + 1
    content = rules.content(
        stream=entry.stream,
        seq=seq,
        region=subject.region,
        kind=entry.kind,
        at=entry.now,
        actor=entry.actor_id,
        on_behalf_of=entry.on_behalf_of,
        from_state=entry.from_state,
        to_state=entry.to_state,
        reason=entry.reason,
        rulebook=entry.rulebook,
        data=entry.data,
    )
    text, sealed = rules.seal(subject.last_hash, content, chosen)
    subject.last_seq, subject.last_hash = seq, sealed
    return entry.stream, seq, subject.region, entry.kind, entry.now, entry.actor_id, sealed, text


def checkpoint(*, now: dt.datetime) -> list[Checkpoint]:
    """Seal the heads of all chains that moved since the last checkpoint, and their first facts if they began since.

    Returns the checkpoints made, if any.

    Each is signed, linked to the one before, stored as a row and, once committed, laid down as a file outside the
    database; files that a crash kept from being written are written now. Safe to run in several processes at once.
    Raises checkpoints.CheckpointExists if a file of that number is there with another content.
    """
    goal = _top()
    made = []
    while one := _one_checkpoint(now):
        made.append(one)
        if one.upto >= goal:  # what was written since then waits for the next run
            break
    transaction.on_commit(_lay_down_missing)
    return made


def _one_checkpoint(now: dt.datetime) -> Checkpoint | None:
    with database.writing(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [CHECKPOINT_LOCK])
        last = Checkpoint.objects.order_by("-seq").first()
        since = last.settled if last else 0
        top, all_settled = _horizon()
        heads, upto = _moved_heads(since, top)
        if not heads:
            return None
        seq = max([last.seq if last else 0, *checkpoints.laid_down()]) + 1
        previous = _statement_hash(last) if last else ""
        document = checkpoints.compose(seq=seq, made_at=now, previous=previous, heads=heads, algorithm=algorithm())
        return Checkpoint.objects.create(
            seq=seq,
            made_at=now,
            since=since,
            upto=upto,
            settled=upto if all_settled else since,
            merkle_root=orjson.loads(document["statement"])["root"],
            previous=previous,
            heads=len(heads),
            signature=document["signature"],
            file_name=checkpoints.file_name(seq),
            document=orjson.dumps(document).decode() + "\n",
        )


def _statement_hash(last: Checkpoint) -> str:
    return rules.digest(algorithm(), orjson.loads(last.document)["statement"].encode())


def _top() -> int:
    """Return the highest position given out so far; what holds it may not be committed yet, or never."""
    with database.writing(), connection.cursor() as cursor:
        cursor.execute("select case when is_called then last_value else 0 end from ledger_fact_position_seq")
        return int(cursor.fetchone()[0])


def _horizon() -> tuple[int, bool]:
    """Return (top, all_settled): the highest position given out, and whether every fact up to it can be seen.

    Positions are given out at INSERT, but seen at COMMIT, in another order. Whoever got a position up to `top` held
    the table's lock before we read `top`, so it is either finished (then the next statement sees its facts) or among
    the lock's holders asked for afterwards. We give those a moment to finish. This looks at writers of the ledger
    only: a long transaction elsewhere on the server delays nothing.
    """
    top = _top()
    writers = _writers()
    give_up = time.monotonic() + PATIENCE
    while writers and time.monotonic() < give_up:
        time.sleep(0.01)
        writers &= _writers()
    return top, not writers


def _writers() -> set[str]:
    """Return the other transactions that have written to the table of facts and are not finished."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select virtualtransaction from pg_locks where relation = 'ledger_fact'::regclass"
            " and locktype = 'relation' and mode = 'RowExclusiveLock' and granted"
            " and database = (select oid from pg_database where datname = current_database())"
            " and pid is distinct from pg_backend_pid()"
        )
        return {row[0] for row in cursor.fetchall()}


def _moved_heads(since: int, top: int) -> tuple[list[tuple[str, int, str]], int]:
    """Return the heads of the chains that moved after `since`, without those already covered, and how far we looked.

    A chain that began there has its first fact in it too: the raiser's receipt must be provable without the later
    facts, not all of which the raiser may read.

    Looks at FACTS_PER_CHECKPOINT facts, and on to the next ones only while all heads found are covered already
    (they are when a slow writer kept an earlier checkpoint from settling).
    """
    covered = _covered(since)
    with connection.cursor() as cursor:
        while since < top:
            cursor.execute(
                "select position from ledger_fact where position > %s and position <= %s"
                " order by position offset %s limit 1",
                [since, top, FACTS_PER_CHECKPOINT - 1],
            )
            full = cursor.fetchone()
            upto = full[0] if full else top
            cursor.execute(
                "with moved as (select stream, seq, hash from ledger_fact where position > %s and position <= %s)"
                " select stream::text, seq, hash from moved where seq = 1"
                " or not exists (select from moved later where later.stream = moved.stream and later.seq > moved.seq)"
                " order by moved.stream, seq",
                [since, upto],
            )
            heads = [head for head in cursor.fetchall() if head[1] > covered.get(head[0], 0)]
            if heads:
                return heads, upto
            since = upto
    return [], top


def _covered(since: int) -> dict[str, int]:
    """Return stream → highest number covered by the checkpoints that looked beyond `since`."""
    covered: dict[str, int] = {}
    for document in Checkpoint.objects.filter(upto__gt=since).values_list("document", flat=True).iterator():
        for stream, seq, _hash in orjson.loads(document)["heads"]:
            covered[stream] = max(seq, covered.get(stream, 0))
    return covered


def _lay_down_missing() -> None:
    """Write the files of the latest checkpoints that have none; a hole further back is evidence, and stays."""
    newest = max(checkpoints.laid_down(), default=0)
    with database.reading(database.SERVICE):
        for row in Checkpoint.objects.filter(seq__gt=newest).order_by("seq").iterator():
            checkpoints.lay_down(row.seq, row.document)
