"""The trained model of a region: a file of arrays and its card in the data folder. A bad one is none, and said so."""

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from ..rules import learning


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What there is: the model with its card, or why there is none (`missing`, `broken`)."""

    model: learning.TextModel | None = None
    card: dict[str, Any] | None = None
    why: str = ""

    @property
    def digest(self) -> str:
        """The model's digest, empty without one."""
        return self.card["digest"] if self.model and self.card else ""


_lock = threading.Lock()
_loaded: dict[Path, tuple[tuple[int, int], Learnt]] = {}
MISSING = Learnt(why="missing")


def folder() -> Path:
    """Return where models lie: `<region>.json` is the card, and names the file of the model."""
    return Path(settings.DATA_DIR) / "triage"


def of(region: str) -> Learnt:
    """Return the model of a county; read again only when its card changed. Never raises."""
    path = folder() / f"{region[:6]}.json"
    try:
        found = path.stat()
    except OSError:
        return MISSING
    mark = (found.st_mtime_ns, found.st_ino)
    known = _loaded.get(path)
    if known is None or known[0] != mark:
        with _lock:
            known = _loaded.get(path)
            if known is None or known[0] != mark:
                known = _loaded[path] = (mark, _read(path))
    return known[1]


def _read(path: Path) -> Learnt:
    card = None
    try:
        card = json.loads(path.read_text("utf-8"))
        content = (path.parent / Path(card["file"]).name).read_bytes()
        return Learnt(model=learning.load(content, digest=card["digest"]), card=card)
    except (OSError, ValueError, KeyError, TypeError):
        # Broken is a ValueError, and so is what json raises.
        return Learnt(card=card if isinstance(card, dict) else None, why="broken")
