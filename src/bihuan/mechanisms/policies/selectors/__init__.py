"""Reads of policies, always with the eyes of an actor."""

from . import judged, library, matched

__all__ = ["judged", "library", "matched"]
