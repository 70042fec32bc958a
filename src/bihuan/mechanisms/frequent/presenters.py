"""What pages of frequent matters show."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases.rulebook import Categories
from bihuan.foundation.accounts.presenters import entries
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import wording
from .models import Frequent
from .selectors import Seen


def category(thing: Frequent) -> str:
    """Return the name of what it is about, as the rulebook of its time has it."""
    rows = rulebooks.version(thing.rulebook_version).section(Categories).root
    names = {one.id: one.name for one in rows}
    name = names.get(thing.category)
    return name.in_language(get_language() or "zh-hans") if name else thing.category


def row(found: Seen) -> tuple[Seen, str, Any]:
    """Return a row of the list: what it is, what it is about, and where it stands."""
    return found, category(found.thing), wording.STATES[found.thing.state]


def sheet(found: Seen, trace: list[dict[str, Any]], leader: str) -> dict[str, Any]:
    """Return what the page of one shows."""
    thing = found.thing
    facts_of = {"category": category(thing), "department": thing.department.short_name}
    return {
        "found": found,
        "thing": thing,
        "title": _("%(category)s at %(department)s") % facts_of,
        "state": wording.STATES[thing.state],
        "leader": leader,
        "actions": [(name, *wording.ACTIONS[name]) for name in found.available_actions],
        "entries": entries(trace),
    }
