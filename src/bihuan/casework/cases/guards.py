"""Vetoes: a mechanism registers `why_not_…` on an action; it returns a reason in the reader's language, or None."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from .models import Case

Guard = Callable[[Case, Any, dt.datetime], str | None]
_guards: dict[str, list[Guard]] = defaultdict(list)


def register(action: str, why_not: Guard) -> None:
    """Ask `why_not(case, body, now)` before each `action`; `body` is None when only the possibility is asked."""
    if why_not not in _guards[action]:
        _guards[action].append(why_not)


def why_not(*, action: str, case: Case, body: Any, now: dt.datetime) -> str | None:
    """Return the first reason against taking `action` on `case` now, or None."""
    return next((reason for guard in _guards.get(action, ()) if (reason := guard(case, body, now))), None)
