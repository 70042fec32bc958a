"""What waits on the desks, read with the product's own eyes inside a service's transaction: for jobs only."""

import datetime as dt
import uuid

from django.conf import settings

from ..models import OPEN_CALL_STATES, OPEN_MARK_STATES, Callback, Invitation, Mark, Question
from ..rules import links


def waiting_marks(*, region: str) -> list[Mark]:
    """Return the open bad marks of a region with case and department, oldest first."""
    rows = Mark.objects.filter(region=region, state__in=OPEN_MARK_STATES).select_related("case", "department")
    return list(rows.order_by("opened_at", "case__number"))


def waiting_calls(*, region: str) -> list[Callback]:
    """Return the callbacks of a region that are still to be made, with their cases, by number."""
    rows = Callback.objects.filter(region=region, state__in=OPEN_CALL_STATES).select_related("case")
    return list(rows.order_by("case__number"))


def overturned(*, region: str) -> list[uuid.UUID]:
    """Return the ids of cases of a region whose closing a callback overturned."""
    return list(Callback.objects.filter(region=region, overturned=True).values_list("case_id", flat=True))


def waiting_questions(*, region: str, since: dt.datetime) -> list[Question]:
    """Return the questions of a region that nobody answered and that were opened before `since`."""
    rows = Question.objects.filter(region=region, state="open", opened_at__lt=since)
    return list(rows.order_by("kind", "key"))


def link_of(*, case_id: uuid.UUID, now: dt.datetime) -> str | None:
    """Return the token of the link that the raiser of a case was sent, while it rates."""
    rows = Invitation.objects.filter(case_id=case_id, used_at=None, expires_at__gte=now)
    found = rows.order_by("-round").first()
    if found is None:
        return None
    return links.make(key=settings.SECRET_KEY, ident=found.id, expires_at=found.expires_at)
