"""Reads of the ledger. All of them run inside `database.reading(…)` or `writing()`; without a scope they see nothing.

Whoever calls these has read the case under the reader's own rule first: a stream's id is no permission.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from bihuan.foundation.ledger import rules
from bihuan.foundation.ledger.models import Checkpoint, Fact

PROOF_FORMAT = "bihuan-proof-1"
RECEIPT_FORMAT = "bihuan-receipt-1"


def history(stream: UUID, *, after: int = 0, limit: int | None = None) -> Sequence[Fact]:
    """Return the facts of a stream in order, those after number `after`, at most `limit`."""
    return list(Fact.objects.filter(stream=stream, seq__gt=after).order_by("seq")[:limit])


def content(fact: Fact) -> dict[str, Any]:
    """Return what a fact says: its canonical content, parsed (fields in docs/reference/ledger-format.md)."""
    parsed: dict[str, Any] = orjson.loads(fact.canonical)
    return parsed


def receipt(fact: Fact) -> dict[str, Any]:
    """Return the document that lets the raiser prove later that this very fact was recorded."""
    return receipt_of(canonical=fact.canonical, sealed=fact.hash)


def receipt_of(*, canonical: str, sealed: str) -> dict[str, Any]:
    """Return a receipt made of what `rules.seal` returned, for writers that do without a Fact."""
    inside = orjson.loads(canonical)
    return {
        "format": RECEIPT_FORMAT,
        "stream": inside["stream"],
        "seq": inside["seq"],
        "hash": sealed,
        "canonical": canonical,
    }


def covering(stream: UUID, *, seq: int | None = None) -> tuple[Checkpoint, dict[str, Any], int] | None:
    """Return (checkpoint, its document, index in its list) for the latest checkpoint that seals a fact of `stream`.

    seq: the number of the fact; without it, the stream's latest.
    """
    rows = Checkpoint.objects.raw(
        "select c.* from ledger_checkpoint c where exists (select from ledger_fact f where f.stream = %s"
        " and f.seq = coalesce(%s, f.seq) and f.position > c.since and f.position <= c.upto) order by c.seq desc",
        [stream, seq],
    )
    for row in rows:
        document = orjson.loads(row.document)
        places = [
            index
            for index, (name, number, _hash) in enumerate(document["heads"])
            if name == str(stream) and seq in (None, number)
        ]
        if places:
            return row, document, places[-1]
    return None


def proof(stream: UUID, *, seq: int | None = None, with_facts: bool = False) -> dict[str, Any] | None:
    """Return the proof that a stream's head is part of the latest checkpoint covering it, or None if none does yet.

    seq: the proof of this fact instead; checkpoints seal the first fact of each stream, for the sake of receipts.

    `standalone_verify.py` checks it without us. with_facts: put the stream's facts in, so that the chain up to the
    head can be checked too; leave them out for people who may not read all of them.
    """
    found = covering(stream, seq=seq)
    if found is None:
        return None
    _row, document, index = found
    heads = document["heads"]
    algorithm = orjson.loads(document["statement"])["root"].partition(":")[0]
    result = {
        "format": PROOF_FORMAT,
        "head": heads[index],
        "index": index,
        "size": len(heads),
        "path": rules.merkle_proof([rules.leaf(*head) for head in heads], index, algorithm),
        "statement": document["statement"],
        "signature": document["signature"],
    }
    if with_facts:
        result["facts"] = [{"canonical": fact.canonical, "hash": fact.hash} for fact in history(stream)]
    return result


def last_of(stream: UUID, *, kind: str) -> dt.datetime | None:
    """Return when the newest fact of a kind was recorded in a stream; None when there is none."""
    return Fact.objects.filter(stream=stream, kind=kind).order_by("-seq").values_list("at", flat=True).first()


def latest(streams: Sequence[UUID], *, without: Sequence[str] = ()) -> dict[UUID, dict[str, Any]]:
    """Return stream → what its newest fact of a kind not in `without` says; one query for a page of a list."""
    sql = (
        "select fact.canonical from unnest(%s::uuid[]) as wanted (id) cross join lateral ("
        " select canonical from ledger_fact where stream = wanted.id and kind <> all(%s)"
        " order by seq desc limit 1) fact"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(streams), list(without)])
        found = [orjson.loads(canonical) for (canonical,) in cursor.fetchall()]
    return {UUID(content["stream"]): content for content in found}
