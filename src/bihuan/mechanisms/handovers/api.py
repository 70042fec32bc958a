"""REST: double hand-overs."""

import uuid

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import schemas, selectors, services

router = Router(tags=["handovers"])


def _shown(request: Request, handover_id: uuid.UUID, status: int = 200) -> HttpResponse:
    found = selectors.find(handover_id=handover_id, actor=request.auth, now=request.now)
    return answers.json(schemas.handover(found), status=status)


@router.get("/handovers", response=schemas.HandoverPage, summary="List double hand-overs")
@allow(LOGGED_IN)
def list_handovers(request: Request, query: Query[schemas.HandoverQuery]) -> HttpResponse:
    """The double hand-overs the caller may see, newest first."""
    rows, following = selectors.page(
        actor=request.auth, now=request.now, only=query.only, before=query.cursor, limit=query.limit
    )
    return answers.page([schemas.handover(row) for row in rows], str(following) if following else None)


@router.get("/handovers/{handover_id}", response=schemas.HandoverOut, summary="One double hand-over")
@allow(LOGGED_IN)
def show_handover(request: Request, handover_id: uuid.UUID) -> HttpResponse:
    """One double hand-over with both accounts, as the caller may see them."""
    return _shown(request, handover_id)


@router.post("/cases/{number}/handover", response={201: schemas.HandoverOut}, summary="Hand a matter to both sides")
@allow(LOGGED_IN)
def give_handover(request: Request, number: str) -> HttpResponse:
    """`text` (what is demanded), `supervisor` (code; else the rulebook's, else discipline inspection)."""
    body = answers.body_of(request)
    made = services.give(number=number, body=body, actor=request.auth, now=request.now)
    return _shown(request, made.id, 201)


@router.post(
    "/handovers/accounts/{account_id}/actions/{action}",
    response=schemas.HandoverOut,
    summary="Take an action on one account",
)
@allow(LOGGED_IN)
def take_handover_action(request: Request, account_id: uuid.UUID, action: str) -> HttpResponse:
    """All actions but `sign` take `text`."""
    body = answers.body_of(request)
    made = services.take(account_id=account_id, action=action, actor=request.auth, now=request.now, body=body)
    return _shown(request, made.handover_id)
