"""Telling other systems: subscriptions, signed deliveries, replay."""

import datetime as dt
import json
import re
import secrets
import uuid
from collections.abc import Collection, Mapping
from typing import Any

import structlog
from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory.recent import Recent
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.notifications import channels, outgoing, permissions, registry, rules, sealing
from bihuan.foundation.notifications.models import State, WebhookDelivery, WebhookSubscription
from bihuan.foundation.notifications.services import jobs, notices
from bihuan.foundation.rulebooks.rules import lineage

log = structlog.get_logger(__name__)

ALL = "*"
MAX_PER_OWNER = 20
STOP_AFTER = 20
"""Deliveries given up one after another before the subscription is stopped and its owner told."""

_active: Recent[tuple[WebhookSubscription, ...]] = Recent()


def subscribe(
    *,
    owner_id: uuid.UUID,
    url: str,
    events: Collection[str],
    region: str,
    now: dt.datetime,
    enterprise_id: uuid.UUID | None = None,
) -> tuple[WebhookSubscription, str]:
    """Tell `url` about events of `region` and below; return the subscription and its secret, which is shown only now.

    With `enterprise_id` only about that enterprise's matters. `events` are registered event types, or `*`.
    Raises errors.Forbidden (matters the owner may not see), errors.Invalid (`url_refused`, `events_unknown`),
    errors.Conflict (`webhooks_too_many`).
    """
    try:
        outgoing.target(url, allowed=channels.configuration().internal_networks)
    except outgoing.RefusedError as refused:
        sentence = _("This address cannot be called: %(why)s.") % {"why": refused}
        raise errors.Invalid(sentence, code="url_refused", field="url") from None
    wanted = sorted(set(events))
    known = {ALL, *registry.event_types()}
    unknown = [name for name in wanted if name not in known or not re.fullmatch(r"\*|[a-z_.]{1,60}", name)]
    if unknown or not wanted:
        facts = {"known": ", ".join(sorted(known))}
        raise errors.Invalid(_("Choose event types from: %(known)s") % facts, code="events_unknown", field="events")
    secret = f"whsec_{secrets.token_urlsafe(32)}"
    with database.writing():
        permissions.check_receive(accounts.reader_of(owner_id), region=region, enterprise_id=enterprise_id)
        if WebhookSubscription.objects.filter(owner_id=owner_id, active=True).count() >= MAX_PER_OWNER:
            raise errors.Conflict(_("You have too many webhooks; stop one first."), code="webhooks_too_many")
        subscription = WebhookSubscription.objects.create(
            owner_id=owner_id,
            region=region,
            enterprise_id=enterprise_id,
            url=url,
            secret=sealing.seal(secret),
            events=wanted,
            created_at=now,
        )
    _active.forget()
    return subscription, secret


def stop_webhook(*, subscription_id: uuid.UUID, owner_id: uuid.UUID, now: dt.datetime) -> None:
    """Stop one's own subscription; nothing more is queued for it. Raises errors.NotFound."""
    _switch(subscription_id, owner_id, active=False, stopped_at=now)


def start_webhook(*, subscription_id: uuid.UUID, owner_id: uuid.UUID) -> None:
    """Start one's own stopped subscription again; what was missed can be replayed. Raises errors.NotFound."""
    _switch(subscription_id, owner_id, active=True, stopped_at=None, failures=0)


def _switch(subscription_id: uuid.UUID, owner_id: uuid.UUID, **values: Any) -> None:
    with database.writing():
        if not WebhookSubscription.objects.filter(pk=subscription_id, owner_id=owner_id).update(**values):
            raise errors.NotFound(_("There is no such webhook of yours."), code="webhook_unknown")
    _active.forget()


def publish(
    *,
    event_type: str,
    payload: Mapping[str, Any],
    region: str,
    now: dt.datetime,
    enterprise_id: uuid.UUID | None = None,
) -> int:
    """Queue an event for every subscription that asked for it and whose owner may still see it; return how many.

    payload  plain values; personal data in them is masked. The other side gets `{id, type, created_at, region, data}`,
             where `id` is the same at every repetition.
    Lies in the caller's transaction. Without subscriptions it costs nothing.
    """
    regions = set(lineage(region))
    hooks = [
        hook
        for hook in _subscriptions()
        if hook.region in regions
        and (event_type in hook.events or ALL in hook.events)
        and hook.enterprise_id in (None, enterprise_id)
        and permissions.can_receive(accounts.reader_of(hook.owner_id), region=region, enterprise_id=hook.enterprise_id)
    ]
    if not hooks:
        return 0
    data = rules.masked(payload)
    queued = []
    for hook in hooks:
        one = uuid7()
        event = {"id": str(one), "type": event_type, "created_at": now.isoformat(), "region": region, "data": data}
        queued.append(
            WebhookDelivery(
                id=one,
                subscription_id=hook.id,
                region=region,
                event_type=event_type,
                payload=json.dumps(event, ensure_ascii=False, separators=(",", ":")),
                next_at=now,
                created_at=now,
            )
        )
    with database.writing():
        WebhookDelivery.objects.bulk_create(queued)
        jobs.later(task="post", ids=[one.id for one in queued])
    return len(queued)


