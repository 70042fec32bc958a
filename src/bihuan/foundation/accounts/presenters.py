"""What pages show of what people did."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from bihuan.foundation.ledger import facts
from bihuan.foundation.ui.components import TimelineEntry

from . import selectors


def entries(
    trace: Sequence[dict[str, Any]], *, note: Callable[[dict[str, Any]], str] | None = None
) -> list[TimelineEntry]:
    """Return facts (contents, oldest first) as a timeline, newest first; one query for all names.

    note: what stands under each, such as whose fact it is in the trace of several things; without it its number.
    """
    people = selectors.names({uuid.UUID(fact["actor"]) for fact in trace if fact["actor"]})
    names: dict[str, Any] = {str(key): name for key, name in people.items()}
    # Who did it stands before the sentence, so the sentence does not name them again.
    quiet = dict.fromkeys(names, "")
    return [
        TimelineEntry(
            at=dt.datetime.fromisoformat(fact["at"]),
            who=names.get(fact["actor"] or "", ""),
            text=facts.wording(fact, quiet).strip(" ：:"),
            system=not fact["actor"],
            notes=[note(fact) if note else f"#{fact['seq']}"],
            id=f"f{place if note else fact['seq']}",
        )
        for place, fact in reversed(list(enumerate(trace)))
    ]
