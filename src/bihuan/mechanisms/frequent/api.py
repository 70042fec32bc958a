"""REST: the list of frequent matters."""

import uuid

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import schemas, selectors, services

router = Router(tags=["frequent"])


def _shown(request: Request, frequent_id: uuid.UUID) -> HttpResponse:
    found = selectors.find(frequent_id=frequent_id, actor=request.auth, now=request.now)
    return answers.json(schemas.frequent(found))


@router.get("/frequent", response=schemas.FrequentPage, summary="List frequent matters")
@allow(LOGGED_IN)
def list_frequent(request: Request, query: Query[schemas.FrequentQuery]) -> HttpResponse:
    """What is raised again and again, as far as the caller may see it, newest first."""
    rows, following = selectors.page(
        actor=request.auth, now=request.now, state=query.state, before=query.cursor, limit=query.limit
    )
    return answers.page([schemas.frequent(row) for row in rows], str(following) if following else None)


@router.get("/frequent/{frequent_id}", response=schemas.FrequentOut, summary="One frequent matter")
@allow(LOGGED_IN)
def show_frequent(request: Request, frequent_id: uuid.UUID) -> HttpResponse:
    """One frequent matter as the caller may see it."""
    return _shown(request, frequent_id)


@router.post(
    "/frequent/{frequent_id}/actions/{action}",
    response=schemas.FrequentOut,
    summary="Take an action on a frequent matter",
)
@allow(LOGGED_IN)
def take_frequent_action(request: Request, frequent_id: uuid.UUID, action: str) -> HttpResponse:
    """All actions take `text`; `take_on` also `on`, the day of the answer on the spot."""
    body = answers.body_of(request)
    services.take(frequent_id=frequent_id, action=action, actor=request.auth, now=request.now, body=body)
    return _shown(request, frequent_id)
