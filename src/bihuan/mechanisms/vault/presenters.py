"""What the pages of the vault show: rows of the desk, one clue, the ledger of views, in the reader's words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.ui.components import Option

from . import selectors, wording
from .models import Entry
from .selectors import Dossier, Row
from .services import Thread
from .states import CLUES


def language() -> str:
    """Return the language of this page."""
    return translation.get_language() or "zh-hans"


def tabs(current: str) -> list[Option]:
    """Return the views of the desk."""
    base = reverse("vault:desk")
    pages = [
        ("open", _("To do"), base),
        ("received", _("To be decided"), f"{base}?stage=received"),
        ("all", _("All"), f"{base}?stage=all"),
        ("views", _("Who looked"), reverse("vault:views")),
    ]
    return [Option(label=label, url=url, current=name == current) for name, label, url in pages]


def kind_names(region: str, now: Any) -> Mapping[str, str]:
    """Return kind → its name in the reader's language."""
    return {one.id: one.name.in_language(language()) for one in selectors.kinds(region, now)}


def unit_name(about: Mapping[str, Any]) -> str:
    """Return what unit a clue is about."""
    if about["unit"] == "discipline":
        return _("Discipline inspection itself")
    return str(about["unit_name"] or _("Not named"))


def rows(found: Iterable[Row], now: Any) -> list[tuple[Row, str, str, Any]]:
    """Return (row, kind, unit, stage) of each clue in the list."""
    shown = list(found)
    names = {region: kind_names(region, now) for region in {row.about["place"] for row in shown}}
    return [
        (
            row,
            names[row.about["place"]].get(row.about["kind"], row.about["kind"]),
            unit_name(row.about),
            wording.STAGES[row.clue.stage],
        )
        for row in shown
    ]


def clue(found: Dossier, now: Any) -> dict[str, Any]:
    """Return what the page of one clue shows."""
    people = {word.by for word in found.words} | {one.request.asked_by for one in found.requests}
    names = accounts.names({one for one in people if one})
    return {
        "found": found,
        "clue": found.clue,
        "kind": kind_names(found.about["place"], now).get(found.about["kind"], found.about["kind"]),
        "unit": unit_name(found.about),
        "stage": wording.STAGES[found.clue.stage],
        "form": wording.FORMS.get(found.clue.form, ""),
        "origin": wording.ORIGINS[found.clue.origin],
        "words": [(word, wording.SIDES[word.side], names.get(word.by, "") if word.by else "") for word in found.words],
        "actions": [(name, *wording.ACTIONS[name]) for name in found.available_actions],
        "forms": wording.FORMS.items(),
        "stages": {row.action for row in CLUES.transitions},
        "requests": [
            (
                one,
                names.get(one.request.asked_by, ""),
                wording.REQUEST_STATES[one.state],
                [(name, wording.REQUEST_ACTIONS[name]) for name in one.available_actions],
            )
            for one in found.requests
        ],
    }


def thread(found: Thread) -> dict[str, Any]:
    """Return what whoever holds the code sees: how far it is in plain words, and who said what."""
    return {
        "standing": wording.STANDINGS[found.standing],
        "words": [(word, wording.SIDES[word.side]) for word in found.words],
    }


def views(found: Iterable[tuple[Entry, str]]) -> list[tuple[Entry, str, str, Any]]:
    """Return (entry, who, number of the clue, what) of the ledger of views."""
    shown = list(found)
    names = accounts.names({one.actor_id for one, _number in shown if one.actor_id})
    return [
        (one, names.get(one.actor_id, "") if one.actor_id else "", number, wording.ENTRIES[one.kind])
        for one, number in shown
    ]


def identity(found: Mapping[str, str]) -> list[tuple[Any, str]]:
    """Return name and value of what is known of whoever gave a clue."""
    names = {
        "name": _("Name of the person"),
        "phone": _("Telephone"),
        "email": _("E-mail"),
        "enterprise": _("Enterprise"),
    }
    return [(name, found[key]) for key, name in names.items() if found.get(key)]
