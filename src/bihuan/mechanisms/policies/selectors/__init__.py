"""Reads of policies, always with the eyes of an actor."""

from . import delivery, judged, library, matched

__all__ = ["delivery", "judged", "library", "matched"]
