"""Storing versions: the one place that inserts them, in turn for each region. Callers have checked everything."""

import datetime as dt
import uuid

from django.db import connection

from bihuan.foundation.kernel import database
from bihuan.foundation.rulebooks import loader, rules
from bihuan.foundation.rulebooks.models import RulebookVersion

BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""From when the first packaged default is in force: before any case there can be."""


def store(
    *,
    loaded: loader.Loaded,
    region: str,
    name: str,
    effective_from: dt.datetime,
    applied_by: uuid.UUID | None,
    now: dt.datetime,
    note: str = "",
) -> tuple[RulebookVersion, bool]:
    """Add a version unless the newest of the region says the same; return it and whether it was added."""
    sha = rules.fingerprint(loaded.merged)
    take_turn(region)
    newest = RulebookVersion.objects.filter(region=region).order_by("-number").first()
    if newest and newest.sha == sha and newest.text == loaded.text:
        return newest, False
    version = RulebookVersion(
        region=region,
        number=newest.number + 1 if newest else 1,
        name=name,
        text=loaded.text,
        merged=loaded.merged,
        sha=sha,
        effective_from=effective_from,
        applied_by_id=applied_by,
        applied_at=now,
        note=note,
    )
    version.save(force_insert=True)
    return version, True


def take_turn(region: str) -> None:
    """Wait until nobody else adds a version to the region; holds until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('rulebooks'), hashtext(%s))", [region])


def newest_number(region: str) -> int:
    """Return the number of the newest version of exactly this region, 0 when it has none."""
    numbers = RulebookVersion.objects.filter(region=region).order_by("-number").values_list("number", flat=True)
    return numbers.first() or 0


def store_default(*, now: dt.datetime) -> RulebookVersion:
    """Keep the packaged default as a version of the whole country; a changed one is in force from `now`."""
    loaded = loader.load(loader.packaged(loader.DEFAULT), source=f"{loader.DEFAULT}.yaml")
    with database.writing():
        first = not RulebookVersion.objects.filter(region=rules.NATIONAL).exists()
        version, _ = store(
            loaded=loaded,
            region=rules.NATIONAL,
            name=loader.DEFAULT,
            effective_from=BEGINNING if first else now,
            applied_by=None,
            now=now,
        )
    return version
