"""Reads of the scoreboard, as an actor may see them."""

from .behind import Behind, behind, exclusions, exclusions_counted, moved
from .boards import Board, Figure, Line, board, compute
from .editions import editions, find_edition, newest_public, trends

__all__ = [
    "Behind",
    "Board",
    "Figure",
    "Line",
    "behind",
    "board",
    "compute",
    "editions",
    "exclusions",
    "exclusions_counted",
    "find_edition",
    "moved",
    "newest_public",
    "trends",
]
