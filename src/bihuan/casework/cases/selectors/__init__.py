"""Reads of the register: lists, one case, its trace, counts, duplicates. Always with the eyes of an actor."""

from .likeness import HALF_A_YEAR, Likeness, kin, possible_duplicates
from .limits import Limit, limits
from .listing import (
    LIGHT_SQL,
    PAGE,
    Filters,
    Row,
    counts,
    due_until,
    elapsed_share,
    every,
    make_cursor,
    page,
    read_cursor,
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
    stream_of,
    trace,
)
from .workload import Load, loads

__all__ = [
    "HALF_A_YEAR",
    "HIDDEN_FROM_RAISER",
    "HIDDEN_FROM_RATED",
    "LIGHT_SQL",
    "PAGE",
    "Dossier",
    "Filters",
    "Likeness",
    "Limit",
    "Load",
    "Row",
    "available_actions",
    "counts",
    "dossier",
    "due_until",
    "elapsed_share",
    "every",
    "find",
    "find_all",
    "kin",
    "light_of",
    "limits",
    "loads",
    "make_cursor",
    "page",
    "possible_duplicates",
    "read_cursor",
    "stream_of",
    "trace",
]
