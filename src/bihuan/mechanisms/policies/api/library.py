"""REST: the library of policies, and who fits a clause."""

import uuid
from typing import Annotated, BinaryIO, cast

from django.http import HttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers, ids

from .. import schemas, selectors, services

router = Router(tags=["policies"])


def _shown(request: Request, policy_id: uuid.UUID, status: int = 200) -> HttpResponse:
    found = selectors.library.find(policy_id=policy_id, actor=request.auth, now=request.now)
    return answers.json(schemas.policy(found), status=status)


@router.get("/policies", response=schemas.PolicyPage, summary="List policies")
@allow(LOGGED_IN)
def list_policies(request: Request, state: str = "", text: str = "", cursor: str = "") -> HttpResponse:
    """Policies the caller may read, newest first. state: `draft`, `in_force`, `ended`, `dropped`, or all."""
    before = ids.parse(cursor) if cursor else None
    found, following = selectors.library.page(actor=request.auth, state=state, text=text, before=before)
    return answers.page([schemas.row(one) for one in found], str(following) if following else None)


@router.post("/policies", response={201: schemas.PolicyOut}, summary="Begin a policy")
@allow(LOGGED_IN)
def draft_policy(request: Request) -> HttpResponse:
    """`region`, `code`, `title`, `level`, `department` (code), `valid_from`, `valid_to`, `summary`, `basis`."""
    body = answers.body_of(request)
    made = services.draft(region=str(body.get("region", "")), body=body, actor=request.auth, now=request.now)
    return _shown(request, made.id, 201)


@router.post("/policies/check", response=schemas.CheckedOut, summary="Check conditions and a formula")
@allow(LOGGED_IN)
def check_conditions(request: Request) -> HttpResponse:
    """`region`, `conditions` (a list of texts), `formula`: what is wrong with them, also contradictions."""
    body = answers.body_of(request)
    given = body.get("conditions")
    texts = [str(one) for one in given] if isinstance(given, list) else []
    region, formula = str(body.get("region", "")), str(body.get("formula") or "")
    flaws = selectors.library.flaws_of(region=region, conditions=texts, formula=formula, now=request.now)
    return answers.json({"flaws": [{"code": one.code, "word": one.word, "condition": one.at} for one in flaws]})


@router.post("/policies/imports/{kind}", response=schemas.ImportOut, summary="Take in a file")
@allow(LOGGED_IN)
def take_in_file(
    request: Request,
    kind: str,
    region: Annotated[str, Form(description="Code of the place")],
    file: Annotated[UploadedFile, File(description="CSV or Excel")],
) -> HttpResponse:
    """`profiles`: a row each enterprise; `policies`: a row each clause. Bad rows come back with their line."""
    taken = services.take_in(
        kind=kind,
        region=region,
        file=cast(BinaryIO, file),
        filename=file.name or "",
        actor=request.auth,
        now=request.now,
    )
    return answers.json(schemas.taken_in(taken))


@router.get("/policies/{policy_id}", response=schemas.PolicyOut, summary="One policy")
@allow(LOGGED_IN)
def show_policy(request: Request, policy_id: uuid.UUID) -> HttpResponse:
    """One policy with its clauses and their terms of today."""
    return _shown(request, policy_id)


@router.post("/policies/{policy_id}/actions/{action}", response=schemas.PolicyOut, summary="Take an action on a policy")
@allow(LOGGED_IN)
def take_policy_action(request: Request, policy_id: uuid.UUID, action: str) -> HttpResponse:
    """`publish`; `drop`, `end`, `write_guide` take `text`; `write_clause`: `code`, `name`, `track`, `stack`, terms."""
    body = answers.body_of(request)
    services.take(policy_id=policy_id, action=action, actor=request.auth, now=request.now, body=body)
    return _shown(request, policy_id)


@router.post("/policies/clauses/{clause_id}/terms", response=schemas.PolicyOut, summary="Change a clause")
@allow(LOGGED_IN)
def amend_clause(request: Request, clause_id: uuid.UUID) -> HttpResponse:
    """New terms from `since` on: `conditions`, `formula`, `cap`, `year_cap`, `as_of`, `shares`, window."""
    body = answers.body_of(request)
    made = services.amend(clause_id=clause_id, body=body, actor=request.auth, now=request.now)
    return _shown(request, made.policy_id)


@router.get("/policies/clauses/{clause_id}/matches", response=schemas.MatchedPage, summary="Who fits a clause")
@allow(LOGGED_IN)
def list_matches(
    request: Request, clause_id: uuid.UUID, result: str = "yes", cursor: int = -1, limit: int = 50
) -> HttpResponse:
    """Enterprises that fit (`yes`), or would if something were known (`unknown`); limit: at most 500."""
    most = min(max(limit, 1), 500)
    _clause, found, following = selectors.matched.page(
        clause_id=clause_id, actor=request.auth, result=result, after=cursor, limit=most
    )
    return answers.page([schemas.matched(one) for one in found], None if following is None else str(following))
