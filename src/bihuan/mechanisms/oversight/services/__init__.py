"""The only writers of oversight. People act through `take`; the rest answers lights, facts of cases and clocks.

Order of locks: case, then order or entry, then clocks.
"""

from .acting import take, take_entry
from .following import cross, follow, set_going

__all__ = ["cross", "follow", "set_going", "take", "take_entry"]
