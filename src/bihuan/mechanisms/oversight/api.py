"""REST: supervision orders and the warning list."""

import uuid
from typing import Literal
from urllib.parse import quote

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import exports, schemas, selectors, services

router = Router(tags=["oversight"])
List = Literal["warning"]
Form = Literal["docx", "pdf"]


@router.get("/oversight/orders", response=schemas.OrderPage, summary="List supervision orders")
@allow(LOGGED_IN)
def list_orders(request: Request, query: Query[schemas.OrderQuery]) -> HttpResponse:
    """The orders the caller may see, newest first; state `open` keeps those not written off."""
    rows, following = selectors.orders(
        actor=request.auth, now=request.now, state=query.state, before=query.cursor, limit=query.limit
    )
    return answers.page([schemas.order(row) for row in rows], str(following) if following else None)


@router.get("/oversight/orders/{order_id}", response=schemas.OrderOut, summary="One supervision order")
@allow(LOGGED_IN)
def show_order(request: Request, order_id: uuid.UUID) -> HttpResponse:
    """One order as the caller may see it."""
    return answers.json(schemas.order(selectors.order(order_id=order_id, actor=request.auth, now=request.now)))


@router.get("/oversight/orders/{order_id}/letter/{form}", summary="The letter of an order")
@allow(LOGGED_IN)
def order_letter(request: Request, order_id: uuid.UUID, form: Form) -> HttpResponse:
    """The order as it was issued, in the letter format of GB/T 9704-2012; before its issue there is none (404)."""
    found = selectors.letter(order_id=order_id, actor=request.auth)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.number)}.{form}"}
    return HttpResponse(exports.file(found, form), content_type=exports.MEDIA_TYPES[form], headers=headers)


@router.post(
    "/oversight/orders/{order_id}/actions/{action}", response=schemas.OrderOut, summary="Take an action on an order"
)
@allow(LOGGED_IN)
def take_order_action(request: Request, order_id: uuid.UUID, action: str) -> HttpResponse:
    """All actions but `sign` take `text`."""
    body = answers.body_of(request)
    services.take(order_id=order_id, action=action, actor=request.auth, now=request.now, body=body)
    return answers.json(schemas.order(selectors.order(order_id=order_id, actor=request.auth, now=request.now)))


@router.get("/oversight/lists/{kind}", response=schemas.EntryPage, summary="Matters on a list of oversight")
@allow(LOGGED_IN)
def list_entries(request: Request, kind: List, query: Query[schemas.OrderQuery]) -> HttpResponse:
    """The warning list; state `open` keeps those still on it."""
    rows, following = selectors.entries(
        actor=request.auth, now=request.now, kind=kind, state=query.state, before=query.cursor, limit=query.limit
    )
    return answers.page([schemas.entry(row) for row in rows], str(following) if following else None)


@router.post(
    "/oversight/entries/{entry_id}/actions/{action}", response=schemas.EntryOut, summary="Take an action on an entry"
)
@allow(LOGGED_IN)
def take_entry_action(request: Request, entry_id: uuid.UUID, action: str) -> HttpResponse:
    """`acknowledge` and `clear` take `text`."""
    body = answers.body_of(request)
    services.take_entry(entry_id=entry_id, action=action, actor=request.auth, now=request.now, body=body)
    return answers.json(schemas.entry(selectors.entry(entry_id=entry_id, actor=request.auth, now=request.now)))
