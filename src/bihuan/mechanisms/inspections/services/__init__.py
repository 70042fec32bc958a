"""The only writers of inspections.

Order of locks: enterprise, then check or draw, then standing, then record and repair, then clocks.
"""

from .booking import Planned, ask, book, join, register
from .conducting import cross, lapse, rate_check, take_check
from .drawing import Lots, commit_draw, take_draw
from .importing import import_records
from .listing import Entered, enter, take_listed
from .rating import enter_record, let_stand, rate_one, rate_region, take_standing
from .repairing import ask_repair, late, take_repair

__all__ = [
    "Entered",
    "Lots",
    "Planned",
    "ask",
    "ask_repair",
    "book",
    "commit_draw",
    "cross",
    "enter",
    "enter_record",
    "import_records",
    "join",
    "lapse",
    "late",
    "let_stand",
    "rate_check",
    "rate_one",
    "rate_region",
    "register",
    "take_check",
    "take_draw",
    "take_listed",
    "take_repair",
    "take_standing",
]
