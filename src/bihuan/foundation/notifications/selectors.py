"""Reads of the notices: each person's own, and only what is written for the side they are on now."""

import contextlib
import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from bihuan.foundation.accounts.permissions import Reader
from bihuan.foundation.kernel import database
from bihuan.foundation.notifications import channels, registry, rules
from bihuan.foundation.notifications.models import (
    Delivery,
    Notice,
    Preference,
    State,
    WebhookDelivery,
    WebhookSubscription,
)

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the inbox, in the reader's language."""

    id: uuid.UUID
    key: str
    subject: str
    title: str
    body: str
    path: str
    count: int
    created_at: dt.datetime
    read_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Entries newest first; `next` is the cursor of the page after, or None."""

    entries: tuple[Entry, ...]
    next: uuid.UUID | None


def _eyes(reader: Reader) -> contextlib.AbstractContextManager[None]:
    """Look as this person. (A reader's own scope names the person only where matters they raised count.)"""
    return database.reading(database.Scope(kind="reader", person=str(reader.person_id)))


def _own(reader: Reader) -> QuerySet[Notice]:
    held = rules.sides(reader.roles)
    keys = [key for key, kind in registry.kinds().items() if kind.audience & held]
    return Notice.objects.filter(person_id=reader.person_id, key__in=keys)


def inbox(*, reader: Reader, cursor: uuid.UUID | None = None, unread_only: bool = False, limit: int = PAGE) -> Page:
    """Return the reader's inbox, newest first, from the `next` of the page before; folded notices are one entry."""
    rows = _own(reader).filter(digest=None)
    if unread_only:
        rows = rows.filter(read_at=None)
    if cursor is not None:
        rows = rows.filter(pk__lt=cursor)
    with _eyes(reader):
        found = list(rows.order_by("-pk")[: limit + 1])
    entries = tuple(_entry(row, reader.language) for row in found[:limit])
    return Page(entries=entries, next=found[limit - 1].pk if len(found) > limit else None)


def folded(*, reader: Reader, notice_id: uuid.UUID, limit: int = 500) -> tuple[Entry, ...]:
    """Return what is folded into one entry of the reader's inbox, oldest first."""
    with _eyes(reader):
        found = list(_own(reader).filter(digest_id=notice_id).order_by("pk")[:limit])
    return tuple(_entry(row, reader.language) for row in found)


def unread(*, reader: Reader) -> int:
    """Return how many entries of the reader's inbox are unread."""
    with _eyes(reader):
        return _own(reader).filter(digest=None, read_at=None).count()


def _entry(row: Notice, language: str) -> Entry:
    shown = registry.render(key=row.key, subject=row.subject, data=row.data, language=language, count=row.count)
    return Entry(
        id=row.pk,
        key=row.key,
        subject=row.subject,
        title=shown.title,
        body=shown.body,
        path=shown.path,
        count=row.count,
        created_at=row.created_at,
        read_at=row.read_at,
    )


def preferences(*, reader: Reader) -> dict[str, dict[str, Any]]:
    """Return channel → {enabled, bound} for every channel set up here; never the address itself."""
    with _eyes(reader):
        own = {row.channel: row for row in Preference.objects.filter(person_id=reader.person_id)}
    return {
        name: {"enabled": own[name].enabled if name in own else True, "bound": bool(name in own and own[name].address)}
        for name in channels.active()
    }


def webhooks(*, reader: Reader) -> list[WebhookSubscription]:
    """Return the reader's own subscriptions, newest first; the secret stays sealed."""
    with _eyes(reader):
        return list(WebhookSubscription.objects.filter(owner_id=reader.person_id).defer("secret").order_by("-pk"))


def webhook_deliveries(
    *, reader: Reader, subscription_id: uuid.UUID, cursor: uuid.UUID | None = None, limit: int = PAGE
) -> list[WebhookDelivery]:
    """Return the deliveries of one of the reader's own subscriptions, newest first, after `cursor`."""
    rows = WebhookDelivery.objects.filter(subscription_id=subscription_id, subscription__owner_id=reader.person_id)
    if cursor is not None:
        rows = rows.filter(pk__lt=cursor)
    with _eyes(reader):
        return list(rows.order_by("-pk")[:limit])


def health(*, now: dt.datetime) -> dict[str, Any]:
    """Return figures for monitoring: `waiting` and `dead` deliveries by channel, and `oldest` waiting in seconds."""
    figures: dict[str, Any] = {"waiting": {}, "dead": {}, "oldest": 0.0}
    with database.reading(database.SERVICE), connection.cursor() as cursor:
        cursor.execute(
            """
            select channel, state, count(*), min(next_at) from notifications_delivery
            where state in ('queued', 'dead') group by 1, 2
            union all
            select 'webhook', state, count(*), min(next_at) from notifications_webhookdelivery
            where state in ('queued', 'dead') group by 2
            """
        )
        for channel, state, count, first in cursor.fetchall():
            figures["dead" if state == State.DEAD else "waiting"][channel] = count
            if state == State.QUEUED:
                figures["oldest"] = max(figures["oldest"], (now - first).total_seconds())
    return figures


def dead_deliveries(*, limit: int = 100) -> list[Delivery]:
    """Return deliveries that were given up, newest first: channel and reason, no person (system administrator)."""
    with database.reading(database.SERVICE):
        return list(Delivery.objects.filter(state=State.DEAD).order_by("-pk")[:limit])