def _subscriptions() -> tuple[WebhookSubscription, ...]:
    def read() -> tuple[WebhookSubscription, ...]:
        with database.writing():
            return tuple(WebhookSubscription.objects.filter(active=True).defer("secret"))

    # Tests roll back, which nobody tells this memory, so there every call asks.
    return _active.get("all", read) if settings.MODE != "test" else read()


def replay(*, delivery_id: uuid.UUID, owner_id: uuid.UUID, now: dt.datetime) -> WebhookDelivery:
    """Send one of one's own deliveries again, with the same content and the same id inside.

    Raises errors.NotFound, errors.Conflict (`webhook_stopped`).
    """
    with database.writing():
        found = WebhookDelivery.objects.filter(pk=delivery_id, subscription__owner_id=owner_id)
        past = found.select_related("subscription").first()
        if past is None:
            raise errors.NotFound(_("There is no such delivery of yours."), code="delivery_unknown")
        if not past.subscription.active:
            raise errors.Conflict(_("This webhook is stopped; start it first."), code="webhook_stopped")
        again = WebhookDelivery.objects.create(
            subscription=past.subscription,
            region=past.region,
            event_type=past.event_type,
            payload=past.payload,
            next_at=now,
            created_at=now,
            replay_of=past.replay_of or past,
        )
        jobs.later(task="post", ids=[again.id])
    return again


def post(*, delivery_id: uuid.UUID, now: dt.datetime) -> str | None:
    """Make one attempt to post a webhook and return the state after it; None when it is not this worker's to make.

    2xx is success; 410 stops the subscription; redirects are not followed; everything else is tried again.
    """
    with database.writing():
        due = WebhookDelivery.objects.filter(pk=delivery_id, state=State.QUEUED, next_at__lte=now)
        if not due.update(attempts=F("attempts") + 1, next_at=now + rules.LEASE):
            return None
        delivery = WebhookDelivery.objects.select_related("subscription").get(pk=delivery_id)
    if not delivery.subscription.active:
        return _settle(delivery, State.NEEDLESS, now, None, "")
    status, error, final = _send(delivery, now)
    if not error:
        return _settle(delivery, State.SENT, now, status, "")
    if status == 410:
        _stop(delivery.subscription, now)
    if final or delivery.attempts >= rules.MAX_ATTEMPTS:
        return _settle(delivery, State.DEAD, now, status, error)
    wait = rules.retry_after(delivery.attempts)
    with database.writing():
        WebhookDelivery.objects.filter(pk=delivery.pk).update(next_at=now + wait, status=status, error=error)
        jobs.later(task="post", ids=[delivery.pk], delay=wait)
    return State.QUEUED.value


def post_due(*, now: dt.datetime, limit: int = 200) -> int:
    """Attempt what is due, oldest first, whatever became of its job; return how many attempts were made."""
    with database.writing():
        due = WebhookDelivery.objects.filter(state=State.QUEUED, next_at__lte=now).order_by("next_at")
        waiting = list(due.values_list("id", flat=True)[:limit])
    return sum(post(delivery_id=one, now=now) is not None for one in waiting)


def _send(delivery: WebhookDelivery, now: dt.datetime) -> tuple[int | None, str, bool]:
    """Return (status, error, whether that is final); no error means it arrived."""
    body = delivery.payload.encode()
    try:
        secret = sealing.unseal(delivery.subscription.secret)
        answer = outgoing.call(
            delivery.subscription.url,
            body=body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Bihuan-Event": delivery.event_type,
                "Bihuan-Delivery": str(json.loads(delivery.payload)["id"]),
                "Bihuan-Signature": rules.signature(secret=secret, timestamp=int(now.timestamp()), body=body),
            },
            allowed=channels.configuration().internal_networks,
        )
    except (outgoing.RefusedError, sealing.UnreadableError) as error:
        return None, str(error), True
    except outgoing.FailedError as error:
        return None, str(error), False
    good = 200 <= answer.status < 300
    return answer.status, "" if good else f"answered {answer.status}", answer.status == 410


def _settle(delivery: WebhookDelivery, state: State, now: dt.datetime, status: int | None, error: str) -> str:
    with database.writing():
        sent_at = now if state == State.SENT else None
        WebhookDelivery.objects.filter(pk=delivery.pk).update(
            state=state, sent_at=sent_at, status=status, error=error[:300]
        )
        hook = WebhookSubscription.objects.select_for_update().get(pk=delivery.subscription_id)
        hook.failures = hook.failures + 1 if state == State.DEAD else 0 if state == State.SENT else hook.failures
        hook.save(update_fields=["failures"])
    if hook.active and hook.failures >= STOP_AFTER:
        _stop(hook, now)
    return state.value


def _stop(hook: WebhookSubscription, now: dt.datetime) -> None:
    """Stop a subscription whose receiver is gone, and tell its owner."""
    with database.writing():
        if WebhookSubscription.objects.filter(pk=hook.pk, active=True).update(active=False, stopped_at=now):
            log.warning("webhook_stopped", subscription=str(hook.pk))
            notices.notify(
                key=registry.WEBHOOK_STOPPED.key,
                recipients=[hook.owner_id],
                subject=hook.url[:200],
                data={},
                now=now,
                dedupe=f"webhook_stopped:{hook.pk}:{now.isoformat()}",
                region=hook.region,
            )
    _active.forget()
