"""Reads of dispatch, with the eyes of an actor: returns, the catalogue, proposals and how good they were."""

from . import catalogue, learnt
from .desk import Waiting, one, queue
from .guarding import why_not_given
from .judging import Measured, Month, accuracy, corrections
from .proposing import of_case, of_cases
from .returns import Counts, counts, page, waiting_count

__all__ = [
    "Counts",
    "Measured",
    "Month",
    "Waiting",
    "accuracy",
    "catalogue",
    "corrections",
    "counts",
    "learnt",
    "of_case",
    "of_cases",
    "one",
    "page",
    "queue",
    "waiting_count",
    "why_not_given",
]
