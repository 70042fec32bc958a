"""REST: service items, their reforms, demanded papers and promises."""

import uuid

from django.http import HttpResponse
from ninja import Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers, ids

from .. import schemas, selectors, services

router = Router(tags=["services"])


def _shown(request: Request, item_id: uuid.UUID, status: int = 200) -> HttpResponse:
    found = selectors.items.find(item_id=item_id, actor=request.auth)
    return answers.json(schemas.item(found), status=status)


@router.get("/services", response=schemas.ServiceItemPage, summary="List service items")
@allow(LOGGED_IN)
def list_service_items(request: Request, kind: str = "", text: str = "", cursor: str = "") -> HttpResponse:
    """Items the caller may read, newest first, with steps, papers and days."""
    before = ids.parse(cursor) if cursor else None
    found, following = selectors.items.page(actor=request.auth, kind=kind, text=text, before=before)
    return answers.page([schemas.item_row(one) for one in found], str(following) if following else None)


@router.post("/services", response={201: schemas.ServiceItemOut}, summary="Begin a service item")
@allow(LOGGED_IN)
def draft_service_item(request: Request) -> HttpResponse:
    """`region`, `code`, `name`, `kind`, `department`, `guide`, `basis`, `legal_days`, `days`, `steps`, `papers`."""
    body = answers.body_of(request)
    made = services.draft_item(region=str(body.get("region", "")), body=body, actor=request.auth, now=request.now)
    return _shown(request, made.id, 201)


@router.get("/services/{item_id}", response=schemas.ServiceItemOut, summary="One service item")
@allow(LOGGED_IN)
def show_service_item(request: Request, item_id: uuid.UUID) -> HttpResponse:
    """Guide, steps, papers, days; every reform with before, after and the matters that caused it."""
    return _shown(request, item_id)


@router.post("/services/{item_id}/actions/{action}", response=schemas.ServiceItemOut, summary="Act on a service item")
@allow(LOGGED_IN)
def take_service_item_action(request: Request, item_id: uuid.UUID, action: str) -> HttpResponse:
    """`edit`, `publish`, `reform`, `withdraw`; `demand`: `paper`, `on`; `promise`: `enterprise`, `paper`, `kind`."""
    body = answers.body_of(request)
    services.take_item(item_id=item_id, action=action, actor=request.auth, now=request.now, body=body)
    return _shown(request, item_id)


@router.post(
    "/services/promises/{promise_id}/actions/{action}", response=schemas.ServiceItemOut, summary="Act on a promise"
)
@allow(LOGGED_IN)
def take_promise_action(request: Request, promise_id: uuid.UUID, action: str) -> HttpResponse:
    """`supply`: it was kept; `break` with `text`."""
    body = answers.body_of(request)
    made = services.take_promise(promise_id=promise_id, action=action, actor=request.auth, now=request.now, body=body)
    return _shown(request, made.item_id)
