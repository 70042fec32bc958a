"""REST: the triage desk, the catalogue, how good proposals are; objections, and who returns matters to whom."""

import datetime as dt

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import answers, errors

from . import permissions, schemas, selectors, services, wording
from .rules.catalogue import same_matter

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


@router.get("/dispatch/triage", response=schemas.TriagePage, summary="New matters with proposals")
@allow(*permissions.DESK)
def list_triage(request: Request, query: Query[schemas.TriageQuery]) -> HttpResponse:
    """Matters that the caller may accept or dispatch, the oldest first, each with what is proposed for it."""
    rows, following = selectors.queue(actor=request.auth, now=request.now, after=query.cursor, limit=query.limit)
    return answers.page([schemas.waiting(row) for row in rows], str(following) if following else None)


@router.post("/dispatch/triage/{number}/actions/take", response=schemas.DecidedOut, summary="Take a proposal")
@allow(*permissions.DESK)
def take_proposal(request: Request, number: str) -> HttpResponse:
    """Accept a matter as proposed, and dispatch it where the caller may; 409 where not all is proposed."""
    case = services.take_proposal(number=number, actor=request.auth, now=request.now)
    return answers.json(_decided(case))


@router.post("/dispatch/triage/{number}/actions/decide", response=schemas.DecidedOut, summary="Decide on a new matter")
@allow(*permissions.DESK)
def decide(request: Request, number: str, decision: schemas.DecisionIn) -> HttpResponse:
    """Accept a matter as decided, and dispatch it where a lead is named; what differs from the proposal is learnt."""
    given = decision.dict()
    key = given["matter"]
    given["matter"] = same_matter(key) if key else key
    made = services.Decision(**given)
    return answers.json(_decided(services.decide(number=number, decision=made, actor=request.auth, now=request.now)))


def _decided(case: object) -> dict[str, str]:
    return {name: getattr(case, name) for name in ("number", "state", "board", "tier")}


@router.get("/dispatch/catalogue", response=schemas.CatalogueOut, summary="The dispatch catalogue")
@allow(*permissions.CATALOGUE_READERS)
def show_catalogue(request: Request, region: str = "", edition: int | None = None) -> HttpResponse:
    """The edition in force in a region of the caller (the first by default), or the one with this number."""
    code = _region(request, region)
    if edition is None:
        return answers.json(schemas.catalogue(code, selectors.catalogue.current(code)))
    return answers.json(schemas.catalogue(code, selectors.catalogue.edition(region=code, number=edition)))


@router.get("/dispatch/accuracy", response=schemas.AccuracyOut, summary="How good proposals are")
@allow(*permissions.WATCHERS)
def show_accuracy(request: Request) -> HttpResponse:
    """Proposals against decisions over half a year, part by part and by month, of cases the caller may see."""
    found = selectors.accuracy(actor=request.auth, since=request.now - dt.timedelta(days=183))
    return answers.json(schemas.accuracy(found))


@router.get("/dispatch/model", response=schemas.ModelOut, summary="The card of the text model")
@allow(*permissions.WATCHERS)
def show_model(request: Request, region: str = "") -> HttpResponse:
    """When and on what the model of a region was trained, how good it is by class, and what it cannot do."""
    code = _region(request, region)
    learnt = selectors.learnt.of(code)
    card = learnt.card if learnt.model else None
    limits = [str(limit) for limit in wording.LIMITS]
    return answers.json({"region": code, "why": learnt.why, "card": card, "limits": limits})


def _region(request: Request, asked: str) -> str:
    """Return a county of the caller: the one asked for, else the first. Raises NotFound."""
    reader = request.auth.reader
    regions = reader.regions_for(permissions.CATALOGUE_READERS) if reader else ()
    code = asked[:6] or next(iter(regions), "")
    if code not in regions:
        raise errors.NotFound(code="region_not_found")
    return code
