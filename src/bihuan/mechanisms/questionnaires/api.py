"""REST: questionnaires, their answers, and what becomes of them."""

import dataclasses
import uuid
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import ANYONE, LOGGED_IN, allow, unrecorded
from bihuan.foundation.kernel import answers, errors, ids, throttle

from . import schemas, selectors, services
from .models import Questionnaire
from .rules import humans
from .services.answering import Sent

router = Router(tags=["questionnaires"])


def _one(request: Request, found: Questionnaire) -> dict[str, Any]:
    counts = selectors.progress([found])
    return schemas.questionnaire(found, counts[found.id], selectors.actions(found, request.auth))


@router.get("/questionnaires", response=schemas.QuestionnairePage, summary="List questionnaires")
@allow(LOGGED_IN)
def list_questionnaires(request: Request, query: Query[schemas.QuestionnaireQuery]) -> HttpResponse:
    """The questionnaires the caller may see, newest first."""
    found, following = selectors.register_page(
        actor=request.auth, state=query.state, before=query.cursor, limit=query.limit
    )
    counts = selectors.progress(found)
    rows = [schemas.questionnaire(one, counts[one.id], selectors.actions(one, request.auth)) for one in found]
    return answers.page(rows, str(following) if following else None)


@router.post("/questionnaires", response={201: schemas.QuestionnaireOut}, summary="Begin a questionnaire")
@allow(LOGGED_IN)
def begin_questionnaire(request: Request) -> HttpResponse:
    """`region`, `title`, `purpose`, and `about`: codes of the departments that it rates."""
    body = answers.body_of(request)
    given = {name: str(body.get(name, "")) for name in ("region", "title", "purpose")}
    about = body.get("about") or []
    made = services.draft(
        **given, about=list(map(str, about)) if isinstance(about, list) else [], actor=request.auth, now=request.now
    )
    return answers.json(_one(request, made), status=201)


@router.get("/questionnaires/{questionnaire_id}", response=schemas.QuestionnaireOut, summary="One questionnaire")
@allow(LOGGED_IN)
def show_questionnaire(request: Request, questionnaire_id: uuid.UUID) -> HttpResponse:
    """One questionnaire with its questions."""
    return answers.json(_one(request, selectors.find(questionnaire_id, request.auth)))


@router.put(
    "/questionnaires/{questionnaire_id}/questions", response=schemas.QuestionnaireOut, summary="Write its questions"
)
@allow(LOGGED_IN)
def write_questions(request: Request, questionnaire_id: uuid.UUID) -> HttpResponse:
    """`questions`: all of them, each {key, kind, text, hint, options, needed, when, fact}."""
    given = answers.body_of(request).get("questions")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise errors.Invalid("questions: a list of objects", code="invalid_body", field="questions")
    found = services.put_questions(
        questionnaire_id=questionnaire_id, questions=given, actor=request.auth, now=request.now
    )
    return answers.json(_one(request, found))


@router.post(
    "/questionnaires/{questionnaire_id}/actions/{action}",
    response=schemas.QuestionnaireOut,
    summary="Act on a questionnaire",
)
@allow(LOGGED_IN)
def take_questionnaire_action(request: Request, questionnaire_id: uuid.UUID, action: str) -> HttpResponse:
    """`send` {until, enterprises | towns, trades, sizes}, `remind`, `extend` {until, text}, `sort`, `close`, `drop`."""
    body = answers.body_of(request)
    found = services.take(
        questionnaire_id=questionnaire_id, action=action, actor=request.auth, now=request.now, body=body
    )
    return answers.json(_one(request, found))


@router.get(
    "/questionnaires/{questionnaire_id}/results",
    response=schemas.QuestionnaireFiguresOut,
    summary="What the answers come to",
)
@allow(LOGGED_IN)
def show_questionnaire_results(request: Request, questionnaire_id: uuid.UUID) -> HttpResponse:
    """Counts with their base; never for those who are rated."""
    found = selectors.find(questionnaire_id, request.auth)
    figures = selectors.figures(questionnaire=found, actor=request.auth)
    _answered, rows = selectors.results(questionnaire=found, actor=request.auth)
    counted = [schemas.counted(tally, shown) for tally, shown in rows]
    return answers.json(dataclasses.asdict(figures) | {"questions": counted})


@router.get(
    "/questionnaires/{questionnaire_id}/statements",
    response=schemas.StatementGroupsOut,
    summary="Statements that wait for a person",
)
@allow(LOGGED_IN)
def list_statements(request: Request, questionnaire_id: uuid.UUID) -> HttpResponse:
    """The largest groups of alike statements that nobody has decided on."""
    found = selectors.find(questionnaire_id, request.auth)
    groups, waiting = selectors.groups_to_sort(questionnaire=found, actor=request.auth)
    return answers.json({"waiting": waiting, "groups": [[schemas.statement(one) for one in rows] for rows in groups]})


