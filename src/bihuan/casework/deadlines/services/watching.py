"""The alarm of the sweep itself: if due timers wait too long, whoever runs the installation is told."""

import datetime as dt

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.notifications import services as notifications

from .. import notices, selectors

LATE = dt.timedelta(minutes=10)
"""Beyond this age of the oldest due timer nobody sweeps, or a consequence raises again and again."""


def watch(*, now: dt.datetime) -> dt.timedelta:
    """Return the age of the oldest due timer; where it is too high, tell every system administrator, once an hour."""
    age = selectors.oldest_unfired_age(now)
    if age > LATE:
        notifications.notify(
            key=notices.LATE_TIMERS,
            recipients=accounts.holders_anywhere(role=Role.SYSTEM_ADMIN, now=now),
            subject="",
            data={"minutes": int(age.total_seconds() // 60)},
            now=now,
            dedupe=f"timers:{now.astimezone(dt.UTC):%Y%m%dT%H}",
        )
    return age
