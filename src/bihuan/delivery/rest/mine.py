"""REST: the caller: who they are, their inbox, and their webhooks."""

import dataclasses
import datetime as dt
import uuid
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, Grant, Reader, allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.notifications import selectors as notices
from bihuan.foundation.notifications import services
from bihuan.foundation.notifications.models import WebhookDelivery, WebhookSubscription

router = Router()


class OfficeOut(Schema):
    """One appointment in force."""

    role: str
    region: str
    department: str | None
    board: str | None
    enterprise: uuid.UUID | None


class MeOut(Schema):
    """Who calls."""

    id: uuid.UUID
    name: str
    language: str
    offices: list[OfficeOut]
    unread: int


class InboxQuery(Schema):
    """Which entries of the inbox."""

    unread: bool = False
    cursor: uuid.UUID | None = Field(default=None, description="`next` of the page before")
    limit: int = Field(default=50, ge=1, le=200)


class NoticeOut(Schema):
    """One entry of the inbox. `path` leads to what it is about; `count` says how many are folded into it."""

    id: uuid.UUID
    key: str
    subject: str
    title: str
    body: str | None
    path: str | None
    count: int
    created_at: dt.datetime
    read_at: dt.datetime | None


class Inbox(Schema):
    """One page of the inbox, newest first."""

    items: list[NoticeOut]
    next: uuid.UUID | None


class WebhookIn(Schema):
    """Where to tell, and about what. The address has to be `https`."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(min_length=1, max_length=500)]
    events: Annotated[list[str], Field(min_length=1, max_length=100, description="Event types, or `*`")]
    region: Annotated[str | None, Field(max_length=9, description="Without it, that of the caller's first office")] = (
        None
    )
    enterprise: Annotated[str | None, Field(max_length=64, description="USCC: only this enterprise's matters")] = None


class WebhookOut(Schema):
    """A subscription. `secret` is shown once, when it is made."""

    id: uuid.UUID
    url: str
    events: list[str]
    region: str
    active: bool
    failures: int
    created_at: dt.datetime
    stopped_at: dt.datetime | None
    secret: str | None = None


class Webhooks(Schema):
    """All subscriptions of the caller."""

    items: list[WebhookOut]
    next: str | None


class DeliveryOut(Schema):
    """One event on its way to one subscription."""

    id: uuid.UUID
    event: str
    state: str
    attempts: int
    status: int | None
    error: str | None
    created_at: dt.datetime
    sent_at: dt.datetime | None
    next_at: dt.datetime
    replay_of: uuid.UUID | None


class Deliveries(Schema):
    """One page of deliveries, newest first."""

    items: list[DeliveryOut]
    next: uuid.UUID | None


def reader_of(request: Request) -> Reader:
    """Return the person who calls; operations for whoever is logged in always have one."""
    if request.auth.reader is None:
        raise errors.Unauthenticated()
    return request.auth.reader


@router.get("/me", response=MeOut, summary="Who I am", tags=["me"])
@allow(LOGGED_IN)
def show_me(request: Request) -> HttpResponse:
    """The person behind the token, with the offices in force."""
    reader = reader_of(request)
    return answers.json(
        {
            "id": reader.person_id,
            "name": reader.display_name,
            "language": reader.language,
            "offices": [_office(grant) for grant in reader.grants],
            "unread": notices.unread(reader=reader),
        }
    )


def _office(grant: Grant) -> dict[str, Any]:
    known = (one for code in grant.regions for one in directory.departments(code))
    return {
        "role": grant.role,
        "region": grant.region,
        "department": next((one.code for one in known if one.id == grant.department_id), None),
        "board": grant.board,
        "enterprise": grant.enterprise_id,
    }


@router.get("/inbox", response=Inbox, summary="My inbox", tags=["me"])
@allow(LOGGED_IN)
def show_inbox(request: Request, query: Query[InboxQuery]) -> HttpResponse:
    """Notices for the caller, newest first, in the language asked for."""
    reader = dataclasses.replace(reader_of(request), language=get_language() or "")
    page = notices.inbox(reader=reader, cursor=query.cursor, unread_only=query.unread, limit=query.limit)
    return answers.page([_notice(one) for one in page.entries], str(page.next) if page.next else None)


def _notice(one: notices.Entry) -> dict[str, Any]:
    return {
        **dataclasses.asdict(one),
        "body": one.body or None,
        "path": one.path or None,
        "created_at": answers.local(one.created_at),
        "read_at": answers.local(one.read_at),
    }


@router.post("/inbox/actions/read_all", summary="Mark my whole inbox read", tags=["me"])
@allow(LOGGED_IN)
def read_inbox(request: Request) -> HttpResponse:
    """Mark every entry as read; the answer says how many there were."""
    count = services.mark_all_read(person_id=reader_of(request).person_id, now=request.now)
    return answers.json({"read": count})


@router.post("/inbox/{notice_id}/actions/read", summary="Mark an entry read", tags=["me"])
@allow(LOGGED_IN)
def read_notice(request: Request, notice_id: uuid.UUID) -> HttpResponse:
    """Mark one entry as read."""
    services.mark_read(notice_id=notice_id, person_id=reader_of(request).person_id, now=request.now)
    return answers.json({"read": 1})


@router.get("/webhooks", response=Webhooks, summary="My webhooks", tags=["webhooks"])
@allow(LOGGED_IN)
def list_webhooks(request: Request) -> HttpResponse:
    """The caller's own subscriptions, newest first."""
    return answers.page([_webhook(one) for one in notices.webhooks(reader=reader_of(request))], None)


