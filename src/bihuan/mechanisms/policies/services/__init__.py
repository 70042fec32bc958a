"""The only writers of policies.

Order of locks: policy, clause, terms; block, profile, match; delivery, share, grant.
"""

from .deciding import advance_due, know, take_grant, take_round
from .drawing import apply, draw, tell_waiting
from .filling import fill, follow, sync
from .importing import take_in
from .items import demand, draft_item, note_late_promises, promise, take_item, take_promise
from .matching import match_all, match_waiting
from .paying import rows_of, take_payments
from .raising import raise_unpaid
from .writing import amend, draft, end_due, take, write_clause

__all__ = [
    "advance_due",
    "amend",
    "apply",
    "demand",
    "draft",
    "draft_item",
    "draw",
    "end_due",
    "fill",
    "follow",
    "know",
    "match_all",
    "match_waiting",
    "note_late_promises",
    "promise",
    "raise_unpaid",
    "rows_of",
    "sync",
    "take",
    "take_grant",
    "take_in",
    "take_item",
    "take_payments",
    "take_promise",
    "take_round",
    "tell_waiting",
    "write_clause",
]
