"""What a review forbids: a bound matter is not refused again, and none is archived while its review runs (N4)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import guards
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.states import ClosedKind

from .models import OPEN_STATES, Refusal
from .states import Outcome, RefusalState

BINDING = (Outcome.SHOULD.value, Outcome.CAN.value)


def bound(case: Case) -> bool:
    """Tell whether a verdict, or the unit's own word before it, binds the case."""
    found = Refusal.objects.filter(case=case)
    given = found.filter(outcome__in=BINDING, state__in=["decided", "followed", "done"])
    return given.exists() or found.filter(state=RefusalState.CONCEDED.value).exists()


def why_not_decline(case: Case, body: Any, now: dt.datetime) -> str | None:
    """A bound matter is not declined again."""
    return _("The review found that this matter has to be done; it cannot be declined again.") if bound(case) else None


def why_not_explain(case: Case, body: Any, now: dt.datetime) -> str | None:
    """A bound matter is not answered with an explanation again."""
    if getattr(body, "kind", "") != ClosedKind.EXPLAINED or not bound(case):
        return None
    return _("The review found that this matter has to be done; an explanation is no answer any more.")


def why_not_archive(case: Case, body: Any, now: dt.datetime) -> str | None:
    """A matter is kept open to its review."""
    running = Refusal.objects.filter(case=case, state__in=sorted(set(OPEN_STATES) - {"pooled", "researched"}))
    return _("The “no” to this matter is under review.") if running.exists() else None


def register() -> None:
    """Ask before these actions."""
    guards.register("decline", why_not_decline)
    guards.register("reply", why_not_explain)
    guards.register("archive", why_not_archive)
