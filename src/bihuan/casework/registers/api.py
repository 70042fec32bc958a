"""REST: institutions, policy proposals, competitions and model cases, warnings, the case library."""

import uuid
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import schemas, selectors, services

router = Router(tags=["registers"])


@router.get(
    "/registers/institutions", response=schemas.RegisteredInstitutionPage, summary="List institutions of the register"
)
@allow(LOGGED_IN)
def list_institutions(request: Request, query: Query[schemas.InstitutionQuery]) -> HttpResponse:
    """The institutions the caller may see, newest first; an enterprise sees those that came from its own cases."""
    rows, following = selectors.institutions(
        actor=request.auth,
        state=query.state,
        kind=query.kind,
        owner=query.owner,
        category=query.category,
        before=query.cursor,
        limit=query.limit,
    )
    return answers.page([schemas.institution(row) for row in rows], str(following) if following else None)


@router.post(
    "/registers/institutions", response={201: schemas.InstitutionDetailOut}, summary="Enter a draft of an institution"
)
@allow(LOGGED_IN)
def draft_institution(request: Request) -> HttpResponse:
    """`title`, `text`, `cases` (numbers), `region` where the caller keeps several."""
    made = services.draft(actor=request.auth, now=request.now, body=answers.body_of(request))
    return _shown(request, made.id, status=201)


@router.get(
    "/registers/institutions/{institution_id}", response=schemas.InstitutionDetailOut, summary="One institution"
)
@allow(LOGGED_IN)
def show_institution(request: Request, institution_id: uuid.UUID) -> HttpResponse:
    """One institution with its effect and those of its cases that the caller may see."""
    return _shown(request, institution_id)


@router.post(
    "/registers/institutions/{institution_id}/actions/{action}",
    response=schemas.InstitutionDetailOut,
    summary="Take an action on an institution",
)
@allow(LOGGED_IN)
def take_institution_action(request: Request, institution_id: uuid.UUID, action: str) -> HttpResponse:
    """`put_in_force`, `review`, `amend`, `link`, `change_owner`, `withdraw`; never for the own department."""
    _take(request, "institution", institution_id, action)
    return _shown(request, institution_id)


@router.get("/registers/proposals", response=schemas.RegisteredProposalPage, summary="List the register of proposals")
@allow(LOGGED_IN)
def list_registered_proposals(request: Request, state: str = "", cursor: uuid.UUID | None = None) -> HttpResponse:
    """Policy proposals of the places the caller oversees, newest first: `proposed`, `taken_up`, `changed` …"""
    rows, following = selectors.proposals(actor=request.auth, state=state, before=cursor)
    return answers.page([schemas.proposal(row) for row in rows], str(following) if following else None)


