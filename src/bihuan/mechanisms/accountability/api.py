"""REST: simulated accountability, early signs, self-checks, the observation network. Nobody is named in an answer."""

import uuid

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import answers

from . import exports, permissions, schemas, selectors, services

router = Router(tags=["accountability"])
READERS = allow(*permissions.READERS)
CHECKED = allow(*permissions.CHECKED)
NETWORK = allow(*permissions.NETWORK)
STAFF = allow(*permissions.STAFF)
OBSERVING = allow(*permissions.OBSERVING)
BASE = "/accountability"


@router.get(f"{BASE}/inquiries", response=schemas.InquiryList, summary="List simulated accountabilities")
@READERS
def accountability_inquiries(request: Request, query: Query[schemas.InquiryQuery]) -> HttpResponse:
    """Those that concern the caller: of the region without the caller's own unit, or of the unit once taken on."""
    only = {name: getattr(query, name) for name in ("outcome", "unit", "kind")}
    rows, following = selectors.page(
        actor=request.auth, now=request.now, state=query.state, before=query.cursor, limit=query.limit, **only
    )
    return answers.page([schemas.inquiry(row) for row in rows], str(following) if following else None)


@router.post(f"{BASE}/inquiries", response={201: schemas.InquiryFile}, summary="Apply for a simulated accountability")
@READERS
def accountability_apply(request: Request) -> HttpResponse:
    """`case` (number), `text`, and `unit` (code of a department) where it is not the lead department."""
    body = answers.body_of(request)
    made = services.apply(number=str(body.get("case", "")), actor=request.auth, now=request.now, body=body)
    return _inquiry(request, made.id, status=201)


@router.get(f"{BASE}/inquiries/{{inquiry_id}}", response=schemas.InquiryFile, summary="One simulated accountability")
@READERS
def accountability_inquiry(request: Request, inquiry_id: uuid.UUID) -> HttpResponse:
    """One inquiry as the caller may see it; the unit sees its own responsibilities only, once they were found."""
    return _inquiry(request, inquiry_id)


@router.post(
    f"{BASE}/inquiries/{{inquiry_id}}/actions/{{action}}",
    response=schemas.InquiryFile,
    summary="Take an action on a simulated accountability",
)
@READERS
def accountability_act(request: Request, inquiry_id: uuid.UUID, action: str) -> HttpResponse:
    """All take `text`; `split` also `kind`, `section`, `post`, `treatment`, `unit`, `provision`; `find` an `outcome`,
    `visit` `done`, `strike` a `duty`, `relieve` `kind`, `section`, `post`, `unit`.
    """
    body = answers.body_of(request)
    services.take(inquiry_id=inquiry_id, action=action, actor=request.auth, now=request.now, body=body)
    return _inquiry(request, inquiry_id)


@router.get(f"{BASE}/inquiries/{{inquiry_id}}/papers/{{kind}}/{{form}}", summary="A paper of an inquiry")
@READERS
def accountability_paper(request: Request, inquiry_id: uuid.UUID, kind: str, form: str) -> HttpResponse:
    """`application`, `finding`, `rectification`, or a letter: `inquiry_request`, `inquiry_notice`; `docx` or `pdf`."""
    made = exports.content(inquiry_id=inquiry_id, kind=kind, form=form, actor=request.auth, now=request.now)
    return HttpResponse(made, content_type=exports.MEDIA_TYPES[form])


@router.get(f"{BASE}/reliefs", response=schemas.InquiryReliefs, summary="List tolerance findings and letters")
@READERS
def accountability_reliefs(request: Request, query: Query[schemas.InquiryPart]) -> HttpResponse:
    """Tolerance findings (容错) and “does not affect use” letters (不影响使用建议书) that concern the caller."""
    rows, following = selectors.reliefs(actor=request.auth, state=query.state, before=query.cursor, limit=query.limit)
    return answers.page([schemas.relief(*row) for row in rows], str(following) if following else None)


@router.post(
    f"{BASE}/reliefs/{{relief_id}}/actions/{{action}}",
    response=schemas.InquiryRelief,
    summary="Decide on a tolerance finding or letter",
)
@READERS
def accountability_decide(request: Request, relief_id: uuid.UUID, action: str) -> HttpResponse:
    """`grant` and `refuse` take `text`; never by whoever proposed it, nor by the unit itself."""
    body = answers.body_of(request)
    services.take_relief(relief_id=relief_id, action=action, actor=request.auth, now=request.now, body=body)
    found = selectors.relief(relief_id=relief_id, actor=request.auth)
    return answers.json(schemas.relief(found, selectors.relief_actions(found, request.auth)))


@router.get(f"{BASE}/reliefs/{{relief_id}}/letter/{{form}}", summary="The paper of a tolerance finding or letter")
@READERS
def accountability_letter(request: Request, relief_id: uuid.UUID, form: str) -> HttpResponse:
    """What was granted, as `docx` or `pdf`; the name is left blank, to be written by hand."""
    paper = exports.letter(relief_id=relief_id, actor=request.auth)
    return HttpResponse(exports.file(paper, form), content_type=exports.MEDIA_TYPES[form])


