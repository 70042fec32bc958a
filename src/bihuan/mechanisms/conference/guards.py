"""What the conference vetoes: a matter is a candidate only once, and nobody shuts one away that is still decided on."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case

from .models import OPEN_DECISION_STATES, OPEN_ITEM_STATES, Decision, Item


def why_not_escalate(case: Case, body: Any, now: dt.datetime) -> str | None:
    """Return why a case may not be taken up to the conference: it was, and waits there still.

    One that its tier or its light proposed may still be taken up: then it lies with the conference.
    """
    if body is None or body.to != "conference" or case.escalated_to != "conference":
        return None
    waiting = Item.objects.filter(case=case, forum="conference", state__in=OPEN_ITEM_STATES, follows=None)
    return _("The matter is before the conference already.") if waiting.exists() else None


def why_not_archive(case: Case, body: Any, now: dt.datetime) -> str | None:
    """Return why a case may not be archived: a decision on it is not written off yet."""
    running = Decision.objects.filter(case=case, state__in=OPEN_DECISION_STATES).exists()
    return _("A decision on this matter is not written off yet.") if running else None
