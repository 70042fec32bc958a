"""Counts without names, the list that is in force, and where somebody works."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import database
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import OPEN_STATES, Duty
from ..rulebook import Accountability
from ..rules import judging
from ..states import (
    CENTRE,
    OFFICE,
)
from .inquiries import seen
from .noticed import signs_seen
from .relieved import reliefs_seen


def region_of(actor: Actor, roles: Iterable[str] = CENTRE | OFFICE) -> str:
    """Return the first region in which the actor holds one of the roles, or an empty text."""
    return next(iter(permissions.regions(actor, frozenset(roles))), "")


def book_of(actor: Actor, now: dt.datetime) -> Accountability:
    """Return the section that is in force where the actor works: the problem list is everybody's who works there."""
    grants = actor.reader.grants if actor.reader else ()
    return rulebooks.in_force(grants[0].region if grants else "000000", now).section(Accountability)


def figures(*, actor: Actor) -> dict[str, Any]:
    """Return figures of what the actor sees, without names: states, outcomes, units, kinds; reports in time; signs."""
    with database.reading(actor.scope()):
        texts = ("application", "answer", "unit_says", "finding", "rectification", "result")
        rows = list(seen(actor).defer(*texts))
        noticed = Counter(signs_seen(actor).values_list("kind", "state"))
        relieved = Counter(reliefs_seen(actor).filter(state="granted").values_list("kind", flat=True))
    whole = [one.id for one in rows if permissions.inside(actor, one)]
    with database.reading(THE_SYSTEM.scope()):
        kinds = Counter(
            Duty.objects.filter(inquiry_id__in=whole, struck_at=None).values_list("kind", flat=True).order_by()
        )
    in_time = {
        name: Counter(judging.in_time(getattr(one, f"{name}_at"), getattr(one, f"{name}_due")) for one in rows)
        for name in ("found", "rectified")
    }
    return {
        "all": len(rows),
        "states": Counter(one.state for one in rows),
        "outcomes": Counter(one.outcome for one in rows if one.outcome),
        "units": Counter((one.unit.code, one.unit.short_name) for one in rows),
        "kinds": kinds,
        "in_time": {name: (count[True], count[True] + count[False]) for name, count in in_time.items()},
        "signs": Counter({kind: sum(n for (one, _s), n in noticed.items() if one == kind) for kind, _s in noticed}),
        "reliefs": relieved,
        "late": sum(one.late_since is not None and one.state in OPEN_STATES for one in rows),
    }
