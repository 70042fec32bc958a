"""Reads of evaluation, always with the eyes of an actor; what everybody may read is said where it is."""

from .desks import link_of, overturned, waiting_calls, waiting_marks, waiting_questions
from .draws import draw, draws_of, outline, recipe
from .figures import Counted, Mean, counted, means, silence_rows
from .queues import (
    SeenCall,
    SeenMark,
    SeenQuestion,
    Upheld,
    calls,
    contact_of,
    mark,
    marks,
    not_found,
    of_case,
    one_call,
    question,
    questions,
    sees_question,
    trace,
    upheld,
)
from .signs import signs

__all__ = [
    "Counted",
    "Mean",
    "SeenCall",
    "SeenMark",
    "SeenQuestion",
    "Upheld",
    "calls",
    "contact_of",
    "counted",
    "draw",
    "draws_of",
    "link_of",
    "mark",
    "marks",
    "means",
    "not_found",
    "of_case",
    "one_call",
    "outline",
    "overturned",
    "question",
    "questions",
    "recipe",
    "sees_question",
    "signs",
    "silence_rows",
    "trace",
    "upheld",
    "waiting_calls",
    "waiting_marks",
    "waiting_questions",
]
