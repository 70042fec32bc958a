"""The only writers of tracking. People act through `take` and `open_track`; the rest answers events and the calendar.

Order of locks: case, then track, then clocks.
"""

from .bulletins import publish_bulletin, publish_bulletins
from .deciding import open_track, take
from .following import consider, follow
from .rhythm import cross

__all__ = ["consider", "cross", "follow", "open_track", "publish_bulletin", "publish_bulletins", "take"]