def _shown(request: Request, institution_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    found = selectors.institution(institution_id=institution_id, actor=request.auth, now=request.now)
    effect = selectors.effect_of(thing=found.thing, now=request.now) if found.staff else None
    return answers.json(schemas.detail(found, effect, request.now), status=status)


@router.get("/registers/competitions", response=schemas.CompetitionPage, summary="List competitions for model cases")
@allow(LOGGED_IN)
def list_competitions(request: Request, cursor: uuid.UUID | None = None) -> HttpResponse:
    """The competitions of the caller's places, newest first."""
    rows, following = selectors.competitions(actor=request.auth, before=cursor)
    return answers.page([schemas.competition(row) for row in rows], str(following) if following else None)


@router.post("/registers/competitions", response={201: schemas.CompetitionDetailOut}, summary="Call for model cases")
@allow(LOGGED_IN)
def call_competition(request: Request) -> HttpResponse:
    """`title`, `text`, `region` where the caller keeps several."""
    made = services.call_competition(actor=request.auth, now=request.now, body=answers.body_of(request))
    return _contest(request, made.id, status=201)


@router.get(
    "/registers/competitions/{competition_id}", response=schemas.CompetitionDetailOut, summary="One competition"
)
@allow(LOGGED_IN)
def show_competition(request: Request, competition_id: uuid.UUID) -> HttpResponse:
    """One competition with what takes part; votes are counted when it ends, and nobody learns who voted how."""
    return _contest(request, competition_id)


@router.post(
    "/registers/competitions/{competition_id}/actions/{action}",
    response=schemas.CompetitionDetailOut,
    summary="Take an action on a competition",
)
@allow(LOGGED_IN)
def take_competition_action(request: Request, competition_id: uuid.UUID, action: str) -> HttpResponse:
    """`vote` takes an `exemplar`, `cancel` a `reason`, `open_vote` nothing."""
    _take(request, "competition", competition_id, action)
    return _contest(request, competition_id)


@router.get("/registers/exemplars", response=schemas.ExemplarPage, summary="List model cases")
@allow(LOGGED_IN)
def list_exemplars(request: Request, state: str = "", cursor: uuid.UUID | None = None) -> HttpResponse:
    """Nominated and promoted cases of the caller's places, newest first, with who adopted them."""
    rows, following = selectors.exemplars(actor=request.auth, state=state, before=cursor)
    return answers.page([schemas.exemplar(*row) for row in rows], str(following) if following else None)


@router.post("/registers/exemplars", response={201: schemas.ExemplarOut}, summary="Nominate a model case")
@allow(LOGGED_IN)
def nominate_exemplar(request: Request) -> HttpResponse:
    """`title`, `text` (without names), `case`, `department` where the caller keeps the registers, `region`."""
    made = services.propose_exemplar(actor=request.auth, now=request.now, body=answers.body_of(request))
    return answers.json(schemas.exemplar(made, [], selectors.can_do(request.auth, made, [])), status=201)


@router.post(
    "/registers/exemplars/{exemplar_id}/actions/{action}",
    response=schemas.ExemplarOut,
    summary="Take an action on a model case",
)
@allow(LOGGED_IN)
def take_exemplar_action(request: Request, exemplar_id: uuid.UUID, action: str) -> HttpResponse:
    """`adopt` takes a `text`; `withdraw` nothing."""
    made = _take(request, "exemplar", exemplar_id, action)
    found, taken, actions = selectors.exemplar(exemplar_id=made.id, actor=request.auth)
    return answers.json(schemas.exemplar(found, taken, actions))


@router.get("/registers/warnings", response=schemas.WarningPage, summary="List warnings")
@allow(LOGGED_IN)
def list_warnings(request: Request, state: str = "", cursor: uuid.UUID | None = None) -> HttpResponse:
    """The warnings of the caller's places, newest first; drafts only for those who circulate them."""
    rows, following = selectors.warnings(actor=request.auth, state=state, before=cursor)
    return answers.page([schemas.warning(row, row.read) for row in rows], str(following) if following else None)


@router.post("/registers/warnings", response={201: schemas.WarningDetailOut}, summary="Draft a warning")
@allow(LOGGED_IN)
def draft_warning(request: Request) -> HttpResponse:
    """`title`, `text`, `lesson` (all without names), `case`, `region`."""
    made = services.draft_warning(actor=request.auth, now=request.now, body=answers.body_of(request))
    return _warning(request, made.id, status=201)


@router.get("/registers/warnings/{warning_id}", response=schemas.WarningDetailOut, summary="One warning")
@allow(LOGGED_IN)
def show_warning(request: Request, warning_id: uuid.UUID) -> HttpResponse:
    """One warning. A program that fetches it notes no reading; `read` does."""
    return _warning(request, warning_id)


@router.post(
    "/registers/warnings/{warning_id}/actions/{action}",
    response=schemas.WarningDetailOut,
    summary="Take an action on a warning",
)
@allow(LOGGED_IN)
def take_warning_action(request: Request, warning_id: uuid.UUID, action: str) -> HttpResponse:
    """`circulate`, `read`; `take_back` takes a `reason`."""
    _take(request, "warning", warning_id, action)
    return _warning(request, warning_id)


@router.get("/registers/lessons", response=schemas.LessonPage, summary="Search the case library")
@allow(LOGGED_IN)
def list_lessons(request: Request, q: str = "", category: str = "", cursor: uuid.UUID | None = None) -> HttpResponse:
    """Entries that contain every word of `q`, newest first."""
    rows, following = selectors.lessons(actor=request.auth, q=q, category=category, before=cursor)
    found = [schemas.lesson(row, selectors.available(request.auth, row)) for row in rows]
    return answers.page(found, str(following) if following else None)


@router.post("/registers/lessons", response={201: schemas.LessonOut}, summary="Enter a closed case into the library")
@allow(LOGGED_IN)
def write_lesson(request: Request) -> HttpResponse:
    """`case` (number), `title`, `problem`, `worked` (all without names), `institution`."""
    made = services.write_lesson(actor=request.auth, now=request.now, body=answers.body_of(request))
    return _lesson(request, made.id, status=201)


@router.get("/registers/lessons/{lesson_id}", response=schemas.LessonOut, summary="One entry of the case library")
@allow(LOGGED_IN)
def show_lesson(request: Request, lesson_id: uuid.UUID) -> HttpResponse:
    """One entry of the case library; from which case it is, it does not say."""
    return _lesson(request, lesson_id)


@router.post(
    "/registers/lessons/{lesson_id}/actions/{action}",
    response=schemas.LessonOut,
    summary="Take an action on an entry of the case library",
)
@allow(LOGGED_IN)
def take_lesson_action(request: Request, lesson_id: uuid.UUID, action: str) -> HttpResponse:
    """`take_back` takes a `reason`."""
    _take(request, "lesson", lesson_id, action)
    return _lesson(request, lesson_id)


def _take(request: Request, kind: str, thing_id: uuid.UUID, action: str) -> Any:
    body = answers.body_of(request)
    return services.take(kind=kind, thing_id=thing_id, action=action, actor=request.auth, now=request.now, body=body)


def _contest(request: Request, competition_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    found = selectors.competition(competition_id=competition_id, actor=request.auth)
    return answers.json(schemas.contest(found), status=status)


def _warning(request: Request, warning_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    thing, read, actions = selectors.warning(warning_id=warning_id, actor=request.auth)
    told = {"read_by": [one.department.code for one in read], "available_actions": actions}
    return answers.json(schemas.warning(thing, len(read)) | told, status=status)


def _lesson(request: Request, lesson_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    thing, actions = selectors.lesson(lesson_id=lesson_id, actor=request.auth)
    return answers.json(schemas.lesson(thing, actions), status=status)
