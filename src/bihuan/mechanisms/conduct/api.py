"""REST: lists of conduct in force, for everybody."""

import uuid

from django.http import HttpResponse
from ninja import Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import ANYONE, LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import schemas, selectors, services

router = Router(tags=["conduct"])


@router.get("/conduct", response=schemas.SheetList, summary="Lists of conduct in force")
@allow(ANYONE)
def list_conduct(request: Request, region: str = "") -> HttpResponse:
    """What officials and enterprises are to do and not to do, as in force today; of one place or of all. No login."""
    found = selectors.in_force(actor=request.auth, on=answers.local_date(request.now), region=region)
    return answers.json({"items": [schemas.sheet(one) for one in found]})


@router.get("/conduct/{sheet_id}", response=schemas.SheetOut, summary="One version of a list of conduct")
@allow(ANYONE)
def show_conduct(request: Request, sheet_id: uuid.UUID) -> HttpResponse:
    """One published version, in force or not; drafts for those who write them."""
    return answers.json(schemas.sheet(selectors.find(sheet_id=sheet_id, actor=request.auth)))


@router.post("/conduct", response={201: schemas.SheetOut}, summary="Draft a list of conduct")
@allow(LOGGED_IN)
def draft_conduct(request: Request) -> HttpResponse:
    """`region`, `kind`, `audience`, `title`, `basis`, `effective_on`; `positive`, `negative`, `advocated`: one entry a
    line.
    """
    body = answers.body_of(request)
    made = services.draft(region=str(body.get("region", "")), body=body, actor=request.auth, now=request.now)
    return answers.json(schemas.sheet(made), status=201)


@router.post(
    "/conduct/{sheet_id}/actions/{action}", response=schemas.SheetOut, summary="Take an action on a list of conduct"
)
@allow(LOGGED_IN)
def take_conduct_action(request: Request, sheet_id: uuid.UUID, action: str) -> HttpResponse:
    """`publish`, `withdraw` and `drop` take `text`; `edit` takes what a draft takes."""
    body = answers.body_of(request)
    made = services.take(sheet_id=sheet_id, action=action, actor=request.auth, now=request.now, body=body)
    return answers.json(schemas.sheet(made))
