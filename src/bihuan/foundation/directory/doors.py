"""Which enterprise's door a scanned code hangs at.

A context that puts codes at doors registers how they are read; a context whose people come to a door asks whose it is.
So a check knows that somebody stood there, and neither context knows the other.
"""

import uuid
from collections.abc import Callable

Read = Callable[[str], uuid.UUID | None]

_readers: dict[str, Read] = {}


def register(name: str, read: Read) -> None:
    """Let `read(text)` say which enterprise a scanned text belongs to, or None for a text that is not its own.

    The text may be the address that a telephone shows. It is called inside a unit of work. Raises ValueError for a name
    that is taken by another.
    """
    if _readers.setdefault(name, read) is not read:
        raise ValueError(f"the door {name} is registered twice")


def forget(name: str) -> None:
    """Take a reader back (for tests)."""
    _readers.pop(name, None)


def enterprise_at(text: str) -> uuid.UUID | None:
    """Return the enterprise at whose door the code hangs; None for a code that is forged, out of use, or no door's."""
    return next((found for read in _readers.values() if (found := read(text)) is not None), None)
