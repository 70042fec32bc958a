"""What pages of policies show."""

from . import delivery, library

__all__ = ["delivery", "library"]
