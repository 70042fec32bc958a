"""The only writers of the scoreboard: sums follow the matters; people leave matters out, and publish.

Order of locks: case, then tally; an edition stands alone.
"""

from .checking import Report, check, check_nightly, outdated, rebuild, renew
from .excluding import decide_exclusion, exclude_rating, propose_exclusion, rated_anew
from .naming import keep_name
from .publishing import draft, freeze_due, take
from .tallying import fold, recount, settle

__all__ = [
    "Report",
    "check",
    "check_nightly",
    "decide_exclusion",
    "draft",
    "exclude_rating",
    "fold",
    "freeze_due",
    "keep_name",
    "outdated",
    "propose_exclusion",
    "rated_anew",
    "rebuild",
    "recount",
    "renew",
    "settle",
    "take",
]
