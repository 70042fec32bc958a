"""The only writers of retrospectives. People act through `take` and `open_by_hand`; the rest follows events.

Order of locks: case, then retrospective, then its parts, then clocks.
"""

from .acting import take
from .following import cross, follow, note_institution
from .opening import open_by_hand

__all__ = ["cross", "follow", "note_institution", "open_by_hand", "take"]