@router.get(
    "/questionnaires/{questionnaire_id}/problems", response=schemas.AskedProblemPage, summary="Problems of answers"
)
@allow(LOGGED_IN)
def list_asked_problems(request: Request, questionnaire_id: uuid.UUID) -> HttpResponse:
    """The newest 200 problems that persons put together."""
    found = selectors.find(questionnaire_id, request.auth)
    rows = selectors.problems(questionnaire=found, actor=request.auth)
    return answers.page([schemas.problem(one, [], selectors.problem_actions(one, request.auth)) for one in rows], None)


@router.post(
    "/questionnaires/{questionnaire_id}/problems",
    response={201: schemas.AskedProblemOut},
    summary="Put statements together",
)
@allow(LOGGED_IN)
def decide_on_statements(request: Request, questionnaire_id: uuid.UUID) -> HttpResponse:
    """`statements` (ids), `title`, `urgent`."""
    body = answers.body_of(request)
    decision = services.Decision(
        statements=_ids(body), title=str(body.get("title", "")), urgent=body.get("urgent") is True
    )
    made = services.decide(questionnaire_id=questionnaire_id, decision=decision, actor=request.auth, now=request.now)
    return _problem(request, made.id, status=201)


@router.post("/questionnaires/{questionnaire_id}/aside", response=schemas.StatementGroupsOut, summary="Set aside")
@allow(LOGGED_IN)
def set_statements_aside(request: Request, questionnaire_id: uuid.UUID) -> HttpResponse:
    """`statements` (ids) that are no problem, and `text`: why."""
    body = answers.body_of(request)
    services.set_aside(
        questionnaire_id=questionnaire_id,
        statements=_ids(body),
        text=str(body.get("text", "")),
        actor=request.auth,
        now=request.now,
    )
    return list_statements(request, questionnaire_id)


def _ids(body: dict[str, Any]) -> list[uuid.UUID]:
    given = body.get("statements")
    return [key for one in given if (key := ids.parse(str(one)))] if isinstance(given, list) else []


def _problem(request: Request, problem_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    found = selectors.find_problem(problem_id, request.auth)
    fates = selectors.statements_of(problem=found, actor=request.auth)
    shown = schemas.problem(found, fates, selectors.problem_actions(found, request.auth))
    return answers.json(shown, status=status)


@router.get("/questionnaires/problems/{problem_id}", response=schemas.AskedProblemOut, summary="One problem of answers")
@allow(LOGGED_IN)
def show_asked_problem(request: Request, problem_id: uuid.UUID) -> HttpResponse:
    """One problem with its statements."""
    return _problem(request, problem_id)


@router.post(
    "/questionnaires/problems/{problem_id}/actions/{action}",
    response=schemas.AskedProblemOut,
    summary="Act on a problem of answers",
)
@allow(LOGGED_IN)
def take_asked_problem_action(request: Request, problem_id: uuid.UUID, action: str) -> HttpResponse:
    """`hand_on`: to the task forces, as matters; `settle` {text}."""
    body = answers.body_of(request)
    services.take_problem(problem_id=problem_id, action=action, actor=request.auth, now=request.now, body=body)
    return _problem(request, problem_id)


@router.get("/questionnaires/answers/{token}", response=schemas.AnswersPageOut, summary="What a link asks")
@allow(ANYONE)
def show_asked_questions(request: Request, token: str) -> HttpResponse:
    """The questions behind a link, without login; `stamp` goes back with the answers."""
    to = services.open_link(token=token, address=throttle.address_of(request), now=request.now)
    page = selectors.page_of(to, request.now)
    return answers.json(
        {
            "title": to.questionnaire.title,
            "purpose": to.questionnaire.purpose,
            "enterprise": to.enterprise.name,
            "until": answers.local(to.questionnaire.until),
            "questions": [schemas.question(one) for one in page.questions if one.fact not in page.known],
            "known": {fact: page.known[fact] for fact in page.asked_facts},
            "given": page.given,
            "stamp": humans.stamp(key=settings.SECRET_KEY, ident=to.ident, now=request.now),
        }
    )


@router.post("/questionnaires/answers/{token}", response={201: schemas.AnswersKeptOut}, summary="Answer")
@allow(ANYONE)
@unrecorded
def answer_questions(request: Request, token: str) -> HttpResponse:
    """`answers` (key → value or values; `<key>-name`: handle it in our name) and `stamp`; the last version counts."""
    body = answers.body_of(request)
    given = body.get("answers")
    if not isinstance(given, dict):
        raise errors.Invalid("answers: an object", code="invalid_body", field="answers")
    raw = {
        str(key): [str(one) for one in (value if isinstance(value, list) else [value])]
        for key, value in given.items()
        if value not in (None, False)
    }
    sent = Sent(raw=raw, stamp=str(body.get("stamp", "")))
    kept = services.answer(token=token, sent=sent, address=throttle.address_of(request), now=request.now)
    return answers.json({"version": kept.version}, status=201)
