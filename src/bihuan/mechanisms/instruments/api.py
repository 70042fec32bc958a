"""REST: instruments of oversight."""

import uuid
from typing import Literal
from urllib.parse import quote

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import exports, schemas, selectors, services

router = Router(tags=["instruments"])
Form = Literal["docx", "pdf"]


@router.get("/instruments", response=schemas.InstrumentPage, summary="List instruments of oversight")
@allow(LOGGED_IN)
def list_instruments(request: Request, query: Query[schemas.InstrumentQuery]) -> HttpResponse:
    """The instruments the caller may see, newest first."""
    rows, following = selectors.page(
        actor=request.auth,
        now=request.now,
        state=query.state,
        kind=query.kind,
        only=query.only,
        before=query.cursor,
        limit=query.limit,
    )
    return answers.page([schemas.instrument(row) for row in rows], str(following) if following else None)


@router.get("/instruments/figures", response=schemas.InstrumentFigures, summary="Counts of instruments")
@allow(LOGGED_IN)
def instrument_figures(request: Request) -> HttpResponse:
    """The registers with counts, of what the caller may see: no names, no contents."""
    return answers.json({"kinds": selectors.figures(actor=request.auth), "as_of": answers.local(request.now)})


@router.post("/instruments", response={201: schemas.InstrumentOut}, summary="Draft an instrument")
@allow(LOGGED_IN)
def draft_instrument(request: Request) -> HttpResponse:
    """`kind`, `region`, `department` (code), `title`, `case` (number, or none), and the parts of the kind."""
    body = answers.body_of(request)
    made = services.draft(
        kind=str(body.get("kind", "")),
        region=str(body.get("region", "")),
        body=body,
        actor=request.auth,
        now=request.now,
    )
    found = selectors.find(instrument_id=made.id, actor=request.auth, now=request.now)
    return answers.json(schemas.instrument(found), status=201)


@router.get("/instruments/{instrument_id}", response=schemas.InstrumentOut, summary="One instrument")
@allow(LOGGED_IN)
def show_instrument(request: Request, instrument_id: uuid.UUID) -> HttpResponse:
    """One instrument as the caller may see it."""
    found = selectors.find(instrument_id=instrument_id, actor=request.auth, now=request.now)
    return answers.json(schemas.instrument(found))


@router.get("/instruments/{instrument_id}/letter/{form}", summary="The letter of an instrument")
@allow(LOGGED_IN)
def instrument_letter(request: Request, instrument_id: uuid.UUID, form: Form) -> HttpResponse:
    """The instrument as it was issued, in the letter format of GB/T 9704-2012; before its issue there is none (404)."""
    found = selectors.letter(instrument_id=instrument_id, actor=request.auth, now=request.now)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.number)}.{form}"}
    return HttpResponse(exports.file(found, form), content_type=exports.MEDIA_TYPES[form], headers=headers)


@router.post(
    "/instruments/{instrument_id}/actions/{action}",
    response=schemas.InstrumentOut,
    summary="Take an action on an instrument",
)
@allow(LOGGED_IN)
def take_instrument_action(request: Request, instrument_id: uuid.UUID, action: str) -> HttpResponse:
    """All actions but `receive` take `text`; `decide_objection` also `upheld`."""
    body = answers.body_of(request)
    made = services.take(instrument_id=instrument_id, action=action, actor=request.auth, now=request.now, body=body)
    found = selectors.find(instrument_id=made.id, actor=request.auth, now=request.now)
    return answers.json(schemas.instrument(found))