@router.post("/webhooks", response={201: WebhookOut}, summary="Subscribe to events", tags=["webhooks"])
@allow(LOGGED_IN)
def subscribe(request: Request, wanted: WebhookIn) -> HttpResponse:
    """Be told about events of a region, or of one enterprise. Each delivery is signed with `secret`."""
    reader = reader_of(request)
    firm = directory.enterprise(wanted.enterprise) if wanted.enterprise else None
    if wanted.enterprise and firm is None:
        raise errors.Invalid(_("There is no such enterprise."), code="enterprise_not_found", field="enterprise")
    own = reader.grants[0] if reader.grants else None
    hook, secret = services.subscribe(
        owner_id=reader.person_id,
        url=wanted.url,
        events=wanted.events,
        region=wanted.region or (own.region if own else ""),
        enterprise_id=firm.id if firm else (own.enterprise_id if own else None),
        now=request.now,
    )
    return answers.json({**_webhook(hook), "secret": secret}, status=201)


@router.delete("/webhooks/{webhook_id}", response={204: None}, summary="Stop a webhook", tags=["webhooks"])
@allow(LOGGED_IN)
def stop_webhook(request: Request, webhook_id: uuid.UUID) -> HttpResponse:
    """Stop one of the caller's subscriptions. It stays in the list, for what was delivered."""
    services.stop_webhook(subscription_id=webhook_id, owner_id=reader_of(request).person_id, now=request.now)
    return HttpResponse(status=204)


@router.post("/webhooks/{webhook_id}/actions/start", response=WebhookOut, summary="Start it again", tags=["webhooks"])
@allow(LOGGED_IN)
def start_webhook(request: Request, webhook_id: uuid.UUID) -> HttpResponse:
    """Start a stopped subscription again; what was missed can be replayed."""
    reader = reader_of(request)
    services.start_webhook(subscription_id=webhook_id, owner_id=reader.person_id)
    return answers.json(next(_webhook(one) for one in notices.webhooks(reader=reader) if one.id == webhook_id))


@router.get("/webhooks/{webhook_id}/deliveries", response=Deliveries, summary="What was sent", tags=["webhooks"])
@allow(LOGGED_IN)
def list_deliveries(request: Request, webhook_id: uuid.UUID, cursor: uuid.UUID | None = None) -> HttpResponse:
    """Deliveries of one of the caller's subscriptions, newest first."""
    found = notices.webhook_deliveries(reader=reader_of(request), subscription_id=webhook_id, cursor=cursor)
    following = str(found[-1].id) if len(found) == notices.PAGE else None
    return answers.page([_delivery(one) for one in found], following)


@router.post(
    "/webhooks/deliveries/{delivery_id}/actions/replay",
    response={201: DeliveryOut},
    summary="Send it again",
    tags=["webhooks"],
)
@allow(LOGGED_IN)
def replay(request: Request, delivery_id: uuid.UUID) -> HttpResponse:
    """Send one event again, with the same id and the same text."""
    again = services.replay(delivery_id=delivery_id, owner_id=reader_of(request).person_id, now=request.now)
    return answers.json(_delivery(again), status=201)


def _webhook(one: WebhookSubscription) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "events": one.events,
        "region": one.region,
        "active": one.active,
        "failures": one.failures,
        "created_at": answers.local(one.created_at),
        "stopped_at": answers.local(one.stopped_at),
        "secret": None,
    }


def _delivery(one: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "event": one.event_type,
        "state": one.state,
        "attempts": one.attempts,
        "status": one.status,
        "error": one.error or None,
        "created_at": answers.local(one.created_at),
        "sent_at": answers.local(one.sent_at),
        "next_at": answers.local(one.next_at),
        "replay_of": one.replay_of_id,
    }
