"""Faces of the lights. A rulebook decides which lights there are and when one is lit; here is only how one looks.

A light is never colour alone: it always has a shape and a word (design guide §2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

TONES = ("blue", "green", "yellow", "orange", "red", "pause", "done", "plain")
"""Colour families of the style sheet: a parent with class `is-<tone>` carries fill, edge, text, tint, mark and bar."""

SHAPES = ("ring", "disc", "triangle", "diamond", "octagon", "box", "loop", "dot")
"""Drawings in img/shapes.svg."""


@dataclass(frozen=True, kw_only=True)
class Face:
    """How one light looks: `tone` of TONES, `shape` of SHAPES, `word` a lazy or plain text."""

    tone: str
    shape: str
    word: Any = ""


_SHAPE_OF_TONE: Mapping[str, str] = dict(zip(TONES, SHAPES, strict=True))
_faces: dict[str, Face] = {}


def register(light: str, *, tone: str, shape: str | None = None, word: Any) -> None:
    """Give the light id `light` a face; a later registration of the same id wins.

    Raises ValueError for a tone or shape that the style sheet does not have.
    """
    shape = shape or _SHAPE_OF_TONE.get(tone, "")
    if tone not in TONES or shape not in SHAPES:
        raise ValueError(f"light {light!r}: no such tone or shape: {tone!r}, {shape!r}")
    _faces[light] = Face(tone=tone, shape=shape, word=word)


def face(light: Any, *, label: Any = None) -> Face:
    """Return the face of `light`: an id, or anything with `id` and perhaps `tone`, `shape`, `name`.

    The word is `label`, else the registered word, else the thing's own `name`, else its id. An unknown id gets the
    neutral face, so that a place may invent lights without a code change.
    """
    if isinstance(light, Face):
        return light if label is None else Face(tone=light.tone, shape=light.shape, word=label)
    ident = light if isinstance(light, str) else str(getattr(light, "id", light) or "")
    known = _faces.get(ident, Face(tone="plain", shape="dot"))
    tone = getattr(light, "tone", None) or known.tone
    own_shape = getattr(light, "shape", None)
    shape = own_shape or (known.shape if tone == known.tone else _SHAPE_OF_TONE.get(tone, "dot"))
    word = label or known.word or getattr(light, "name", None) or ident
    if tone not in TONES or shape not in SHAPES:
        tone, shape = "plain", "dot"
    return Face(tone=tone, shape=shape, word=word)


register("blue", tone="blue", word=_("Unclaimed"))
register("green", tone="green", word=_("On track"))
register("yellow", tone="yellow", word=_("Watch"))
register("orange", tone="orange", word=_("At risk"))
register("red", tone="red", word=_("Overdue"))
register("pause", tone="pause", word=_("Paused"))
register("done", tone="done", word=_("Loop closed"))
