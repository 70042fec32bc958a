"""REST: refusals and their review, and the policy proposals that come from them."""

import uuid

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers, errors

from . import schemas, selectors, services

router = Router(tags=["refusals"])


@router.get("/refusals", response=schemas.RefusalPage, summary="List refusals")
@allow(LOGGED_IN)
def list_refusals(request: Request, query: Query[schemas.RefusalQuery]) -> HttpResponse:
    """The refusals the caller may see, newest first; the raiser sees those under review."""
    only = {name: getattr(query, name) for name in ("outcome", "cause", "reason", "category", "unit")}
    rows, following = selectors.page(
        actor=request.auth, now=request.now, state=query.state, before=query.cursor, limit=query.limit, **only
    )
    return answers.page([schemas.refusal(row) for row in rows], str(following) if following else None)


@router.get("/refusals/proposals", response=schemas.ProposalPage, summary="List policy proposals")
@allow(LOGGED_IN)
def list_proposals(request: Request, cursor: uuid.UUID | None = None) -> HttpResponse:
    """The proposals of the caller's places, newest first."""
    rows = selectors.proposals(actor=request.auth, before=cursor)
    following = str(rows[-1].id) if len(rows) == selectors.PAGE else None
    return answers.page([schemas.proposal(row) for row in rows], following)


@router.post("/refusals/proposals", response={201: schemas.PolicyProposalOut}, summary="Propose to change a policy")
@allow(LOGGED_IN)
def propose(request: Request) -> HttpResponse:
    """`region`, `title`, `text`, and `refusals`: the ids of those that show the problem."""
    body = answers.body_of(request)
    made = services.propose(
        region=str(body.get("region", "")),
        title=str(body.get("title", "")),
        text=str(body.get("text", "")),
        refusal_ids=ids(body.get("refusals")),
        actor=request.auth,
        now=request.now,
    )
    return answers.json(schemas.proposal(made), status=201)


@router.post(
    "/refusals/proposals/{proposal_id}/actions/{action}",
    response=schemas.PolicyProposalOut,
    summary="Act on a proposal",
)
@allow(LOGGED_IN)
def take_proposal_action(request: Request, proposal_id: uuid.UUID, action: str) -> HttpResponse:
    """`take_up`, `register_change`, `turn_down` take `text`."""
    text = str(answers.body_of(request).get("text", ""))
    made = services.take_proposal(
        proposal_id=proposal_id, action=action, text=text, actor=request.auth, now=request.now
    )
    return answers.json(schemas.proposal(made))


@router.get("/refusals/{refusal_id}", response=schemas.ReviewOut, summary="One refusal and its review")
@allow(LOGGED_IN)
def show_refusal(request: Request, refusal_id: uuid.UUID) -> HttpResponse:
    """One refusal as the caller may see it; votes only once all are open, and only for the panel and organisers."""
    return answers.json(schemas.review(selectors.review(refusal_id=refusal_id, actor=request.auth, now=request.now)))


@router.post(
    "/refusals/{refusal_id}/actions/{action}", response=schemas.ReviewOut, summary="Take an action on a refusal"
)
@allow(LOGGED_IN)
def take_refusal_action(request: Request, refusal_id: uuid.UUID, action: str) -> HttpResponse:
    """Most take `text`; `select` scores, `vote` an `outcome`, `order` `service` and `due`, `recuse` a `member`."""
    body = answers.body_of(request)
    services.take(refusal_id=refusal_id, action=action, actor=request.auth, now=request.now, body=body)
    return show_refusal(request, refusal_id)


def ids(given: object) -> list[uuid.UUID]:
    """Return the ids of a list of texts. Raises Invalid for anything else."""
    try:
        return [uuid.UUID(str(one)) for one in given]  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise errors.Invalid("refusals: a list of ids", code="invalid_body", field="refusals") from error
