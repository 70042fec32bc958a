"""What pages of key projects show."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.urls import reverse

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.ledger import facts
from bihuan.foundation.ui.components import Figure, TimelineEntry

from . import wording
from .selectors import Seen


def row(found: Seen) -> tuple[Seen, Any, tuple[str, Any]]:
    """Return a row of the register: the project, where it stands, and its light."""
    return found, wording.STATES[found.project.state], wording.LIGHTS[found.light]


def figures(found: dict[str, Any]) -> list[Figure]:
    """Return the key figures; each count opens its list."""
    base = reverse("projects:register")
    only = {"all": "", "started": "started", "red": "red", "blocked": "blocked"}
    return [
        Figure(name=label, value=_plain(name, found[name]), url=f"{base}?only={only[name]}" if name in only else "")
        for name, label in wording.FIGURES.items()
    ]


def _plain(name: str, value: Any) -> Any:
    if value is None:
        return "—"
    if name.endswith("_share"):
        return f"{value:.0%}"
    return f"{value:,.0f}" if isinstance(value, Decimal) else value


def sheet(found: Seen, trace: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the page of one project shows."""
    steps = [
        (one, wording.LIGHTS[one.light], [(name, *wording.ACTIONS[name]) for name in one.available_actions])
        for one in found.steps
    ]
    return {
        "found": found,
        "project": found.project,
        "state": wording.STATES[found.project.state],
        "light": wording.LIGHTS[found.light],
        "steps": steps,
        "actions": [(name, *wording.ACTIONS[name]) for name in found.available_actions],
        "entries": entries(trace),
    }


def entries(trace: list[dict[str, Any]]) -> list[TimelineEntry]:
    """Return the trace, newest first; one query for all names."""
    people = accounts.names({uuid.UUID(fact["actor"]) for fact in trace if fact["actor"]})
    names: dict[str, Any] = {str(key): name for key, name in people.items()}
    # Who did it stands before the sentence, so the sentence does not name them again.
    quiet = dict.fromkeys(names, "")
    return [
        TimelineEntry(
            at=dt.datetime.fromisoformat(fact["at"]),
            who=names.get(fact["actor"] or "", ""),
            text=facts.wording(fact, quiet).strip(" ：:"),
            system=not fact["actor"],
            notes=[fact["of"]],
            id=f"f{number}",
        )
        for number, fact in reversed(list(enumerate(trace)))
    ]
