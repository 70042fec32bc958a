"""Who fits a clause, out of the maps of matches."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors

from .. import permissions
from ..models import BLOCK, Clause, Match, Profile
from ..rules import columns
from .library import find_clause

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Matched:
    """One enterprise that fits a clause, or would if something were known; serial: where the list goes on."""

    serial: int
    uscc: str
    name: str
    area: str


def counts(clauses: list[Clause]) -> dict[uuid.UUID, tuple[int, int]]:
    """Return clause → how many fit, how many miss something. Call inside a transaction; one query."""
    rows = Match.objects.filter(clause__in=[one.id for one in clauses]).values("clause")
    summed = rows.annotate(yes=Sum("yes_count"), unknown=Sum("unknown_count")).order_by()
    return {row["clause"]: (row["yes"], row["unknown"]) for row in summed}


def counted(*, clauses: list[Clause], actor: Actor) -> dict[uuid.UUID, tuple[int, int]]:
    """Return the counts of the clauses of which the actor may read who fits."""
    readable = [one for one in clauses if permissions.reads_matches(actor, one)]
    with database.reading(actor.scope()):
        found = counts(readable)
    return {one.id: found.get(one.id, (0, 0)) for one in readable}


def serials(clause_id: uuid.UUID, result: str = "yes", after: int = -1) -> list[int]:
    """Return the serials of profiles in a map, in order. Call inside a transaction."""
    rows = Match.objects.filter(clause_id=clause_id, block__gte=max(after, 0) // BLOCK).order_by("block")
    found: list[int] = []
    for block, content in rows.values_list("block", result):
        found += [block * BLOCK + bit for bit in columns.unpacked(bytes(content))]
    return [one for one in found if one > after]


def page(
    *, clause_id: uuid.UUID, actor: Actor, result: str = "yes", after: int = -1, limit: int = PAGE
) -> tuple[Clause, list[Matched], int | None]:
    """Return enterprises that fit a clause (result: `yes`) or miss something (`unknown`), and where it goes on.

    For offices of the place and the department responsible. Raises NotFound, Forbidden, Invalid.
    """
    if result not in ("yes", "unknown"):
        raise errors.Invalid(_("result: yes or unknown"), code="invalid_query", field="result")
    clause = find_clause(clause_id=clause_id, actor=actor)
    if not permissions.reads_matches(actor, clause):
        raise errors.Forbidden(_("Who fits is for the service centre and the department responsible."))
    with database.writing():
        chosen = serials(clause_id, result, after)[: limit + 1]
        rows: Any = Profile.objects.filter(serial__in=chosen[:limit]).order_by("serial")
        fields = ("serial", "enterprise__uscc", "enterprise__name", "area")
        found = [Matched(serial=row[0], uscc=row[1], name=row[2], area=row[3]) for row in rows.values_list(*fields)]
    return clause, found, chosen[limit - 1] if len(chosen) > limit else None