@router.get(f"{BASE}/signs", response=schemas.InquirySigns, summary="List early signs")
@READERS
def accountability_signs(request: Request, query: Query[schemas.InquiryPart]) -> HttpResponse:
    """Early signs of slow or evasive work, newest first; the unit sees its own."""
    rows, following = selectors.signs(
        actor=request.auth, state=query.state, kind=query.kind, before=query.cursor, limit=query.limit
    )
    return answers.page([schemas.sign(*row) for row in rows], str(following) if following else None)


@router.post(
    f"{BASE}/signs/{{sign_id}}/actions/{{action}}", response=schemas.InquirySigns, summary="Answer an early sign"
)
@READERS
def accountability_answer_sign(request: Request, sign_id: uuid.UUID, action: str) -> HttpResponse:
    """`explain` (the unit) and `dismiss` (centre or office) take `text`. Answers with the newest signs."""
    body = answers.body_of(request)
    services.take_sign(sign_id=sign_id, action=action, actor=request.auth, now=request.now, body=body)
    rows, following = selectors.signs(actor=request.auth)
    return answers.page([schemas.sign(*row) for row in rows], str(following) if following else None)


@router.get(f"{BASE}/checks", response=schemas.InquiryRounds, summary="List rounds of self-checks")
@CHECKED
def accountability_checks(request: Request) -> HttpResponse:
    """The newest rounds, each with the answers of the boards and towns that concern the caller."""
    return answers.page([schemas.check(*row) for row in selectors.checks(actor=request.auth)], None)


@router.post(f"{BASE}/checks", response={201: schemas.InquiryRounds}, summary="Open a round of self-checks")
@CHECKED
def accountability_open_round(request: Request) -> HttpResponse:
    """`region` and `title`; every board and town of the region is asked."""
    body = answers.body_of(request)
    services.open_round(
        region=str(body.get("region", "")), title=str(body.get("title", "")), actor=request.auth, now=request.now
    )
    rows = [schemas.check(*row) for row in selectors.checks(actor=request.auth)]
    return answers.json({"items": rows, "next": None}, status=201)


@router.post(
    f"{BASE}/checks/{{check_id}}/actions/{{action}}", response=schemas.InquiryRounds, summary="Answer a self-check"
)
@CHECKED
def accountability_check(request: Request, check_id: uuid.UUID, action: str) -> HttpResponse:
    """`check_self` takes `entry`, `found` [{kind, text, fix}] and `text`; `close_round` ends the round."""
    body = answers.body_of(request)
    services.take_check(check_id=check_id, action=action, actor=request.auth, now=request.now, body=body)
    return accountability_checks(request)


@router.get(f"{BASE}/points", response=schemas.InquiryPoints, summary="The observation network")
@NETWORK
def accountability_points(request: Request) -> HttpResponse:
    """Observation points, their observers as ids, and what became of their hints of the last year."""
    rows = selectors.points(actor=request.auth, now=request.now)
    return answers.page([schemas.point(*row) for row in rows], None)


@router.post(f"{BASE}/points", response={201: schemas.InquiryPoints}, summary="Set up an observation point")
@NETWORK
def accountability_open_point(request: Request) -> HttpResponse:
    """`region`, `name`, `kind` (centre, advice, enterprise, association, other), `town`, `advice`."""
    body = answers.body_of(request)
    services.open_point(region=str(body.get("region", "")), actor=request.auth, now=request.now, body=body)
    rows = [schemas.point(*row) for row in selectors.points(actor=request.auth, now=request.now)]
    return answers.json({"items": rows, "next": None}, status=201)


@router.post(f"{BASE}/points/{{point_id}}/actions/{{action}}", response=schemas.InquiryPoints, summary="Change a point")
@NETWORK
def accountability_point(request: Request, point_id: uuid.UUID, action: str) -> HttpResponse:
    """`appoint` takes `username`, `release` an `observer`, `close_point` `text`."""
    body = answers.body_of(request)
    services.take_point(point_id=point_id, action=action, actor=request.auth, now=request.now, body=body)
    return accountability_points(request)


@router.get(f"{BASE}/hints", response=schemas.InquiryHints, summary="What became of my hints")
@OBSERVING
def accountability_hints(request: Request) -> HttpResponse:
    """The matters that the caller, an observer, noticed and raised, newest first, and where they stand."""
    rows = [
        {
            "case": one.number,
            **{name: getattr(one, name) for name in ("title", "state", "achieved")},
            "raised_at": answers.local(one.raised_at),
        }
        for one in selectors.hints(actor=request.auth)
    ]
    return answers.page(rows, None)


@router.get(f"{BASE}/problems", response=schemas.InquiryProblems, summary="The problem list in force")
@STAFF
def accountability_problems(request: Request) -> HttpResponse:
    """Classes and kinds of possible failings, treatments that would apply, posts: as the rulebook has them."""
    return answers.json(schemas.problems(selectors.book_of(request.auth, request.now)))


@router.get(f"{BASE}/figures", response=schemas.InquiryFigures, summary="Figures without names")
@READERS
def accountability_figures(request: Request) -> HttpResponse:
    """Counts of what the caller may see, by state, outcome, unit and kind; reports in time; signs; reliefs."""
    return answers.json(schemas.figures(selectors.figures(actor=request.auth)))


def _inquiry(request: Request, inquiry_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    found = selectors.dossier(inquiry_id=inquiry_id, actor=request.auth, now=request.now)
    return answers.json(schemas.dossier(found), status=status)
