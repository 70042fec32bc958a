"""A retrospective cannot be skipped (R1): a case is not archived before its report is approved."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import guards
from bihuan.casework.cases.models import Case

from . import wording
from .models import BLOCKING, Retrospective


def why_not_archive(case: Case, body: Any, now: dt.datetime) -> str | None:
    """Return that, and where, a retrospective of the case is open."""
    found = Retrospective.objects.filter(case=case, state__in=BLOCKING).values_list("state", flat=True).first()
    if found is None:
        return None
    facts = {"number": case.number, "state": wording.STATES[found]}
    return _("The retrospective of %(number)s is still open (%(state)s); its report has to be approved first.") % facts


def register() -> None:
    """Ask before a case is archived."""
    guards.register("archive", why_not_archive)
