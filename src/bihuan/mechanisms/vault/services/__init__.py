"""The only writers of the vault; each look is a deed and leaves an entry before anything is shown.

Order of locks: clue, request, then the chain of the region. Notices come after leaving the vault's role.
"""

from .giving import Identity, Received, Report, limit, report, take_in, transfer, transfer_case, unlinkable
from .handling import open_clue, open_desk, take
from .keeping import keys_in_use, open_views, rotate, verify, why_locked
from .revealing import take_request
from .talking import Thread, say, thread

__all__ = [
    "Identity",
    "Received",
    "Report",
    "Thread",
    "keys_in_use",
    "limit",
    "open_clue",
    "open_desk",
    "open_views",
    "report",
    "rotate",
    "say",
    "take",
    "take_in",
    "take_request",
    "thread",
    "transfer",
    "transfer_case",
    "unlinkable",
    "verify",
    "why_locked",
]
