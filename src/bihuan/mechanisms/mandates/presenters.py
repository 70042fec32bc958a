"""What pages of mandates show."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import presenters as people
from bihuan.foundation.ui.components import Figure, Option

from . import permissions, wording
from .rulebook import MandateKind
from .selectors import Seen, holder


def name_of(found: Seen) -> str:
    """Return the name of the post in the reader's language."""
    return found.kind.name.in_language(get_language() or "zh") if found.kind else found.mandate.kind


def kinds(found: Sequence[MandateKind]) -> list[tuple[str, str]]:
    """Return (id, name) of posts for a choice."""
    return [(one.id, one.name.in_language(get_language() or "zh")) for one in found]


def row(found: Seen) -> dict[str, Any]:
    """Return a row of the register."""
    return {
        "mandate": found.mandate,
        "holder": holder(found.mandate),
        "post": name_of(found),
        "light": wording.LIGHTS[found.light],
        "activity": found.activity,
    }


def figures(found: dict[str, int]) -> list[Figure]:
    """Return the key figures; those of mandates open their list."""
    base = reverse("mandates:register")
    return [
        Figure(name=label, value=found[name], url=f"{base}?state={name}" if name in ("serving", "near") else "")
        for name, label in wording.FIGURES.items()
    ]


def tabs(posts: Sequence[tuple[str, str]], counts: dict[str, int], chosen: str) -> list[Option]:
    """Return the posts as tabs, each with how many serve; all of them first."""
    base = reverse("mandates:register")
    every = Option(label=_("All"), url=base, count=sum(counts.values()), current=not chosen)
    return [
        every,
        *(
            Option(label=name, url=f"{base}?kind={code}", count=counts.get(code, 0), current=code == chosen)
            for code, name in posts
        ),
    ]


def sheet(found: Seen, trace: list[dict[str, Any]], windows: Sequence[Any], actor: Actor) -> dict[str, Any]:
    """Return what the page of one mandate shows to an actor. windows: open ones, to move to."""
    language = get_language() or "zh"
    return {
        **row(found),
        "found": found,
        "staff": permissions.watches(actor),
        "holds": permissions.holds(actor, found.mandate),
        "keeps": "release" in found.available_actions,
        "ending": wording.ENDINGS.get(found.mandate.ended_by, ""),
        "duties": [one.in_language(language) for one in found.kind.duties] if found.kind else [],
        "by_enterprise": bool(found.kind and found.kind.holder == "enterprise"),
        "tasks": tasks(found),
        "actions": [(name, *wording.ACTIONS[name]) for name in found.available_actions],
        "outcomes": list(wording.OUTCOMES.items()),
        "windows": [one for one in windows if one.id != found.mandate.window_id],
        "entries": people.entries(trace),
    }


def tasks(found: Seen) -> list[tuple[Any, Any, Any]]:
    """Return (task, where it stands, what it came to)."""
    return [(one, wording.TASKS[one.state], wording.OUTCOMES.get(one.outcome, "")) for one in found.tasks]


def own(found: Seen) -> dict[str, Any]:
    """Return one of the reader's own mandates for the page of a holder."""
    waiting = sum(one.state == "asked" for one in found.tasks)
    return {**row(found), "waiting": waiting}
