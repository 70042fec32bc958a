"""What pages of findings show."""

import datetime as dt
import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.ledger import facts
from bihuan.foundation.ui.components import Figure, Option, TimelineEntry

from . import wording
from .selectors import Seen


def tabs(current: str, counts: dict[str, int], *, supervises: bool) -> list[Option]:
    """Return the three lists in their order, and the other views."""
    base = reverse("findings:register")
    pages = [(name, label, f"{base}?on_list={name}") for name, label in wording.LISTS.items()]
    pages += [
        ("late", _("Late"), f"{base}?only=late"),
        ("look", _("To be looked at again"), f"{base}?only=look"),
        ("figures", _("Figures"), reverse("findings:figures")),
    ]
    if supervises:
        pages.append(("new", _("New"), reverse("findings:new")))
    return [Option(label=label, url=url, count=counts.get(name), current=name == current) for name, label, url in pages]


def row(found: Seen) -> tuple[Seen, Any, Any]:
    """Return a row of a list: the finding, its nature and its state in words."""
    return found, wording.NATURES[found.thing.nature], wording.STATES[found.thing.state]


def sheet(found: Seen, trace: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the page of one finding shows."""
    thing = found.thing
    return {
        "found": found,
        "thing": thing,
        "state": wording.STATES[thing.state],
        "nature": wording.NATURES[thing.nature],
        "source": wording.SOURCES[thing.source],
        "look": wording.LOOKS[thing.look],
        "actions": [
            (name, *wording.ACTIONS[name], name in wording.ASKS_DEPARTMENT and thing.department is None)
            for name in found.available_actions
        ],
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
            text=facts.wording(fact, quiet).strip(),
            system=not fact["actor"],
            notes=[f"#{fact['seq']}"],
            id=f"f{fact['seq']}",
        )
        for fact in reversed(trace)
    ]


def figures(found: dict[str, int]) -> list[Figure]:
    """Return the key figures; each number opens its list, but for clues, of which only the number is known."""
    base = reverse("findings:register")
    queries = {
        "planned": "on_list=supervision_items",
        "found": "only=found",
        "written_off": "on_list=written_off",
        "late": "only=late",
        "relapsed": "only=relapsed",
    } | {name: f"nature={name}" for name in ("common", "unclear", "single")}
    return [
        Figure(name=label, value=found.get(name, 0), url=f"{base}?{queries[name]}" if name in queries else "")
        for name, label in wording.FIGURES.items()
    ]
