"""The only writers of the conference. People act through `take` and what calls meetings; the rest answers events.

Order of locks: case, then item, then meeting, then decision, then clocks.
"""

from .acting import take
from .calling import call, consult
from .dialogues import plan_dialogues
from .following import cross, follow, propose
from .members import appoint, release
from .sessions import propose_earlier

__all__ = [
    "appoint",
    "call",
    "consult",
    "cross",
    "follow",
    "plan_dialogues",
    "propose",
    "propose_earlier",
    "release",
    "take",
]
