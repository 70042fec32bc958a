"""Getting notices out of the house: claimed, sent, settled. A worker that dies in between is relieved by the next."""

import datetime as dt
import uuid

import structlog
from django.conf import settings
from django.db.models import F

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import database
from bihuan.foundation.notifications import channels, registry, rules
from bihuan.foundation.notifications.models import Delivery, Preference, State
from bihuan.foundation.notifications.services import jobs

log = structlog.get_logger(__name__)


def deliver(*, delivery_id: uuid.UUID, now: dt.datetime) -> str | None:
    """Make one attempt and return the state after it; None when it is not due, done, or in another worker's hands.

    A failure is tried again after 30 s, 2 min, 8 min … up to rules.MAX_ATTEMPTS; then, or when trying again is useless,
    the delivery is dead and stays visible as such.
    """
    with database.writing():
        claimed = Delivery.objects.filter(pk=delivery_id, state=State.QUEUED, next_at__lte=now).update(
            attempts=F("attempts") + 1, next_at=now + rules.LEASE
        )
        if not claimed:
            return None
        delivery = Delivery.objects.select_related("notice__person").get(pk=delivery_id)
    # Whatever a channel or a wording may throw must not take the other deliveries of the batch down with it.
    try:
        with database.writing():
            message = _message(delivery, now)
        if message is None:
            return _settle(delivery, State.NEEDLESS, now)
        channels.active()[delivery.channel].send(message)
    except channels.SendingError as failure:
        return _failed(delivery, str(failure), now, final=failure.permanent)
    except Exception as failure:
        log.exception("delivery_broke", delivery=str(delivery.id), channel=delivery.channel)
        return _failed(delivery, type(failure).__name__, now, final=False)
    return _settle(delivery, State.SENT, now)


def deliver_due(*, now: dt.datetime, limit: int = 200) -> int:
    """Attempt what is due, oldest first, whatever became of its job; return how many attempts were made."""
    with database.writing():
        due = Delivery.objects.filter(state=State.QUEUED, next_at__lte=now).order_by("next_at")
        waiting = list(due.values_list("id", flat=True)[:limit])
    return sum(deliver(delivery_id=one, now=now) is not None for one in waiting)


def _message(delivery: Delivery, now: dt.datetime) -> channels.Message | None:
    """Return what to send, or None when it has become pointless: read already, person gone, or on another side now."""
    notice = delivery.notice
    address = _outside(delivery, now) if notice.person is None else _address(delivery, notice.person)
    if not address:
        return None
    language = notice.person.language if notice.person else settings.LANGUAGE_CODE
    shown = registry.render(
        key=notice.key, subject=notice.subject, data=notice.data, language=language, count=notice.count
    )
    base = channels.configuration().public_url.rstrip("/")
    return channels.Message(
        id=delivery.id,
        address=address,
        title=shown.title,
        text=shown.body,
        link=f"{base}{shown.path or '/'}" if base else "",
    )


def _outside(delivery: Delivery, now: dt.datetime) -> str:
    """Return where somebody without an account is reached now; empty: nowhere any more."""
    reach, channel = registry.kind(delivery.notice.key).reach, channels.active().get(delivery.channel)
    recipient = reach(delivery.notice.subject, now) if reach and channel else None
    return channel.address_of(recipient, "") if channel and recipient else ""


def _address(delivery: Delivery, person: Person) -> str:
    """Return where a person is reached; empty when there is no more reason to, or no way."""
    notice = delivery.notice
    reader = accounts.reader_of(person.id)
    channel = channels.active().get(delivery.channel)
    pointless = notice.read_at is not None or person.disabled_at is not None or channel is None
    if pointless or not rules.sides(reader.roles) & registry.kind(notice.key).audience:
        return ""
    bound = Preference.objects.filter(person_id=person.id, channel=delivery.channel).first()
    recipient = registry.Recipient(username=person.username, email=person.email, phone=person.phone)
    address = channel.address_of(recipient, bound.address if bound else "") if channel else ""
    return "" if bound and not bound.enabled else address


def _failed(delivery: Delivery, reason: str, now: dt.datetime, *, final: bool) -> str:
    if final or delivery.attempts >= rules.MAX_ATTEMPTS:
        log.warning("delivery_dead", delivery=str(delivery.id), channel=delivery.channel, reason=reason)
        return _settle(delivery, State.DEAD, now, error=reason)
    wait = rules.retry_after(delivery.attempts)
    with database.writing():
        Delivery.objects.filter(pk=delivery.pk).update(next_at=now + wait, error=rules.mask(reason)[:300])
        jobs.later(task="deliver", ids=[delivery.pk], delay=wait)
    return State.QUEUED.value


def _settle(delivery: Delivery, state: State, now: dt.datetime, *, error: str = "") -> str:
    with database.writing():
        Delivery.objects.filter(pk=delivery.pk).update(
            state=state, sent_at=now if state == State.SENT else None, error=rules.mask(error)[:300]
        )
    return state.value
