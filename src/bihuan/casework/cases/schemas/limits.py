"""The clocks of one case in the REST API."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel.answers import local

from .. import wording
from ..selectors import Limit


class LimitOut(Schema):
    """A clock of the case. `explanation` says in the caller's language why it is due then.

    clock: `acceptance`, `handling`, `co_reply` …; department: its code, where the clock is that of a department.
    """

    clock: str
    name: str
    department: str | None
    cycle: int
    state: str = Field(description="running, paused or stopped")
    void: bool = Field(description="Ended without result; counted nowhere")
    started_at: dt.datetime
    due_at: dt.datetime
    original_due_at: dt.datetime
    stopped_at: dt.datetime | None
    elapsed_share: float
    light: str | None
    overdue: bool
    provisional: bool
    explanation: str
    steps: list[str]


class LimitPage(Schema):
    """All clocks of a case, open ones first."""

    items: list[LimitOut]
    next: str | None


def limit(found: Limit, codes: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    """Return a clock ready for JSON. codes: department id → code."""
    instants = ("started_at", "due_at", "original_due_at", "stopped_at")
    plain = ("cycle", "state", "void", "light", "overdue", "provisional")
    return {
        "clock": found.kind,
        "name": str(wording.CLOCKS.get(found.kind, found.kind)),
        "department": next((code for key, code in codes.items() if str(key) == found.part), None),
        **{name: getattr(found, name) for name in plain},
        **{name: local(getattr(found, name)) for name in instants},
        "elapsed_share": round(found.elapsed_share, 4),
        "explanation": found.sentence,
        "steps": found.explanation,
    }
