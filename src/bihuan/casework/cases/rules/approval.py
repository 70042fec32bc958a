"""Who stands above whom when time is granted (L7: the level above, never the department itself). Pure."""

_RANKS = {"coordinator": 1, "catch_all": 1, "board_head": 2, "leader": 3}


def deciders(approver: str) -> frozenset[str]:
    """Return the roles that may decide where the rulebook names `approver`: it, and those at least as high.

    The supervision office decides only where it is named; the leader always may.
    """
    rank = _RANKS.get(approver, max(_RANKS.values()))
    return frozenset({approver, *(role for role, own in _RANKS.items() if own >= rank)})
