"""What pages of policies show."""

from . import delivery, items, library

__all__ = ["delivery", "items", "library"]
