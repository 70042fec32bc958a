"""Keeping the vault: who looked, whether the ledger of views is whole, and sealing everything anew under a new key."""

import datetime as dt
from collections.abc import Callable, Iterable

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import errors, sealing
from bihuan.foundation.ledger import rules as ledger

from .. import permissions, selectors
from ..models import Clue, Entry, IdentityRequest, Informant, Message, Sealed
from . import recording

BATCH = 200
TABLES: tuple[type[Sealed], ...] = (Clue, Informant, Message, IdentityRequest)
Progress = Callable[[int, int], None]


def open_views(
    *, actor: Actor, now: dt.datetime, region: str = "", before: int | None = None
) -> tuple[list[tuple[Entry, str]], int | None, str, tuple[str, ...]]:
    """Return (entries, where the next page begins, region, all regions with a chain) of the ledger of views.

    The look at it is an entry too. Raises Forbidden.
    """
    permissions.check_watches(actor)
    held = set(selectors.regions_of(actor, *permissions.WATCHERS))
    with recording.inside():
        known = tuple(sorted(held & set(selectors.heads())))
        region = region if region in known else next(iter(known), "")
        if region:
            recording.enter(region=region, kind="views_read", at=now, actor_id=actor.person_id)
    rows, following = selectors.views(actor=actor, region=region, before=before)
    return rows, following, region, known


def verify() -> ledger.Report:
    """Prove the ledger of views whole: chains, and their heads. Flaws are those of the ledger."""
    with recording.inside():
        report = ledger.verify_chain(selectors.entries())
        last = {one.region: one for one in Entry.objects.order_by("region", "-seq").distinct("region")}
        for region, (seq, head) in selectors.heads().items():
            found = last.get(region)
            stream = str(recording.stream_of(region))
            if found is None or found.seq < seq:
                report.add("truncated", stream, seq)
            elif (found.seq, found.hash) != (seq, head):
                report.add("head_differs", stream, seq)
    return report


def rotate(*, now: dt.datetime, progress: Progress | None = None) -> int:
    """Seal everything under the key that is now the first; return how many rows were behind.

    Small batches, each committed: stopped, it goes on where it was, and people work meanwhile. Raises Unavailable.
    """
    primary = sealing.keyring().primary
    with recording.inside():
        total = sum(table._default_manager.exclude(key=primary).count() for table in TABLES)
    done, regions = 0, set()
    for table in TABLES:
        while batch := _batch(table, primary):
            done += len(batch)
            regions |= set(batch)
            if progress:
                progress(done, max(total, done))
    if done:
        with recording.inside():
            for region in sorted(regions):
                recording.enter(region=region, kind="rotated", at=now, actor_id=None, key=primary)
    return done


def _batch(table: type[Sealed], primary: str) -> list[str]:
    """Seal the next rows of a table anew; return their regions."""
    with recording.inside():
        rows = table._default_manager.select_for_update().exclude(key=primary).order_by("id")[:BATCH]
        found = list(rows)
        for row in found:
            row.seal_anew()
            row.save(update_fields=["key", *(f"sealed_{name}" for name in table.SEALED)])
    return [row.region for row in found]


def keys_in_use() -> dict[str, int]:
    """Return key id → rows sealed with it: a key may be thrown away when nothing needs it (and no backup does)."""
    found: dict[str, int] = {}
    with recording.inside():
        for table in TABLES:
            for key in table._default_manager.values_list("key", flat=True).iterator():
                found[key] = found.get(key, 0) + 1
    return found


def why_locked() -> errors.Problem | None:
    """Return why nothing can be sealed or opened here, or None."""
    try:
        known = sealing.keyring().keys
    except errors.Problem as problem:
        return problem
    unknown: Iterable[str] = sorted(set(keys_in_use()) - set(known))
    return sealing.unknown(next(iter(unknown))) if unknown else None
