"""The only writers of policies. Order of locks: policy, clause, terms; block, profile, match."""

from .filling import fill, follow, sync
from .matching import match_all, match_waiting
from .writing import amend, draft, end_due, take, write_clause

__all__ = ["amend", "draft", "end_due", "fill", "follow", "match_all", "match_waiting", "sync", "take", "write_clause"]
