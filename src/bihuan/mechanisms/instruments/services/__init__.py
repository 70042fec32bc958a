"""The only writers of instruments. People act through `draft` and `take`, others through `draft_wanted`, clocks through
`cross`.

Order of locks: instrument, then its letter, then clocks.
"""

from .acting import take
from .drafting import draft, draft_wanted
from .following import cross

__all__ = ["cross", "draft", "draft_wanted", "take"]
