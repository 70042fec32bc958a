"""What people are told: an enterprise that it is asked, or asked once more; those who ask that it is closed."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

from .models import Questionnaire, Recipient
from .selectors.asking import token_of

ASKED, REMINDED, CLOSED = "questionnaires.asked", "questionnaires.asked_again", "questionnaires.ended"


def register() -> None:
    """Make all notices known."""
    firms = frozenset({Audience.ENTERPRISE})
    told = {
        ASKED: _("%(subject)s: please tell us until %(until)s. What we know already is not asked; no login is needed"),
        REMINDED: _("%(subject)s: your answer is still missing; open until %(until)s"),
    }
    for key, title in told.items():
        registry.register(Kind(key=key, audience=firms, title=title, path="/a/%(token)s/", channels=registry.URGENT))
    registry.register(
        Kind(
            key=CLOSED,
            audience=frozenset({Audience.STAFF, Audience.OVERSIGHT}),
            title=_("“%(subject)s” is closed: %(count)s have answered"),
            path="/questionnaires/%(questionnaire)s/",
        )
    )


def ask(recipient: Recipient, *, key: str, now: dt.datetime) -> int:
    """Ask whoever speaks for an enterprise; return how many persons are told now."""
    questionnaire = recipient.questionnaire
    assert questionnaire.until is not None
    return notifications.notify(
        key=key,
        recipients=accounts.speakers_of(enterprise_id=recipient.enterprise_id, now=now),
        subject=questionnaire.title,
        data={"token": token_of(recipient), "until": questionnaire.until.isoformat()},
        now=now,
        dedupe=f"{recipient.id}:{key}:{now.date()}",
        region=questionnaire.region,
    )


def closed(questionnaire: Questionnaire, *, count: int, now: dt.datetime) -> None:
    """Tell whoever wrote a questionnaire that it is closed."""
    notifications.notify(
        key=CLOSED,
        recipients={questionnaire.made_by} - {None},  # type: ignore[arg-type]
        subject=questionnaire.title,
        data={"count": str(count), "questionnaire": str(questionnaire.id)},
        now=now,
        dedupe=f"{questionnaire.id}:closed",
        region=questionnaire.region,
    )
