"""Reads of policies, always with the eyes of an actor."""

from . import delivery, items, judged, library, matched

__all__ = ["delivery", "items", "judged", "library", "matched"]
