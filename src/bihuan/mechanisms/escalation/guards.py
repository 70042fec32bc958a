"""What forbids sending a matter up."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import guards
from bihuan.casework.cases.models import Case
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers

from . import rules
from .models import RUNNING_STATES, Escalation, Peer


def peer_for(region: str) -> Peer | None:
    """Return the installation that speaks for exactly this region, or None."""
    return Peer.objects.filter(region=region, active=True).first()


def receives(region: str, on: dt.date) -> bool:
    """Tell whether matters can be sent to a region: somebody looks after it here, or an installation speaks for it."""
    return bool(directory.boards(region, on=on)) or peer_for(region) is not None


def next_above(region: str, now: dt.datetime) -> str | None:
    """Return the nearest region above that takes matters in, or None: level by level."""
    on = answers.local_date(now)
    path = [one.code for one in directory.region_path(region)]
    return rules.next_level(path, lambda code: receives(code, on))


def why_not_send(case: Case, body: Any, now: dt.datetime) -> str | None:
    """A matter goes up level by level, to where somebody takes it in, once at a time."""
    to = getattr(body, "to", "")
    if to not in [region.code for region in directory.region_path(case.region)[:-1]]:
        return None
    above = next_above(case.region, now)
    if above is None:
        return _("No level above takes matters in here.")
    if to != above:
        place = directory.region(above)
        return _("A matter goes up level by level; the next one is %(name)s.") % {
            "name": place.name if place else above
        }
    if Escalation.objects.filter(case=case, state__in=RUNNING_STATES).exists():
        return _("This matter is with the level above already.")
    return None


def register() -> None:
    """Ask before each escalation."""
    guards.register("escalate", why_not_send)
