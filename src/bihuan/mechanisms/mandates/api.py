"""REST: mandates, windows, and what holders report."""

import uuid

from django.http import HttpResponse
from ninja import Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers, ids

from . import schemas, selectors, services

router = Router(tags=["mandates"])


def _shown(request: Request, mandate_id: uuid.UUID) -> HttpResponse:
    found = selectors.find(mandate_id=mandate_id, actor=request.auth, now=request.now)
    return answers.json(schemas.mandate(found))


@router.get("/mandates", response=schemas.MandateList, summary="List mandates, with figures")
@allow(LOGGED_IN)
def list_mandates(request: Request, kind: str = "", state: str = "", before: str = "") -> HttpResponse:
    """Mandates the caller may see, newest first. state: `serving`, `near`, `ended`; before: `next` of the last page."""
    rows, following = selectors.page(
        actor=request.auth, now=request.now, before=ids.parse(before), kind=kind, state=state
    )
    items = [schemas.mandate(one) for one in rows]
    figures, _counts = selectors.totals(actor=request.auth, now=request.now)
    return answers.json({"items": items, "next": str(following) if following else None, "figures": figures})


@router.post("/mandates", response={201: list[schemas.MandateOut]}, summary="Appoint people or enterprises")
@allow(LOGGED_IN)
def appoint(request: Request) -> HttpResponse:
    """`region`, `kind`, `holders` (list of user names or credit codes), `since`, `until`, `window`; all or none."""
    body = answers.body_of(request)
    made = services.appoint(region=str(body.get("region", "")), body=body, actor=request.auth, now=request.now)
    shown = selectors.shown(made, actor=request.auth, now=request.now)
    return answers.json([schemas.mandate(one) for one in shown], status=201)


@router.get("/mandates/mine", response=list[schemas.MandateOut], summary="The caller's own mandates")
@allow(LOGGED_IN)
def my_mandates(request: Request) -> HttpResponse:
    """What the caller, or an enterprise the caller speaks for, was appointed to, what is asked and was reported."""
    found = selectors.mine(actor=request.auth, now=request.now)
    return answers.json([schemas.mandate(one) for one in found])


@router.get("/mandates/windows", response=schemas.MandateWindows, summary="Windows, and who is due to change")
@allow(LOGGED_IN)
def list_windows(request: Request) -> HttpResponse:
    """Windows the caller may see, what was found there, and for keepers of the register whom to move where."""
    due = selectors.proposals(actor=request.auth, now=request.now)
    items = [schemas.post(one) for one in selectors.windows(actor=request.auth)]
    return answers.json({"items": items, "proposals": [schemas.proposal(one) for one in due]})


@router.post("/mandates/windows", response={201: schemas.MandateWindows}, summary="Enter windows")
@allow(LOGGED_IN)
def enter_windows(request: Request) -> HttpResponse:
    """`region`, `department` (code), `names` (list); all or none."""
    body = answers.body_of(request)
    made = services.open_windows(region=str(body.get("region", "")), body=body, actor=request.auth, now=request.now)
    wanted = {one.id for one in made}
    rows = [one for one in selectors.windows(actor=request.auth) if one.window.id in wanted]
    return answers.json({"items": [schemas.post(one) for one in rows], "proposals": []}, status=201)


@router.post(
    "/mandates/windows/{window_id}/actions/{action}", response=schemas.MandateWindows, summary="Act on a window"
)
@allow(LOGGED_IN)
def take_window_action(request: Request, window_id: uuid.UUID, action: str) -> HttpResponse:
    """`close` takes `text`."""
    body = answers.body_of(request)
    services.take_window(window_id=window_id, action=action, actor=request.auth, now=request.now, body=body)
    return list_windows(request)


@router.post(
    "/mandates/tasks/{task_id}/actions/{action}", response=schemas.MandateOut, summary="Report on what was asked"
)
@allow(LOGGED_IN)
def take_task_action(request: Request, task_id: uuid.UUID, action: str) -> HttpResponse:
    """`answer`: `text`, `outcome`, `enterprise`, `case`, as `report`; `drop`: `text`."""
    body = answers.body_of(request)
    made = services.take_task(task_id=task_id, action=action, actor=request.auth, now=request.now, body=body)
    return _shown(request, made.id)


@router.get("/mandates/{mandate_id}", response=schemas.MandateOut, summary="One mandate")
@allow(LOGGED_IN)
def show_mandate(request: Request, mandate_id: uuid.UUID) -> HttpResponse:
    """One mandate with duties, activity, and what was asked and reported."""
    return _shown(request, mandate_id)


@router.post(
    "/mandates/{mandate_id}/actions/{action}", response=schemas.MandateOut, summary="Take an action on a mandate"
)
@allow(LOGGED_IN)
def take_mandate_action(request: Request, mandate_id: uuid.UUID, action: str) -> HttpResponse:
    """`text`; `ask`: `day`; `report`: `outcome` (`nothing`, `advice`, `matter`), `enterprise`, `case`; `renew`: `until`
    or nothing; `move`: `window`; `hand_over`: `holder`, and the answer is the successor's mandate.
    """
    body = answers.body_of(request)
    made = services.take(mandate_id=mandate_id, action=action, actor=request.auth, now=request.now, body=body)
    return _shown(request, made.id)
