"""The only writers of evaluation. People act through the functions below; the rest answers facts of cases and clocks.

Order of locks: case, then invitation, mark or callback, then clocks.
"""

from .asking import Visit, explain_by_link, open_link, rate_by_link
from .calling import take_call
from .drawing import commit_draw, draw, keep_drawing, reveal
from .following import cross, follow
from .marking import take_mark
from .questioning import answer_question, look_for_signs

__all__ = [
    "Visit",
    "answer_question",
    "commit_draw",
    "cross",
    "draw",
    "explain_by_link",
    "follow",
    "keep_drawing",
    "look_for_signs",
    "open_link",
    "rate_by_link",
    "reveal",
    "take_call",
    "take_mark",
]
