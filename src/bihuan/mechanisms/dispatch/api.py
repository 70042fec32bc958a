"""REST: objections, and who returns matters to whom."""

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import answers

from . import permissions, schemas, selectors

router = Router(tags=["dispatch"])


@router.get("/dispatch/objections", response=schemas.ObjectionPage, summary="List objections")
@allow(*permissions.READERS)
def list_objections(request: Request, query: Query[schemas.ObjectionQuery]) -> HttpResponse:
    """The objections of cases the caller may see: newest first, those that wait for a ruling oldest first."""
    rows, following = selectors.page(
        actor=request.auth,
        waiting=query.waiting,
        department=query.department,
        before=query.cursor,
        limit=query.limit,
    )
    return answers.page([schemas.objection(row) for row in rows], str(following) if following else None)


@router.get("/dispatch/returns", response=schemas.ReturnsOut, summary="Count returns between departments")
@allow(*permissions.READERS)
def count_returns(request: Request) -> HttpResponse:
    """How many matters went between which departments by upheld objections, and how often each one objected."""
    return answers.json(schemas.returns(selectors.counts(actor=request.auth)))
