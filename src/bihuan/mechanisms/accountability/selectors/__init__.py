"""Reads of simulated accountability, with the eyes of an actor."""

from .common import PAGE, not_found, person_of, rule
from .counting import book_of, figures, region_of
from .inquiries import (
    Dossier,
    Seen,
    available_actions,
    case_of,
    case_to_apply,
    dossier,
    find,
    locked,
    of_case,
    page,
    seen,
    trace,
)
from .network import hints, locked_point, points
from .noticed import locked_sign, sign_actions, signs, signs_of, signs_seen
from .relieved import locked_relief, relief, relief_actions, reliefs, reliefs_seen
from .rounds import checks, locked_check
from .waiting import Waiting, waiting

__all__ = [
    "PAGE",
    "Dossier",
    "Seen",
    "Waiting",
    "available_actions",
    "book_of",
    "case_of",
    "case_to_apply",
    "checks",
    "dossier",
    "figures",
    "find",
    "hints",
    "locked",
    "locked_check",
    "locked_point",
    "locked_relief",
    "locked_sign",
    "not_found",
    "of_case",
    "page",
    "person_of",
    "points",
    "region_of",
    "relief",
    "relief_actions",
    "reliefs",
    "reliefs_seen",
    "rule",
    "seen",
    "sign_actions",
    "signs",
    "signs_of",
    "signs_seen",
    "trace",
    "waiting",
]
