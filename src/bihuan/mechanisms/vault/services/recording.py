"""The ledger of views: every look and every deed in the vault, chained, in the transaction of what it records."""

import contextlib
import datetime as dt
import uuid
from typing import Any

from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import rules as ledger
from bihuan.foundation.ledger import services as chains

from ..models import INSIDE, Chain, Clue, Entry

_STREAMS = uuid.UUID("9f2d6b0e-6d0c-4a62-9d0a-6f6c1f4f6a10")


def inside() -> contextlib.AbstractContextManager[None]:
    """Work in the vault: one transaction under its own PostgreSQL role, which sees nothing else."""
    return database.reading(INSIDE)


def stream_of(region: str) -> uuid.UUID:
    """Return the id of a region's chain."""
    return uuid.uuid5(_STREAMS, region)


def enter(
    *, region: str, kind: str, at: dt.datetime, actor_id: uuid.UUID | None, clue: Clue | None = None, **data: Any
) -> Entry:
    """Add one entry and return it. data: codes, counts and digests, never words of anybody. Locks the chain last."""
    Chain.objects.get_or_create(region=region)
    chain = Chain.objects.select_for_update().get(region=region)
    chain.last_seq += 1
    content = ledger.content(
        stream=stream_of(region),
        seq=chain.last_seq,
        region=region,
        kind=kind,
        at=at,
        actor=actor_id,
        on_behalf_of=None,
        from_state=None,
        to_state=clue.stage if clue else None,
        reason=None,
        rulebook=None,
        data={**data, **({"clue": str(clue.id)} if clue else {})},
    )
    canonical, chain.last_hash = ledger.seal(chain.last_hash, content, chains.algorithm())
    chain.save()
    return Entry.objects.create(
        stream=stream_of(region),
        seq=chain.last_seq,
        region=region,
        kind=kind,
        at=at,
        actor_id=actor_id,
        clue_id=clue.id if clue else None,
        hash=chain.last_hash,
        canonical=canonical,
    )
