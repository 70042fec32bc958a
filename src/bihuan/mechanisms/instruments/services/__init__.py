"""The only writers of instruments. People act through `draft` and `take`; clocks through `cross`.

Order of locks: instrument, then its letter, then clocks.
"""

from .acting import take
from .drafting import draft
from .following import cross

__all__ = ["cross", "draft", "take"]
