"""Reads of rulebooks. Rulebooks are public inside the product: every reader may see every version."""

import datetime as dt
import functools
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel

from bihuan.foundation.directory.recent import Recent
from bihuan.foundation.kernel import errors
from bihuan.foundation.rulebooks import loader, registry, rules, versions
from bihuan.foundation.rulebooks.models import RulebookVersion

M = TypeVar("M", bound=BaseModel)
Known = tuple[tuple[str, dt.datetime, int, uuid.UUID], ...]

_known: Recent[Known] = Recent()


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """One version, validated. Immutable and shared between threads; ask for a part with `section`."""

    id: uuid.UUID
    number: int
    region: str
    name: str
    sha: str
    effective_from: dt.datetime
    sections: Mapping[str, BaseModel] = field(repr=False)

    @overload
    def section(self, which: type[M]) -> M: ...
    @overload
    def section(self, which: str) -> Any: ...
    def section(self, which: type[M] | str) -> M | Any:
        """Return a section by its name or, typed, by its model. Raises LookupError for one nobody registered."""
        name = which if isinstance(which, str) else registry.name_of(which)
        if name not in self.sections:
            raise LookupError(f"there is no rulebook section called {name}")
        return self.sections[name]


def in_force(region: str, at: dt.datetime) -> Rulebook:
    """Return the rulebook that holds in `region` at the instant `at`.

    It is the newest effective version of the region itself, else of the nearest region above (GB/T 2260), else the
    packaged default, which is stored on first use. Remembered for up to five seconds in each process.
    """
    found = _pick(_all(region), region, at)
    if found is None:
        versions.store_default(now=at)
        _known.forget(region)
        found = _pick(_all(region), region, at)
    if found is None:
        raise errors.Unavailable(_("There is no rulebook in force at this time."), code="rulebook_missing")
    return version(found)


def _all(region: str) -> Known:
    # Tests roll back, which nobody tells this memory, so there every call asks.
    return _known.get(region, lambda: _read(region)) if settings.MODE != "test" else _read(region)


def _read(region: str) -> Known:
    rows = RulebookVersion.objects.filter(region__in=rules.lineage(region))
    return tuple(rows.values_list("region", "effective_from", "number", "id"))


def _pick(known: Known, region: str, at: dt.datetime) -> uuid.UUID | None:
    for code in rules.lineage(region):
        effective = [row for row in known if row[0] == code and row[1] <= at]
        if effective:
            return max(effective, key=lambda row: (row[1], row[2]))[3]
    return None


@functools.lru_cache(maxsize=512)
def version(version_id: uuid.UUID) -> Rulebook:
    """Return the version with this id; remembered for good, since versions never change. Raises errors.NotFound."""
    row = RulebookVersion.objects.defer("text").filter(pk=version_id).first()
    if row is None:
        raise errors.NotFound(_("There is no such version of a rulebook."), code="rulebook_version_unknown")
    return Rulebook(
        id=row.id,
        number=row.number,
        region=row.region,
        name=row.name,
        sha=row.sha,
        effective_from=row.effective_from,
        sections=loader.rebuild(row.merged),
    )


def history(region: str) -> QuerySet[RulebookVersion]:
    """Return all versions of exactly this region, newest first, with text and merged content."""
    return RulebookVersion.objects.filter(region=region).select_related("applied_by").order_by("-number")


def holding(regions: Iterable[str], *, at: dt.datetime) -> frozenset[uuid.UUID]:
    """Return the ids of the versions that hold in the regions by their own at an instant (one query)."""
    rows = RulebookVersion.objects.filter(region__in=set(regions), effective_from__lte=at)
    chosen = rows.order_by("region", "-effective_from", "-number").distinct("region")
    return frozenset(chosen.values_list("id", flat=True))


def regions_with_their_own(regions: Iterable[str], *, at: dt.datetime) -> frozenset[str]:
    """Return those of the regions for which a version of their own is in force at an instant (one query)."""
    rows = RulebookVersion.objects.filter(region__in=set(regions), effective_from__lte=at)
    return frozenset(rows.values_list("region", flat=True))


def applied() -> QuerySet[RulebookVersion]:
    """Return the newest version of every region, by region, without texts."""
    newest = RulebookVersion.objects.order_by("region", "-number").distinct("region")
    return newest.defer("text", "merged")


def forget() -> None:
    """Forget what this process remembers of which version is in force (after a change, and between tests)."""
    _known.forget()
