"""REST: deliveries, payments, what an enterprise gets, and the three gaps."""

import uuid

from django.http import HttpResponse
from ninja import Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers, errors, ids

from .. import schemas, selectors, services

router = Router(tags=["policies"])


def _shown(request: Request, round_id: uuid.UUID, status: int = 200) -> HttpResponse:
    found = selectors.delivery.find(round_id=round_id, actor=request.auth)
    counted = selectors.delivery.counts(made=found, actor=request.auth, now=request.now)
    actions = selectors.delivery.actions(found, request.auth)
    return answers.json(schemas.round_(found, counted, actions), status=status)


@router.get("/policies/rounds", response=schemas.RoundPage, summary="List deliveries")
@allow(LOGGED_IN)
def list_rounds(request: Request, state: str = "", cursor: str = "") -> HttpResponse:
    """Deliveries the caller may see, newest first."""
    before = ids.parse(cursor) if cursor else None
    found, following = selectors.delivery.page(actor=request.auth, state=state, before=before)
    return answers.page([schemas.round_row(one) for one in found], str(following) if following else None)


@router.get("/policies/gaps", response=schemas.GapList, summary="The three gaps")
@allow(LOGGED_IN)
def list_gaps(request: Request, by: str = "clause", year: int = 0) -> HttpResponse:
    """Was everybody told, was it paid in time, did departments do their part; by `clause` or `department`."""
    if by not in ("clause", "department"):
        raise errors.Invalid(code="invalid_query", field="by")
    found = selectors.delivery.gaps(actor=request.auth, now=request.now, by=by, year=year or None)
    return answers.json({"items": [schemas.gap(one) for one in found]})


@router.post("/policies/clauses/{clause_id}/rounds", response={201: schemas.RoundOut}, summary="Begin a delivery")
@allow(LOGGED_IN)
def draw_round(request: Request, clause_id: uuid.UUID) -> HttpResponse:
    """`period`, `budget` (level → yuan). Without applying, all who fit are offered it at once."""
    body = answers.body_of(request)
    made = services.draw(clause_id=clause_id, body=body, actor=request.auth, now=request.now)
    return _shown(request, made.id, 201)


@router.post("/policies/clauses/{clause_id}/applications", response={201: schemas.GrantOut}, summary="Apply")
@allow(LOGGED_IN)
def apply_for_clause(request: Request, clause_id: uuid.UUID) -> HttpResponse:
    """`uscc`: of the caller's own enterprise. What is known is not asked again."""
    uscc = str(answers.body_of(request).get("uscc") or "")
    made = services.apply(clause_id=clause_id, uscc=uscc, actor=request.auth, now=request.now)
    return answers.json(schemas.grant(made, []), status=201)


@router.get("/policies/rounds/{round_id}", response=schemas.RoundOut, summary="One delivery")
@allow(LOGGED_IN)
def show_round(request: Request, round_id: uuid.UUID) -> HttpResponse:
    """How it stands: by state, who was told, who knows, and what each level owes and paid."""
    return _shown(request, round_id)


@router.post("/policies/rounds/{round_id}/actions/{action}", response=schemas.RoundOut, summary="Act on a delivery")
@allow(LOGGED_IN)
def take_round_action(request: Request, round_id: uuid.UUID, action: str) -> HttpResponse:
    """`approve` all that are left; `stop` takes `text`."""
    body = answers.body_of(request)
    services.take_round(round_id=round_id, action=action, actor=request.auth, now=request.now, body=body)
    return _shown(request, round_id)


@router.get("/policies/rounds/{round_id}/grants", response=schemas.GrantPage, summary="Who gets what in a delivery")
@allow(LOGGED_IN)
def list_grants(request: Request, round_id: uuid.UUID, state: str = "", cursor: str = "") -> HttpResponse:
    """Each enterprise with its amount and who owes which part. state: of a grant, or `late`."""
    made = selectors.delivery.find(round_id=round_id, actor=request.auth)
    after = ids.parse(cursor) if cursor else None
    found, following = selectors.delivery.grants(made=made, actor=request.auth, state=state, after=after)
    items = [schemas.grant(one, selectors.delivery.grant_actions(one, request.auth)) for one in found]
    return answers.page(items, str(following) if following else None)


@router.post("/policies/rounds/{round_id}/payments", response=schemas.PaymentBatchOut, summary="Take in payments")
@allow(LOGGED_IN)
def take_in_payments(request: Request, round_id: uuid.UUID) -> HttpResponse:
    """`level`, `reference`, `rows`: {uscc, amount, receipt, paid_on}. The same batch twice changes nothing."""
    body = answers.body_of(request)
    rows = body.get("rows")
    good = [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
    taken = services.take_payments(
        round_id=round_id,
        level=str(body.get("level") or ""),
        reference=str(body.get("reference") or ""),
        rows=good,
        actor=request.auth,
        now=request.now,
    )
    return answers.json(schemas.batch(taken))


@router.post("/policies/grants/{grant_id}/actions/{action}", response=schemas.GrantOut, summary="Act on one grant")
@allow(LOGGED_IN)
def take_grant_action(request: Request, grant_id: uuid.UUID, action: str) -> HttpResponse:
    """The enterprise: `accept`, `refuse`, `confirm`, `dispute`; the department: `reject`, `settle`; with `text`."""
    body = answers.body_of(request)
    services.take_grant(grant_id=grant_id, action=action, actor=request.auth, now=request.now, body=body)
    found = selectors.delivery.find_grant(grant_id=grant_id, actor=request.auth)
    return answers.json(schemas.grant(found, selectors.delivery.grant_actions(found, request.auth)))


@router.get("/enterprises/{uscc}/grants", response=schemas.GrantList, summary="Where an enterprise's money is")
@allow(LOGGED_IN)
def list_firm_grants(request: Request, uscc: str) -> HttpResponse:
    """What it was offered and got, newest first, with who owes which part."""
    firm, _profile = selectors.judged.firm(uscc=uscc, actor=request.auth)
    found = selectors.delivery.of_firm(enterprise_id=firm.id, actor=request.auth)
    return answers.json(
        {"items": [schemas.grant(one, selectors.delivery.grant_actions(one, request.auth)) for one in found]}
    )
