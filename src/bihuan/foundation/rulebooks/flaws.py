"""What is wrong with a rulebook, said so that the person who wrote it can mend it: file, line, field, what, example."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors

Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One thing to mend. `line` and `column` count from 1; 0 means the whole file. `field` is dotted."""

    source: str
    line: int
    column: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}:{self.column}" if self.line else self.source
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"

    def document(self) -> dict[str, Any]:
        """Return the flaw as plain values for JSON."""
        return asdict(self)


class Flawed(errors.Invalid):
    """A rulebook cannot be used. `flaws` lists everything found, in the order of the lines."""

    code = "rulebook_flawed"

    def __init__(self, flaws: list[Flaw]) -> None:
        self.flaws = sorted(flaws, key=lambda flaw: (flaw.line, flaw.column))
        first = str(self.flaws[0])
        more = len(self.flaws) - 1
        text = _("%(first)s (and %(more)d more)") % {"first": first, "more": more} if more else first
        super().__init__(text, field="text", flaws=[flaw.document() for flaw in self.flaws])


def dotted(path: Path, values: Any) -> str:
    """Return `path` as a person writes it: `lights[yellow].at`; a list item is named by its id, else by its index."""
    text = ""
    for step in path:
        if isinstance(step, int) and isinstance(values, list) and 0 <= step < len(values):
            values = values[step]
            name = (values.get("id") or values.get("code")) if isinstance(values, Mapping) else None
            text += f"[{name if isinstance(name, str) else step}]"
        else:
            values = values.get(step) if isinstance(values, Mapping) else None
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
