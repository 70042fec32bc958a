"""The only writers of simulated accountability. Order of locks: case, then inquiry or sign, then what hangs on it.

What an inquiry holds is for those concerned only: nothing of it goes to webhooks.
"""

from .acting import apply, take
from .checking import open_round, take_check
from .following import cross
from .noticing import follow, look
from .observing import open_point, take_point
from .relieving import take_relief
from .warning import take_sign

__all__ = [
    "apply",
    "cross",
    "follow",
    "look",
    "open_point",
    "open_round",
    "take",
    "take_check",
    "take_point",
    "take_relief",
    "take_sign",
]
