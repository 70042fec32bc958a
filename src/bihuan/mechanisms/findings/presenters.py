"""What pages of findings show."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation.accounts.presenters import entries
from bihuan.foundation.ui.components import Figure, Option

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
