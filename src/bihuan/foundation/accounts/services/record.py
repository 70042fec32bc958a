"""The security record: who logged in or failed to, who got or lost which right. Only ever added to."""

import datetime as dt
import uuid
from typing import Any

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

from bihuan.foundation.accounts.models import SecurityEvent
from bihuan.foundation.kernel.database import writing

ADDRESSES_KEPT = dt.timedelta(days=183)
"""How long the address of a staff login is kept: six months (网络安全法 21(3))."""
ATTEMPTS_KEPT = dt.timedelta(days=1)
"""How long counted failures stay; they stop to matter after the cool-off of half an hour."""


def record(
    kind: str,
    *,
    now: dt.datetime,
    person_id: uuid.UUID | None = None,
    actor_id: uuid.UUID | None = None,
    success: bool = True,
    username: str = "",
    region: str = "",
    ip: str | None = None,
    **data: Any,
) -> None:
    """Add one line to the security record. `data`: more facts as JSON values, nothing secret.

    `ip` is given for staff logins only; an enterprise user's address is never kept.
    """
    with writing():
        SecurityEvent.objects.create(
            at=now,
            kind=kind,
            success=success,
            person_id=person_id,
            actor_id=actor_id,
            username=username[:64],
            region=region,
            ip=ip or None,
            data=data,
        )


def tidy(*, now: dt.datetime) -> dict[str, int]:
    """Forget what is no longer needed: old addresses, old failure counts, sessions that ended. Return how many of each.

    Sessions and failure counts live by the real clock, whatever `now` is simulated to be.
    """
    with writing():
        old = SecurityEvent.objects.filter(at__lt=now - ADDRESSES_KEPT, ip__isnull=False)
        addresses = old.update(ip=None)
    real = timezone.now()
    attempts, _details = AccessAttempt.objects.filter(attempt_time__lt=real - ATTEMPTS_KEPT).delete()
    sessions, _details = Session.objects.filter(expire_date__lt=real).delete()
    return {"addresses": addresses, "attempts": attempts, "sessions": sessions}
