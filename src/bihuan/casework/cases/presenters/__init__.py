"""What the pages of a case show, as values for the components of `foundation.ui`. Words only; no rule is decided."""

from .case import (
    Action,
    Party,
    actions,
    explanation,
    handler,
    measures,
    parties,
    ratings,
    scale,
    shows_rated,
    similar,
    steps,
)
from .ladder import CONSEQUENCES, rungs, what_follows
from .lights import Left, face_of, faces, faces_under, left_length, left_of, marks
from .limits import fill as limits
from .lists import Line, at_least, chips, etag, last_facts, lines, strip, tabs
from .rows import markup
from .trace import entries, names_of, speakers

__all__ = [
    "CONSEQUENCES",
    "Action",
    "Left",
    "Line",
    "Party",
    "actions",
    "at_least",
    "chips",
    "entries",
    "etag",
    "explanation",
    "face_of",
    "faces",
    "faces_under",
    "handler",
    "last_facts",
    "left_length",
    "left_of",
    "limits",
    "lines",
    "marks",
    "markup",
    "measures",
    "names_of",
    "parties",
    "ratings",
    "rungs",
    "scale",
    "shows_rated",
    "similar",
    "speakers",
    "steps",
    "strip",
    "tabs",
    "what_follows",
]
