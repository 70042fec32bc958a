"""What pages of key projects show."""

from decimal import Decimal
from typing import Any

from django.urls import reverse

from bihuan.foundation.accounts import presenters as timelines
from bihuan.foundation.ui.components import Figure

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
        "entries": timelines.entries(trace, note=lambda fact: str(fact["of"])),
    }
