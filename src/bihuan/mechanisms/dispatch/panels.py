"""What dispatch adds to a case as it is shown: the proposal, for REST and as a section of the page."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from bihuan.casework.cases import panels
from bihuan.casework.cases import wording as cases_wording
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, can
from bihuan.casework.cases.rulebook import Categories
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import permissions, selectors, wording
from .models import Proposal
from .rules.proposals import FIELDS

PANEL = "dispatch/panel.html"


def plain(row: Proposal) -> dict[str, Any]:
    """Return a proposal ready for JSON: codes, and reasons as sentences in the reader's language."""
    said = {name: row.parts.get(name, {}).get("value") for name in FIELDS}
    matter = next((one["matter"] for one in row.reasons if one["code"] == "catalogue"), None)
    return {
        **said,
        "co": said["co"] or [],
        "urgent": row.urgent,
        "confidence": round(row.confidence, 3),
        "reasons": [wording.reason(one) for one in row.reasons],
        "matter": matter,
        "accepted": was_accepted(row),
    }


def was_accepted(row: Proposal) -> bool | None:
    """Tell whether all that was proposed and decided was decided as proposed; None before the decision."""
    rights = [getattr(row, f"right_{name}") for name in FIELDS]
    return all(right is not False for right in rights) if any(right is not None for right in rights) else None


def propose(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the proposal for a case that the actor may see; None where nothing is proposed."""
    if not permissions.sees_proposals(actor, case):
        return None
    row = selectors.of_case(case=case, now=now)
    return plain(row) if row is not None and row.parts else None


def named(row: Proposal, *, version: Any, language: str) -> list[dict[str, Any]]:
    """Return the parts of a proposal in words: field, value, who says it, how sure, and what was decided instead."""
    names = names_of(row.region, version=version, language=language)
    found = []
    for field in FIELDS:
        part = row.parts.get(field)
        if part is None:
            continue
        right = getattr(row, f"right_{field}")
        found.append(
            {
                "field": wording.FIELDS[field],
                "value": said(names, field, part["value"]),
                "source": wording.SOURCES[part["source"]],
                "confidence": part["confidence"],
                "right": right,
                "decided": said(names, field, row.decided.get(field)) if right is False else "",
            }
        )
    return found


def names_of(region: str, *, version: Any, language: str) -> Mapping[str, Mapping[str, Any]]:
    """Return field → code → name in the reader's language."""
    categories = rulebooks.version(version).section(Categories).root
    departments = {one.code: one.short_name for one in directory.departments(region)}
    return {
        "category": {row.id: row.name.in_language(language) for row in categories},
        "tier": cases_wording.TIERS,
        "board": {one.code: one.name for one in directory.boards(region)},
        "lead": departments,
        "co": departments,
    }


def said(names: Mapping[str, Mapping[str, Any]], field: str, value: Any) -> str:
    """Return a value of a proposal in words."""
    codes = value if isinstance(value, list) else [value] if value else []
    return "、".join(str(names[field].get(code, code)) for code in codes) or "—"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the proposal in words, or None where there is nothing to show to this actor."""
    if not permissions.sees_proposals(actor, case):
        return None
    row = selectors.of_case(case=case, now=now)
    if row is None or not (row.parts or row.reasons):
        return None
    return {
        "case": case,
        "row": row,
        "parts": named(row, version=case.rulebook_version, language=language()),
        "reasons": [wording.reason(one) for one in row.reasons],
        "accepted": was_accepted(row),
        "waits": case.state == "submitted" and can(actor, "accept", case),
    }


def language() -> str:
    """Return the code of the reader's language."""
    return get_language() or "zh-hans"


def register() -> None:
    """Put the proposal on the case page and into the REST answer."""
    panels.register(panels.Panel(name="proposal", template=PANEL, fill=fill, place="side", order=5))
    panels.register_proposer(propose)
