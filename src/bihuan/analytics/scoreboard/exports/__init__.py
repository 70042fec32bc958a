"""Figures as plain values, and as the files that leave the house."""

from .content import FORMAT, content, digest, document, figure, for_public
from .files import MEDIA_TYPES, SCHEMA, draw, named

__all__ = [
    "FORMAT",
    "MEDIA_TYPES",
    "SCHEMA",
    "content",
    "digest",
    "document",
    "draw",
    "figure",
    "for_public",
    "named",
]
