"""The only writers of outreach.

Order of locks: enterprise, then code or visit, then prompt, then follow-up, then clocks.
"""

from .following import cross, take_follow_up
from .issuing import MOST, Wanted, issue, lines, take_code
from .planning import Wish, make_plan, make_team
from .rating import Opened, Said, open_code, prompt, rate, scan
from .reporting import Kept, Picture, Written, report
from .visiting import call_off, rate_visit, register_visit

__all__ = [
    "MOST",
    "Kept",
    "Opened",
    "Picture",
    "Said",
    "Wanted",
    "Wish",
    "Written",
    "call_off",
    "cross",
    "issue",
    "lines",
    "make_plan",
    "make_team",
    "open_code",
    "prompt",
    "rate",
    "rate_visit",
    "register_visit",
    "report",
    "scan",
    "take_code",
    "take_follow_up",
]
