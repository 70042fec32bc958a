"""What an enterprise is told about its examination."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

from .models import Examination


def register() -> None:
    """Make the notice known."""
    kind = Kind(
        key="conduct.examined",
        audience=frozenset({Audience.ENTERPRISE}),
        title=_("The result of an integrity check is there for you: %(subject)s"),
        path="/conduct/examinations/%(examination)s/",
    )
    registry.register(kind)


def send(examination: Examination, *, title: str, now: dt.datetime) -> None:
    """Tell those who speak for the enterprise that the result is there."""
    notifications.notify(
        key="conduct.examined",
        recipients=set(accounts.speakers_of(enterprise_id=examination.enterprise_id, now=now)),
        subject=title[:60],
        data={"examination": str(examination.id)},
        now=now,
        dedupe=f"{examination.id}:examined",
        region=examination.region,
    )
