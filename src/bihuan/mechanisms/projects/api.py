"""REST: key projects."""

import uuid

from django.http import HttpResponse
from ninja import Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import schemas, selectors, services

router = Router(tags=["projects"])


def _shown(request: Request, project_id: uuid.UUID, status: int = 200) -> HttpResponse:
    found = selectors.find(project_id=project_id, actor=request.auth, now=request.now)
    return answers.json(schemas.project(found), status=status)


@router.get("/projects", response=schemas.ProjectList, summary="List key projects, with figures")
@allow(LOGGED_IN)
def list_projects(request: Request, only: str = "") -> HttpResponse:
    """Key projects the caller may see, and their figures. only: `running`, `started`, `blocked`, `red`, or all."""
    rows = selectors.page(actor=request.auth, now=request.now, only=only)
    shown = schemas.figures(selectors.figures(rows))
    return answers.json({"items": [schemas.project(one) for one in rows], "figures": shown})


@router.post("/projects", response={201: schemas.ProjectOut}, summary="Put a project among the key projects")
@allow(LOGGED_IN)
def sign_project(request: Request) -> HttpResponse:
    """`region`, `name`, `department` (code), `planned` (ten thousand yuan), `signed_on`, `investor`."""
    body = answers.body_of(request)
    made = services.sign(region=str(body.get("region", "")), body=body, actor=request.auth, now=request.now)
    return _shown(request, made.id, 201)


@router.get("/projects/{project_id}", response=schemas.ProjectOut, summary="One key project")
@allow(LOGGED_IN)
def show_project(request: Request, project_id: uuid.UUID) -> HttpResponse:
    """One project with its milestones and what blocks it, as the caller may see it."""
    return _shown(request, project_id)


@router.post(
    "/projects/{project_id}/actions/{action}", response=schemas.ProjectOut, summary="Take an action on a key project"
)
@allow(LOGGED_IN)
def take_project_action(request: Request, project_id: uuid.UUID, action: str) -> HttpResponse:
    """`text`; `add_milestone`: `name`, `day`; `pay`: `paid`; `start`: `started_on`; `block`: `case` or nothing."""
    body = answers.body_of(request)
    services.take(project_id=project_id, action=action, actor=request.auth, now=request.now, body=body)
    return _shown(request, project_id)


@router.post(
    "/projects/milestones/{milestone_id}/actions/{action}",
    response=schemas.ProjectOut,
    summary="Take an action on a milestone",
)
@allow(LOGGED_IN)
def take_milestone_action(request: Request, milestone_id: uuid.UUID, action: str) -> HttpResponse:
    """`reach`, `move` (with `day`) and `drop` take `text`."""
    body = answers.body_of(request)
    made = services.take_milestone(
        milestone_id=milestone_id, action=action, actor=request.auth, now=request.now, body=body
    )
    return _shown(request, made.project_id)
