"""Reads of the dispatch catalogue: the edition in force, its entries as the machine uses them, and how they fared."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from bihuan.casework.cases.permissions import THE_SYSTEM
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.directory.recent import Recent
from bihuan.foundation.kernel import database, errors

from ..models import Edition, Entry, Proposal

EDITIONS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Matter:
    """An entry with its departments, and how often it was used and overruled since its matter is in a catalogue."""

    entry: Entry
    lead: Department
    co: tuple[Department, ...]
    barred: tuple[Department, ...]
    used: int
    overruled: int

    @property
    def words(self) -> tuple[str, ...]:
        """The words by which it is recognized."""
        return tuple(self.entry.words)


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """An edition (None: there is no catalogue) and its matters in the order of the file."""

    edition: Edition | None
    matters: tuple[Matter, ...] = ()

    def by_key(self, key: str) -> Matter | None:
        """Return the matter with this key, or None."""
        return next((one for one in self.matters if one.entry.key == key), None) if key else None


_recent: Recent[Catalogue] = Recent()


def forget() -> None:
    """Forget what this process remembers of catalogues."""
    _recent.forget()


def current(region: str) -> Catalogue:
    """Return the catalogue in force in a county; remembered for up to five seconds in each process."""

    def read() -> Catalogue:
        with database.reading(THE_SYSTEM.scope()):
            return _catalogue(in_force(region[:6]))

    return _recent.get(region[:6], read)


def in_force(region: str) -> Edition | None:
    """Return the newest edition in force of a county. Call inside `reading` or `writing`."""
    rows = Edition.objects.filter(region=region, in_force_at__isnull=False)
    return rows.order_by("-in_force_at", "-number").first()


def edition(*, region: str, number: int) -> Catalogue:
    """Return one edition, in force or not. Raises NotFound."""
    with database.reading(THE_SYSTEM.scope()):
        found = Edition.objects.filter(region=region[:6], number=number).first()
        if found is None:
            raise errors.NotFound(code="edition_not_found")
        return _catalogue(found)


def editions(region: str) -> list[Edition]:
    """Return the newest editions of a county, newest first."""
    with database.reading(THE_SYSTEM.scope()):
        return list(Edition.objects.filter(region=region[:6]).order_by("-number")[:EDITIONS_SHOWN])


def _catalogue(found: Edition | None) -> Catalogue:
    if found is None:
        return Catalogue(edition=None)
    departments = {one.id: one for one in directory.departments(found.region)}
    fared = _fared(found.region)
    matters = []
    for entry in Entry.objects.filter(edition=found).order_by("position"):
        used, overruled = fared.get(entry.key, (0, 0))
        matters.append(
            Matter(
                entry=entry,
                lead=departments[entry.lead_id],
                co=_known(departments, entry.co_ids),
                barred=_known(departments, entry.barred_ids),
                used=used,
                overruled=overruled,
            )
        )
    return Catalogue(edition=found, matters=tuple(matters))


def _known(departments: Mapping[uuid.UUID, Department], ids: list[uuid.UUID]) -> tuple[Department, ...]:
    return tuple(departments[one] for one in ids if one in departments)


def _fared(region: str) -> dict[str, tuple[int, int]]:
    """Return key of a matter → (how often a lead was decided on, how often another one than proposed).

    Counted over all cases of the county, whoever asks: how an entry fares is no secret of a case.
    """
    rows = (
        Proposal.objects.filter(region=region, right_lead__isnull=False, chosen_by=None)
        .exclude(key="")
        .values_list("key")
        .annotate(used=Count("id"), overruled=Count("id", filter=Q(right_lead=False)))
    )
    return {key: (used, overruled) for key, used, overruled in rows}
