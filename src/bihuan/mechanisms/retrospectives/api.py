"""REST: retrospectives, their reports, and the analysis over a period."""

import uuid
from typing import Literal

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import exports, schemas, selectors, services

router = Router(tags=["retrospectives"])
Form = Literal["docx", "pdf"]


@router.get("/retrospectives", response=schemas.RetrospectivePage, summary="List retrospectives")
@allow(LOGGED_IN)
def list_retrospectives(request: Request, query: Query[schemas.RetrospectiveQuery]) -> HttpResponse:
    """The retrospectives the caller may see, newest first; an enterprise sees none."""
    only = {name: getattr(query, name) for name in schemas.FILTERS}
    rows, following = selectors.page(
        actor=request.auth, now=request.now, before=query.cursor, limit=query.limit, **only
    )
    return answers.page([schemas.retrospective(row) for row in rows], str(following) if following else None)


@router.post("/retrospectives", response={201: schemas.DissectionOut}, summary="Open a retrospective")
@allow(LOGGED_IN)
def open_retrospective(request: Request) -> HttpResponse:
    """`case`: its number, `text`: why. 409 `retrospective_exists` for a case that has one; most open by themselves."""
    body = answers.body_of(request)
    made = services.open_by_hand(
        number=str(body.get("case", "")), text=str(body.get("text", "")), actor=request.auth, now=request.now
    )
    found = selectors.dissection(retrospective_id=made.id, actor=request.auth, now=request.now)
    return answers.json(schemas.dissection(found), status=201)


@router.get("/retrospectives/analysis", response=schemas.RetrospectiveAnalysisOut, summary="Analysis over a period")
@allow(LOGGED_IN)
def analyse_retrospectives(request: Request, since: str = "", until: str = "") -> HttpResponse:
    """Causes, weak links, presumptions departed from: of the reports approved from day to day, as the caller sees."""
    found = selectors.analysis(actor=request.auth, now=request.now, since=since, until=until)
    return answers.json(schemas.analysis(found))


@router.get("/retrospectives/{retrospective_id}", response=schemas.DissectionOut, summary="One retrospective")
@allow(LOGGED_IN)
def show_retrospective(request: Request, retrospective_id: uuid.UUID) -> HttpResponse:
    """One retrospective, for those who see its case by office, and for invited third parties."""
    found = selectors.dissection(retrospective_id=retrospective_id, actor=request.auth, now=request.now)
    return answers.json(schemas.dissection(found))


@router.get(
    "/retrospectives/{retrospective_id}/causes", response=list[schemas.CauseProposalOut], summary="Causes found before"
)
@allow(LOGGED_IN)
def propose_retrospective_causes(request: Request, retrospective_id: uuid.UUID) -> HttpResponse:
    """Causes to choose from, learnt from what was found in the region, those of the same category first."""
    found = selectors.find(retrospective_id, request.auth)
    return answers.json([schemas.proposal(row) for row in selectors.learnt_causes(retrospective=found).proposals])


@router.get("/retrospectives/{retrospective_id}/report/{form}", summary="The report as a file")
@allow(LOGGED_IN)
def retrospective_report(request: Request, retrospective_id: uuid.UUID, form: Form) -> HttpResponse:
    """The approved report, else the newest version; drawn anew, its text checked against the ledger."""
    version, sealed = selectors.report(retrospective_id=retrospective_id, actor=request.auth, now=request.now)
    headers = {"Content-Disposition": f'attachment; filename="{exports.name(version)}.{form}"'}
    content = exports.file(version, form, sealed=sealed)
    return HttpResponse(content, content_type=exports.MEDIA_TYPES[form], headers=headers)


@router.post(
    "/retrospectives/{retrospective_id}/actions/{action}",
    response=schemas.DissectionOut,
    summary="Take an action on a retrospective",
)
@allow(LOGGED_IN)
def take_retrospective_action(request: Request, retrospective_id: uuid.UUID, action: str) -> HttpResponse:
    """`assign {leader}`, `invite {username | name}`, `find_cause {branch, cause}`, `presume {reasonable, solvable,
    at_fault, …_why}`, `rehearse {text, side_effects, touched, check_on}`, `propose_output {kind, title, text}`,
    `strike {what, text}`, `check {text, occurred}`; the others take `text` or nothing.
    """
    body = answers.body_of(request)
    services.take(retrospective_id=retrospective_id, action=action, actor=request.auth, now=request.now, body=body)
    return show_retrospective(request, retrospective_id)
