"""What an inquiry forbids: a matter is not archived while its inquiry runs."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import guards
from bihuan.casework.cases.models import Case

from .models import OPEN_STATES, Inquiry


def why_not_archive(case: Case, body: Any, now: dt.datetime) -> str | None:
    """A matter is kept open to its inquiry; the sentence says no more than that a review runs."""
    running = Inquiry.objects.filter(case=case, state__in=OPEN_STATES).exists()
    return _("How this matter was handled is still being looked at.") if running else None


def register() -> None:
    """Ask before these actions."""
    guards.register("archive", why_not_archive)
