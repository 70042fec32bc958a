"""REST: the three linked lists."""

import uuid

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import schemas, selectors, services

router = Router(tags=["findings"])


def _shown(request: Request, finding_id: uuid.UUID, status: int = 200) -> HttpResponse:
    found = selectors.find(finding_id=finding_id, actor=request.auth, now=request.now)
    return answers.json(schemas.finding(found), status=status)


@router.get("/findings", response=schemas.FindingPage, summary="The three linked lists")
@allow(LOGGED_IN)
def list_findings(request: Request, query: Query[schemas.FindingQuery]) -> HttpResponse:
    """Findings the caller may see, newest first: supervision items, problems, rectifications, or all."""
    rows, following = selectors.page(
        actor=request.auth,
        now=request.now,
        on_list=query.on_list,
        nature=query.nature,
        only=query.only,
        before=query.cursor,
        limit=query.limit,
    )
    return answers.page([schemas.finding(row) for row in rows], str(following) if following else None)


@router.get("/findings/figures", response=schemas.FindingFigures, summary="Counts of findings")
@allow(LOGGED_IN)
def finding_figures(request: Request) -> HttpResponse:
    """Counts of what the caller may see; of clues handed over only the number exists."""
    return answers.json({"counts": selectors.figures(actor=request.auth), "as_of": answers.local(request.now)})


@router.post("/findings", response={201: schemas.FindingOut}, summary="Put something on the lists")
@allow(LOGGED_IN)
def add_finding(request: Request) -> HttpResponse:
    """`region`, `title`, `department` (code, or none); with `on` (a day) an item to be checked, else a problem with
    `text` and perhaps `case` (number).
    """
    body = answers.body_of(request)
    make = services.plan if body.get("on") else services.enter
    made = make(region=str(body.get("region", "")), body=body, actor=request.auth, now=request.now)
    return _shown(request, made.id, 201)


@router.get("/findings/{finding_id}", response=schemas.FindingOut, summary="One finding")
@allow(LOGGED_IN)
def show_finding(request: Request, finding_id: uuid.UUID) -> HttpResponse:
    """One finding as the caller may see it."""
    return _shown(request, finding_id)


@router.post(
    "/findings/{finding_id}/actions/{action}",
    response={200: schemas.FindingOut, 201: schemas.FindingReceipt},
    summary="Take an action on a finding",
)
@allow(LOGGED_IN)
def take_finding_action(request: Request, finding_id: uuid.UUID, action: str) -> HttpResponse:
    """All actions take `text`; `hand_over` answers with a receipt, once, and the finding is nobody's to see then."""
    body = answers.body_of(request)
    made = services.take(finding_id=finding_id, action=action, actor=request.auth, now=request.now, body=body)
    if isinstance(made, services.Receipt):
        return answers.json(schemas.receipt(made), status=201)
    return _shown(request, finding_id)
