"""What pages of instruments show."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation.accounts.presenters import entries
from bihuan.foundation.accounts.roles import NAMES, Role
from bihuan.foundation.ui.components import Figure, Option

from . import wording
from .selectors import Seen
from .states import KINDS, next_step


def tabs(current: str, counts: dict[str, int], *, drafts: bool) -> list[Option]:
    """Return the views of the register."""
    base = reverse("instruments:register")
    pages = [
        ("open", _("Open"), f"{base}?state=open"),
        ("late", _("Late"), f"{base}?only=late"),
        ("look", _("To be looked at again"), f"{base}?only=look"),
        ("all", _("All"), base),
        ("figures", _("Figures"), reverse("instruments:figures")),
    ]
    if drafts:
        pages.append(("new", _("New"), reverse("instruments:new")))
    return [Option(label=label, url=url, count=counts.get(name), current=name == current) for name, label, url in pages]


def row(found: Seen) -> tuple[Seen, Any, Any]:
    """Return a row of the register: the instrument, its kind and its state in words."""
    return found, wording.KINDS[found.thing.kind], wording.STATES[found.thing.state]


def sheet(found: Seen, trace: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the page of one instrument shows."""
    thing, kind = found.thing, found.kind
    step = next_step(kind, thing.state)
    course = [(wording.ACTIONS[one][0], one == step) for one in kind.course]
    return {
        "found": found,
        "thing": thing,
        "kind": wording.KINDS[thing.kind],
        "state": wording.STATES[thing.state],
        "issuer": NAMES[Role(thing.issuer)],
        "basis": wording.BASES.get(thing.kind, wording.PRACTICE),
        "course": course,
        "parts": [(wording.PARTS[name], thing.parts.get(name, "")) for name in kind.parts],
        "objection": wording.OBJECTIONS.get(thing.objection, ""),
        "look": wording.LOOKS.get(thing.look, ""),
        "actions": [
            (name, *wording.ACTIONS[name])
            for name in sorted(found.available_actions, key=lambda name: name in wording.RARE)
        ],
        "entries": entries(trace),
    }


def figures(found: dict[str, Any]) -> dict[str, Any]:
    """Return the key figures and the table of the registers; each number opens its list."""
    base = reverse("instruments:register")
    queries = {
        "issued": "only=issued",
        "open": "state=open",
        "closed": "state=closed",
        "taken_back": "state=taken_back",
        "objected": "only=objected",
        "upheld": "only=upheld",
        "look": "only=look",
        "relapsed": "only=relapsed",
        "replied_late": "only=replied_late",
    }
    top = [
        Figure(
            name=wording.FIGURES[name], value=sum(one[name] for one in found.values()), url=f"{base}?{queries[name]}"
        )
        for name in ("issued", "open", "replied_late", "relapsed")
    ]
    rows = [
        (wording.KINDS[kind], [(found[kind][name], f"{base}?kind={kind}&{queries[name]}") for name in wording.FIGURES])
        for kind in KINDS
        if found[kind]["all"]
    ]
    return {"figures": top, "heads": list(wording.FIGURES.values()), "rows": rows}
