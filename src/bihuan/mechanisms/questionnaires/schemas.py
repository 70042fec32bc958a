"""Shapes of questionnaires in the REST API."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .models import Problem, Questionnaire
from .rules.branching import Question
from .rules.counting import Tally
from .selectors import Fate


class QuestionnaireQuery(Schema):
    """Filters of the list of questionnaires."""

    state: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class QuestionnaireOut(Schema):
    """A questionnaire. questions: as `PUT …/questions` takes them. about: codes are ids of the departments it rates."""

    id: uuid.UUID
    state: str
    region: str
    title: str
    purpose: str
    questions: list[dict[str, Any]]
    about: list[uuid.UUID]
    asked: int
    skipped: int
    answered: int
    sent_at: dt.datetime | None
    until: dt.datetime | None
    ended_at: dt.datetime | None
    available_actions: list[str]


class QuestionnairePage(Schema):
    """A page of questionnaires."""

    items: list[QuestionnaireOut]
    next: str | None


class QuestionnaireFiguresOut(Schema):
    """参与 → 问题 → 急难: see the names. questions: each with its base; counts that are too small are null."""

    asked: int
    reached: int
    answered: int
    statements: int
    set_aside: int
    to_sort: int
    problems: int
    urgent: int
    raised: int
    cases: int
    questions: list[dict[str, Any]]


class AnswersPageOut(Schema):
    """What the holder of a link is asked: questions not known already, what is known, the last answers, the stamp."""

    title: str
    purpose: str
    enterprise: str
    until: dt.datetime | None
    questions: list[dict[str, Any]]
    known: dict[str, str]
    given: dict[str, Any]
    stamp: str


class AnswersKeptOut(Schema):
    """Answers are kept as this version."""

    version: int


class StatementOut(Schema):
    """One statement; firm only where the enterprise wants it handled in its name."""

    id: uuid.UUID
    text: str
    town: str
    industry: str
    firm: str
    force: str
    case: str | None


class StatementGroupsOut(Schema):
    """Statements that wait, alike ones together; waiting: how many in all."""

    waiting: int
    groups: list[list[StatementOut]]


class AskedProblemOut(Schema):
    """One problem that a person put together from statements."""

    id: uuid.UUID
    questionnaire: uuid.UUID
    title: str
    urgent: bool
    state: str
    outcome: str
    found_at: dt.datetime
    statements: list[StatementOut]
    available_actions: list[str]


class AskedProblemPage(Schema):
    """The problems of a questionnaire, newest first, without their statements."""

    items: list[AskedProblemOut]
    next: str | None


def questionnaire(one: Questionnaire, answered: int, actions: Sequence[str]) -> dict[str, Any]:
    """Return a questionnaire as the API shows it."""
    names = ("id", "state", "region", "title", "purpose", "questions", "about", "asked", "skipped")
    return {name: getattr(one, name) for name in names} | {
        "answered": answered,
        "sent_at": answers.local(one.sent_at),
        "until": answers.local(one.until),
        "ended_at": answers.local(one.ended_at),
        "available_actions": list(actions),
    }


def statement(fate: Fate) -> dict[str, Any]:
    """Return a statement as the API shows it."""
    one = fate.statement
    return {
        "id": one.id,
        "text": one.text,
        "town": fate.town,
        "industry": fate.industry,
        "firm": fate.firm,
        "force": one.force,
        "case": one.case.number if one.case_id and one.case else None,
    }


def problem(one: Problem, fates: Sequence[Fate], actions: Sequence[str]) -> dict[str, Any]:
    """Return a problem as the API shows it."""
    names = ("id", "title", "urgent", "state", "outcome")
    return {name: getattr(one, name) for name in names} | {
        "questionnaire": one.questionnaire_id,
        "found_at": answers.local(one.found_at),
        "statements": [statement(fate) for fate in fates],
        "available_actions": list(actions),
    }


def counted(tally: Tally, shown: dict[str, int | None]) -> dict[str, Any]:
    """Return one question counted as the API shows it."""
    one = tally.question
    return {
        "key": one.key,
        "text": one.text,
        "asked": tally.asked,
        "answered": tally.answered,
        "counts": shown,
        "mean": tally.mean,
    }


def question(one: Question) -> dict[str, Any]:
    """Return one question as the API shows it."""
    return one.plain()
