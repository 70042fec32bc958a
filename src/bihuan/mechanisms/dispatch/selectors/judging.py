"""How good proposals were: what people decided, part by part, by month, and who said it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth

from bihuan.casework.cases.permissions import Actor, visible
from bihuan.foundation.kernel import database

from ..models import Proposal
from ..rules.proposals import FIELDS

MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One part of proposals over a period: how many were decided on, and how many of them as proposed."""

    field: str
    decided: int
    right: int

    @property
    def share(self) -> float | None:
        """The share that was right; None where nothing was decided."""
        return self.right / self.decided if self.decided else None


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month (its first day), or the whole (None). decided: cases decided on; corrected: with at least one change."""

    begin: dt.date | None
    decided: int
    corrected: int
    silent: int
    parts: tuple[Measured, ...]


_SILENT = Q(**{f"right_{name}": None for name in FIELDS})
_WRONG = Q()
for _name in FIELDS:
    _WRONG |= Q(**{f"right_{_name}": False})


def accuracy(*, actor: Actor, since: dt.datetime) -> list[Month]:
    """Return the whole since an instant, then its months, the newest first, over cases the actor may see. Two queries.

    silent: decided on, but nothing of what was decided had been proposed.
    """
    counts = {"decided_n": Count("id"), "corrected": Count("id", filter=_WRONG), "silent": Count("id", filter=_SILENT)}
    for name in FIELDS:
        counts[f"all_{name}"] = Count("id", filter=Q(**{f"right_{name}__isnull": False}))
        counts[f"good_{name}"] = Count("id", filter=Q(**{f"right_{name}": True}))
    with database.reading(actor.scope()):
        rows = Proposal.objects.filter(visible(actor), case__number__gt="", decided_at__gte=since)
        whole = rows.aggregate(**counts)
        months = rows.annotate(month=TruncMonth("decided_at")).values("month").annotate(**counts).order_by("-month")
        return [_month(None, whole), *(_month(row["month"].date(), row) for row in months[:MONTHS])]


def _month(begin: dt.date | None, row: Any) -> Month:
    return Month(
        begin=begin,
        decided=row["decided_n"],
        corrected=row["corrected"],
        silent=row["silent"],
        parts=tuple(Measured(field=name, decided=row[f"all_{name}"], right=row[f"good_{name}"]) for name in FIELDS),
    )


def corrections(*, actor: Actor, key: str = "", limit: int = 50) -> list[Proposal]:
    """Return the newest decisions that were not as proposed, of cases the actor may see; of one matter by its key."""
    with database.reading(actor.scope()):
        rows = Proposal.objects.filter(visible(actor), _WRONG, case__number__gt="")
        if key:
            rows = rows.filter(key=key, right_lead=False)
        return list(rows.select_related("case").order_by(F("decided_at").desc(nulls_last=True), "-id")[:limit])
