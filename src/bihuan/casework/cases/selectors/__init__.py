"""Reads of the register: lists, one case, its trace, counts, duplicates. Always with the eyes of an actor."""

from .counting import DIMENSIONS, FIGURES, Tally, in_loop
from .elapsed import elapsed_share
from .firms import firm
from .likeness import HALF_A_YEAR, Likeness, kin, possible_duplicates
from .limits import Limit, limits
from .listing import (
    LIGHT_SQL,
    NONE_YET,
    PAGE,
    Filters,
    Row,
    counts,
    due_until,
    every,
    make_cursor,
    page,
    read_cursor,
    tally,
)
from .showing import (
    HIDDEN_FROM_RAISER,
    HIDDEN_FROM_RATED,
    Dossier,
    available_actions,
    dossier,
    find,
    find_all,
    light_of,
    newest_seq,
    stream_of,
    trace,
)
from .workload import Load, loads

__all__ = [
    "DIMENSIONS",
    "FIGURES",
    "HALF_A_YEAR",
    "HIDDEN_FROM_RAISER",
    "HIDDEN_FROM_RATED",
    "LIGHT_SQL",
    "NONE_YET",
    "PAGE",
    "Dossier",
    "Filters",
    "Likeness",
    "Limit",
    "Load",
    "Row",
    "Tally",
    "available_actions",
    "counts",
    "dossier",
    "due_until",
    "elapsed_share",
    "every",
    "find",
    "find_all",
    "firm",
    "in_loop",
    "kin",
    "light_of",
    "limits",
    "loads",
    "make_cursor",
    "newest_seq",
    "page",
    "possible_duplicates",
    "read_cursor",
    "stream_of",
    "tally",
    "trace",
]
