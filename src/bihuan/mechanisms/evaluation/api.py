"""REST: bad marks, callbacks, questions, draws, and means behind which nobody can be recognised."""

import uuid

from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from . import schemas, selectors, services
from .rules import measured

router = Router(tags=["evaluation"])


@router.get("/evaluations/callbacks", response=schemas.CallbackPage, summary="List callbacks")
@allow(LOGGED_IN)
def list_callbacks(request: Request, query: Query[schemas.EvaluationQuery]) -> HttpResponse:
    """Callbacks of the caller's regions, newest first; state `false` keeps the false closings."""
    rows, following = selectors.calls(
        actor=request.auth, now=request.now, state=query.wanted, before=query.cursor, limit=query.limit
    )
    return answers.page([schemas.callback(row) for row in rows], str(following) if following else None)


@router.get("/evaluations/callbacks/{callback_id}", response=schemas.CallbackOut, summary="One callback")
@allow(LOGGED_IN)
def show_callback(request: Request, callback_id: uuid.UUID) -> HttpResponse:
    """One callback with both versions: what the unit replied, and what the raiser said."""
    return _callback(request, callback_id)


def _callback(request: Request, callback_id: uuid.UUID) -> HttpResponse:
    found = selectors.one_call(call_id=callback_id, actor=request.auth, now=request.now)
    return answers.json(schemas.callback(found))


@router.post(
    "/evaluations/callbacks/{callback_id}/actions/{action}", response=schemas.CallbackOut, summary="Act on a callback"
)
@allow(LOGGED_IN)
def take_callback_action(request: Request, callback_id: uuid.UUID, action: str) -> HttpResponse:
    """`take` {} · `miss` {text} · `finish` {solved, text, level?}."""
    body = answers.body_of(request)
    services.take_call(call_id=callback_id, action=action, actor=request.auth, now=request.now, body=body)
    return _callback(request, callback_id)


@router.get("/evaluations/questions", response=schemas.QuestionPage, summary="List questions to supervisors")
@allow(LOGGED_IN)
def list_questions(request: Request, query: Query[schemas.EvaluationQuery]) -> HttpResponse:
    """What detectors noticed, newest first, each with the measured false-alarm rate of its detector."""
    rows, following = selectors.questions(
        actor=request.auth, state=query.wanted, before=query.cursor, limit=query.limit
    )
    shown = [schemas.question(row, measured.FALSE_ALARMS.get(row.question.kind)) for row in rows]
    return answers.page(shown, str(following) if following else None)


@router.get("/evaluations/questions/{question_id}", response=schemas.QuestionOut, summary="One question")
@allow(LOGGED_IN)
def show_question(request: Request, question_id: uuid.UUID) -> HttpResponse:
    """One question with its evidence."""
    return _question(request, question_id)


def _question(request: Request, question_id: uuid.UUID) -> HttpResponse:
    found = selectors.question(question_id=question_id, actor=request.auth)
    return answers.json(schemas.question(found, measured.FALSE_ALARMS.get(found.question.kind)))


@router.post(
    "/evaluations/questions/{question_id}/actions/answer_question",
    response=schemas.QuestionOut,
    summary="Answer a question with a note",
)
@allow(LOGGED_IN)
def take_question_action(request: Request, question_id: uuid.UUID) -> HttpResponse:
    """{text}: what was found, and what follows."""
    body = answers.body_of(request)
    services.answer_question(question_id=question_id, actor=request.auth, now=request.now, body=body)
    return _question(request, question_id)


@router.get("/evaluations/draws", response=schemas.DrawPage, summary="List draws")
@allow(LOGGED_IN)
def list_draws(request: Request, region: str = "") -> HttpResponse:
    """The newest draws, each without its tickets (see `/draws/{id}.json`, which needs no login)."""
    found = [selectors.outline(one) for one in selectors.draws_of(region=region)]
    return answers.page(found, None)


@router.get("/evaluations/draws/{draw_id}", response=schemas.DrawOut, summary="One draw")
@allow(LOGGED_IN)
def show_draw(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """One draw with everything from which it can be repeated."""
    return answers.json(selectors.recipe(selectors.draw(draw_id=draw_id)))


@router.get("/evaluations/ratings", response=schemas.MeanPage, summary="Mean ratings by department and month")
@allow(LOGGED_IN)
def list_means(request: Request) -> HttpResponse:
    """Means of at least as many enterprises as the rulebook's `least`; a rated unit gets its own settled months."""
    found = selectors.means(actor=request.auth, now=request.now)
    return answers.page([schemas.mean(one) for one in found], None)


@router.get("/evaluations", response=schemas.BadMarkPage, summary="List bad marks")
@allow(LOGGED_IN)
def list_bad_marks(request: Request, query: Query[schemas.EvaluationQuery]) -> HttpResponse:
    """Bad marks, newest first. The rated unit sees what it was told, without who and when."""
    rows, following = selectors.marks(
        actor=request.auth, now=request.now, state=query.wanted, before=query.cursor, limit=query.limit
    )
    return answers.page([schemas.bad_mark(row) for row in rows], str(following) if following else None)


@router.get("/evaluations/{mark_id}", response=schemas.BadMarkOut, summary="One bad mark")
@allow(LOGGED_IN)
def show_bad_mark(request: Request, mark_id: uuid.UUID) -> HttpResponse:
    """One bad mark as the caller may see it."""
    return _bad_mark(request, mark_id)


def _bad_mark(request: Request, mark_id: uuid.UUID) -> HttpResponse:
    return answers.json(schemas.bad_mark(selectors.mark(mark_id=mark_id, actor=request.auth, now=request.now)))


@router.post("/evaluations/{mark_id}/actions/{action}", response=schemas.BadMarkOut, summary="Act on a bad mark")
@allow(LOGGED_IN)
def take_bad_mark_action(request: Request, mark_id: uuid.UUID, action: str) -> HttpResponse:
    """{text} for each; `contact` also {named}, `revisit` {content}, `decide_appeal` {upheld}."""
    body = answers.body_of(request)
    services.take_mark(mark_id=mark_id, action=action, actor=request.auth, now=request.now, body=body)
    return _bad_mark(request, mark_id)
