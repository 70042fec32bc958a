"""REST: the scoreboard, what lies behind it, what is left out, and its editions."""

import uuid

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import exports, schemas, selectors, services

router = Router(tags=["scoreboard"])


@router.get("/scoreboard", response=schemas.ScoreboardOut, summary="The scoreboard of a month")
@allow(LOGGED_IN)
def show_scoreboard(request: Request, query: Query[schemas.BoardQuery]) -> HttpResponse:
    """All figures of a month by department, board or region, each with its interval; `rank` from `min_n` on."""
    wanted = schemas.index_of(query.index).value if query.index else ""
    found = selectors.board(
        region=schemas.region_of(query.region, request.auth),
        month=schemas.month_of(query.period, now=request.now),
        level=schemas.level_of(query.by),
        actor=request.auth,
        now=request.now,
    )
    body = exports.document(found)
    for item in body["items"] if wanted else ():
        item["figures"] = {name: figure for name, figure in item["figures"].items() if name == wanted}
    return answers.json({**body, "next": None})


@router.get("/scoreboard/cases", response=schemas.BehindPage, summary="The matters behind a figure")
@allow(LOGGED_IN)
def show_behind(request: Request, query: Query[schemas.UnitQuery]) -> HttpResponse:
    """The very matters that a figure counts, as far as the caller may see them."""
    found = selectors.behind(
        region=schemas.region_of(query.region, request.auth),
        month=schemas.month_of(query.period, now=request.now),
        level=schemas.level_of(query.by),
        unit=query.unit,
        index=schemas.index_of(query.index),
        outcome=schemas.outcome_of(query.outcome),
        before=query.cursor,
        actor=request.auth,
        now=request.now,
    )
    return answers.page(schemas.behind(found), str(found.following) if found.following else None)


@router.get("/scoreboard/movement", response=schemas.MoveOut, summary="What moved a figure")
@allow(LOGGED_IN)
def show_movement(request: Request, query: Query[schemas.UnitQuery]) -> HttpResponse:
    """The change of a share since the month before, divided into other work (`mix`) and working otherwise (`rate`)."""
    found = selectors.moved(
        region=schemas.region_of(query.region, request.auth),
        month=schemas.month_of(query.period, now=request.now),
        level=schemas.level_of(query.by),
        unit=query.unit,
        index=schemas.index_of(query.index),
        actor=request.auth,
        now=request.now,
    )
    return answers.json(schemas.move(found))


@router.get("/scoreboard/exclusions", response=schemas.ExclusionPage, summary="What is left out of figures")
@allow(LOGGED_IN)
def list_exclusions(request: Request, cursor: uuid.UUID | None = None) -> HttpResponse:
    """Proposals to leave matters out, and their decisions, newest first."""
    rows, following = selectors.exclusions(actor=request.auth, before=cursor)
    return answers.page([schemas.exclusion(row) for row in rows], str(following) if following else None)


@router.post("/scoreboard/exclusions", response={201: schemas.ExclusionOut}, summary="Propose to leave a matter out")
@allow(LOGGED_IN)
def propose_exclusion(request: Request, wanted: schemas.ExclusionIn) -> HttpResponse:
    """Propose it with a reason; somebody else decides."""
    made = services.propose_exclusion(
        number=wanted.number, index=wanted.index, reason=wanted.reason, actor=request.auth, now=request.now
    )
    return answers.json(schemas.exclusion(made), status=201)


@router.post(
    "/scoreboard/exclusions/{exclusion_id}/actions/{action}",
    response=schemas.ExclusionOut,
    summary="Decide on leaving a matter out",
)
@allow(LOGGED_IN)
def decide_exclusion(request: Request, exclusion_id: uuid.UUID, action: str) -> HttpResponse:
    """`grant` or `refuse`; `end` proposes to count it again, `confirm_end` or `keep_out` decides; with `reason`."""
    body = answers.body_of(request)
    made = services.decide_exclusion(
        exclusion_id=exclusion_id,
        action=action,
        reason=str(body.get("reason") or ""),
        actor=request.auth,
        now=request.now,
    )
    return answers.json(schemas.exclusion(made))


@router.get("/scoreboard/editions", response=schemas.EditionPage, summary="Editions")
@allow(LOGGED_IN)
def list_editions(request: Request, region: str = "") -> HttpResponse:
    """What was drafted, checked, published and frozen, newest month and version first."""
    found = selectors.editions(region=schemas.region_of(region, request.auth), actor=request.auth)
    return answers.page([schemas.edition(row, request.auth) for row in found], None)


@router.post("/scoreboard/editions", response={201: schemas.EditionOut}, summary="Draft an edition")
@allow(LOGGED_IN)
def draft_edition(request: Request, wanted: schemas.DraftIn) -> HttpResponse:
    """Draft the figures of a month that is over; where an edition is out, a corrected version with a reason."""
    month = schemas.month_of(wanted.period, now=request.now)
    made = services.draft(
        region=wanted.region[:6], month=month, actor=request.auth, now=request.now, reason=wanted.reason
    )
    return answers.json(schemas.edition(made, request.auth), status=201)


@router.get("/scoreboard/editions/{edition_id}", summary="An edition with its figures")
@allow(LOGGED_IN)
def show_edition(request: Request, edition_id: uuid.UUID) -> HttpResponse:
    """An edition as it was published: `sha256` is the hash of `content` in canonical form (keys sorted, no spaces)."""
    found = selectors.find_edition(edition_id=edition_id, actor=request.auth)
    return answers.json({**schemas.edition(found, request.auth), "content": found.content})


@router.post(
    "/scoreboard/editions/{edition_id}/actions/{action}",
    response=schemas.EditionOut,
    summary="Take an action on an edition",
)
@allow(LOGGED_IN)
def take_edition_action(request: Request, edition_id: uuid.UUID, action: str) -> HttpResponse:
    """`send_for_check`, `remark` with `text`, `answer_remark` with `remark` and `text`, `publish` with `audience`
    (internal or public), `take_back` with `reason`, `freeze`.
    """
    body = answers.body_of(request)
    made = services.take(edition_id=edition_id, action=action, actor=request.auth, now=request.now, body=body)
    return answers.json(schemas.edition(made, request.auth))
