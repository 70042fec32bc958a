"""What the votes of a competition come to. Plain values only (A6)."""

from collections.abc import Mapping


def promoted(votes: Mapping[str, int], *, most: int, least: int) -> frozenset[str]:
    """Return who is promoted: the `most` with the most votes and at least `least`; who ties with the last of them, too.

    Luck decides nothing: a tie at the edge promotes all of it.
    """
    able = sorted((count for count in votes.values() if count >= least), reverse=True)
    if not able:
        return frozenset()
    edge = able[min(most, len(able)) - 1]
    return frozenset(name for name, count in votes.items() if count >= edge)
