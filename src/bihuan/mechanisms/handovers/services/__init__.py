"""The only writers of double hand-overs. Order of locks: case, accounts by side, clocks."""

from .acting import give, take
from .following import cross, follow

__all__ = ["cross", "follow", "give", "take"]
