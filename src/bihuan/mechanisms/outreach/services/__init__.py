"""The only writers of outreach.

Order of locks: enterprise, then code or visit, then prompt, then follow-up, then clocks; campaign, then its matter.
"""

from .campaigning import Drive, add_matter, count_days, count_due, make_campaign, take_campaign, take_matter
from .following import cross, take_follow_up
from .issuing import MOST, Wanted, issue, lines, take_code
from .planning import Wish, make_plan, make_team
from .rating import Opened, Said, open_code, prompt, rate, scan
from .reporting import Kept, Picture, Written, report
from .visiting import call_off, rate_visit, register_visit

__all__ = [
    "MOST",
    "Drive",
    "Kept",
    "Opened",
    "Picture",
    "Said",
    "Wanted",
    "Wish",
    "Written",
    "add_matter",
    "call_off",
    "count_days",
    "count_due",
    "cross",
    "issue",
    "lines",
    "make_campaign",
    "make_plan",
    "make_team",
    "open_code",
    "prompt",
    "rate",
    "rate_visit",
    "register_visit",
    "report",
    "scan",
    "take_campaign",
    "take_code",
    "take_follow_up",
    "take_matter",
]
