"""What the pages of dispatch show: tabs, proposals in words, figures; decides nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui.components import Option

from . import panels, permissions, selectors, wording
from .rules.catalogue import COLUMNS, NEEDED


@dataclass(frozen=True, kw_only=True)
class Line:
    """A new matter on the desk: with what is proposed in words, and why."""

    waiting: selectors.Waiting
    parts: list[dict[str, Any]]
    reasons: list[str]


def lines(rows: Sequence[selectors.Waiting], *, language: str) -> list[Line]:
    """Return the rows of the desk in words."""
    found = []
    for row in rows:
        proposal = row.proposal
        parts = panels.named(proposal, version=row.case.rulebook_version, language=language) if proposal else []
        reasons = [wording.reason(one) for one in proposal.reasons] if proposal else []
        found.append(Line(waiting=row, parts=parts, reasons=reasons))
    return found


def tabs(current: str, roles: Any) -> list[Option]:
    """Return the pages of triage that these roles may open."""
    pages = (
        ("desk", _("New matters"), permissions.DESK),
        ("accuracy", _("How good proposals are"), permissions.WATCHERS),
        ("model", _("Text model"), permissions.WATCHERS),
        ("catalogue", _("Dispatch catalogue"), permissions.CATALOGUE_READERS),
    )
    return [
        Option(label=label, url=reverse(f"dispatch:{name}"), current=name == current)
        for name, label, allowed in pages
        if set(roles) & set(allowed)
    ]


def months(found: Sequence[selectors.Month]) -> list[tuple[str, selectors.Month]]:
    """Return the whole and its months with their names."""
    return [(f"{one.begin:%Y-%m}" if one.begin else str(_("Half a year")), one) for one in found]


def questions(card: Mapping[str, Any], *, names: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what the model was asked, with its figures; classes by name."""
    return [
        {
            "name": wording.FIELDS[field],
            **question,
            "classes": [
                {**row, "name": panels.said(names, field, _codes(field, row["label"]))} for row in question["classes"]
            ],
        }
        for field, question in card["questions"].items()
    ]


def matters(found: selectors.catalogue.Catalogue, *, now: dt.datetime, language: str) -> list[dict[str, Any]]:
    """Return the entries of a catalogue with their codes in words."""
    if found.edition is None:
        return []
    region = found.edition.region
    names = panels.names_of(region, version=rulebooks.in_force(region, now).id, language=language)
    return [
        {
            "matter": one,
            "board": panels.said(names, "board", one.entry.board),
            "category": panels.said(names, "category", one.entry.category),
            "tier": panels.said(names, "tier", one.entry.tier),
            "level": wording.LEVELS[one.entry.level],
            "words": "、".join(one.words),
            "co": "、".join(unit.short_name for unit in one.co),
            "barred": "、".join(unit.short_name for unit in one.barred),
        }
        for one in found.matters
    ]


def flaws(found: Sequence[Any]) -> list[tuple[int, Any, str]]:
    """Return (row, name of the column, sentence) of what is wrong in a file."""
    return [(flaw.row, wording.COLUMNS[flaw.field], flaw.message) for flaw in found]


def headings() -> dict[str, str]:
    """Return the headings of a catalogue's file, all and those that are needed."""
    names = {field: known[1] for field, known in COLUMNS.items()}
    return {"columns": "、".join(names.values()), "needed": "、".join(names[field] for field in NEEDED)}


def instants(card: Mapping[str, Any]) -> dict[str, dt.datetime | None]:
    """Return the instants of a model card."""
    names = ("trained_at", "since", "until")
    return {name: dt.datetime.fromisoformat(card[name]) if card[name] else None for name in names}


def _codes(field: str, label: str) -> Any:
    if field != "co":
        return label
    return [] if label == "-" else label.split(",")
