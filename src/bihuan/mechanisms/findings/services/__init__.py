"""The only writers of findings. People act through `plan`, `enter` and `take`; the rest answers events and clocks.

Order of locks: case, finding, clocks.
"""

from .acting import Receipt, take
from .entering import enter, note_visit, plan
from .following import cross, follow_case, follow_letter, keep_receipt

__all__ = ["Receipt", "cross", "enter", "follow_case", "follow_letter", "keep_receipt", "note_visit", "plan", "take"]
