"""What happens to bad marks, callbacks, draws and questions: facts with their wordings, and events for others."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class EvaluationEvent(Event):
    """Base: a fact was recorded, where its thing stands after it, and which unit it counts for."""

    id: uuid.UUID
    region: str
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime
    department_id: uuid.UUID | None


@dataclass(frozen=True, kw_only=True)
class MarkChanged(EvaluationEvent):
    """A bad mark moved on. parts: part → level; late: a step of it was late; appeal as in the row.

    A mark in state `set_aside` no longer counts against its unit.
    """

    case_id: uuid.UUID
    parts: Mapping[str, int]
    late: bool
    appeal: str
    corrections: int


@dataclass(frozen=True, kw_only=True)
class CallbackChanged(EvaluationEvent):
    """A callback moved on. solved and level (1–5) are what the raiser said; None: nothing."""

    case_id: uuid.UUID
    solved: bool | None
    level: int | None
    false_closing: bool
    overturned: bool


@dataclass(frozen=True, kw_only=True)
class DrawChanged(EvaluationEvent):
    """A draw moved on: how many closings it was made of, and how many were drawn."""

    population: int
    drawn: int


@dataclass(frozen=True, kw_only=True)
class QuestionChanged(EvaluationEvent):
    """A question to a supervisor was opened or answered."""

    kind: str


WORDINGS = {
    "evaluation.invited": _("The raiser was asked for a rating ({people} told)"),
    "evaluation.invitation_used": _("The matter was rated"),
    "evaluation.mark_opened": _("A bad rating was given; the raiser has to be contacted"),
    "evaluation.mark_improved": _("The raiser changed the rating; it is bad no more"),
    "evaluation.mark_changed": _("The raiser changed the rating; it is still bad"),
    "evaluation.mark_explained": _("The raiser said what was not good: {text}"),
    "evaluation.mark_verify": _("{actor} verified the rating: {text}"),
    "evaluation.mark_contact": _("{actor} contacted the raiser: {text}"),
    "evaluation.mark_correct": _("{actor} corrected it: {text}"),
    "evaluation.mark_answer": _("{actor} answered the raiser: {text}"),
    "evaluation.mark_revisit": _("{actor} asked again, content: {content}: {text}"),
    "evaluation.mark_close": _("{actor} closed the bad mark: {text}"),
    "evaluation.mark_appeal": _("{actor} appealed against the rating: {text}"),
    "evaluation.mark_decide_appeal": _("{actor} decided on the appeal, upheld: {upheld}: {text}"),
    "evaluation.mark_late": _("A time limit of the bad mark ran out: {clock}"),
    "evaluation.draw_committed": _("The seed of the next draw is fixed; its hash is {commitment}"),
    "evaluation.draw_draw": _("{drawn} of {population} closings were drawn"),
    "evaluation.draw_reveal": _("The seed of the draw was revealed: {seed}"),
    "evaluation.callback_opened": _("The closing was drawn for a callback"),
    "evaluation.callback_take": _("{actor} took the callback"),
    "evaluation.callback_miss": _("{actor} reached nobody: {text}"),
    "evaluation.callback_finish": _("{actor} called; really done: {solved}: {text}"),
    "evaluation.callback_lapse": _("The matter went on before anybody called"),
    "evaluation.callback_late": _("A time limit of the callback ran out: {clock}"),
    "evaluation.question_opened": _("Something unusual was noticed: {kind}"),
    "evaluation.question_answer_question": _("{actor} answered: {text}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
