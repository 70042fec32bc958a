"""What pages of policies show."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import presenters as timelines
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.ui.components import Option, TimelineEntry

from .. import forms, permissions, selectors, wording
from ..models import Policy, Profile, Terms
from ..rulebook import Policies
from ..selectors.judged import Entitled
from ..selectors.library import SeenClause, SeenPolicy

EXAMPLE = ("规模以上服务业 | above_scale && industry.startsWith('L')", "math.least(research * 0.1, 500000)")
"""A condition and a formula, as the form shows them."""


def views_of(current: str, staff: bool) -> list[Option]:
    """Return the views of the library."""
    base = reverse("policies:register")
    names = ("in_force", "draft", "ended") if staff else ("in_force", "ended")
    rows = [("", _("All"), base), *((name, wording.STATES[name], f"{base}?state={name}") for name in names)]
    return [Option(label=label, url=url, current=name == current) for name, label, url in rows]


def row(one: Policy) -> tuple[Policy, Any, Any]:
    """Return a row of the library: the policy, where it stands, its level."""
    return one, wording.STATES[one.state], wording.LEVELS[one.level]


def yuan(amount: Decimal | None) -> str:
    """Return an amount in yuan for reading."""
    if amount is None:
        return "—"
    return f"{amount:,.2f}".removesuffix(".00")


def field_names(book: Policies) -> dict[str, Any]:
    """Return the names of all fields that conditions may ask for, in the reader's language."""
    language = get_language() or "zh-hans"
    return dict(wording.FIELDS) | {one.id: one.name.in_language(language) for one in book.fields}


def sheet(found: SeenPolicy, actor: Actor, now: dt.datetime, trace: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the page of one policy shows."""
    policy = found.policy
    writes = permissions.writes(actor, policy.region, policy.department_id)
    counted = selectors.matched.counted(clauses=[one.clause for one in found.clauses], actor=actor)
    return {
        "policy": policy,
        "state": wording.STATES[policy.state],
        "level": wording.LEVELS[policy.level],
        "clauses": [clause(one, counted.get(one.clause.id), draws=writes) for one in found.clauses],
        "actions": [(name, *wording.ACTIONS[name]) for name in found.available_actions if name in wording.ACTIONS],
        "writes": "write_clause" in found.available_actions,
        "entries": entries(trace),
        "staff": writes,
    }


def clause(found: SeenClause, counted: tuple[int, int] | None = None, *, draws: bool = False) -> dict[str, Any]:
    """Return what is shown of one clause."""
    terms = found.terms
    return {
        "clause": found.clause,
        "state": wording.CLAUSES[found.clause.state],
        "track": wording.TRACKS[found.clause.track],
        "terms": terms,
        "says": _says(terms) if terms else [],
        "proofs": [(one, "、".join(str(wording.WAYS[way]) for way in one["ways"])) for one in terms.proofs]
        if terms
        else [],
        "counted": counted,
        "draws": draws and found.clause.state == "open",
        "payers": [(one["level"], wording.LEVELS[one["level"]]) for one in terms.shares] if terms else [],
        "amends": "amend" in found.available_actions,
        "versions": found.versions,
    }


def _says(terms: Terms) -> list[tuple[Any, Any]]:
    """Return what terms say beside the conditions, as pairs."""
    pays = "、".join(f"{wording.LEVELS[one['level']]} {one['percent']} %" for one in terms.shares)
    pairs = [
        (_("Amount"), terms.formula),
        (_("At most each time"), yuan(terms.cap) if terms.cap is not None else ""),
        (_("At most in a year"), yuan(terms.year_cap) if terms.year_cap is not None else ""),
        (_("Who pays"), pays),
        (_("Facts of the day"), terms.as_of),
        (_("Applications from"), terms.window_from),
        (_("Applications until"), terms.window_to),
    ]
    return [(name, value) for name, value in pairs if value]


def clause_form(found: Terms | None, book: Policies, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the form of a clause shows: its terms, or what was typed and came back."""
    shown: dict[str, Any] = {"shares": "county 100"}
    if found is not None:
        shown = {
            name: getattr(found, name) for name in ("formula", "cap", "year_cap", "as_of", "window_from", "window_to")
        }
        shown = {name: "" if value is None else str(value) for name, value in shown.items()}
        shown["conditions"] = forms.conditions_text(found.conditions)
        shown["shares"] = forms.shares_text(found.shares)
        shown["proofs"] = forms.papers_text(found.proofs)
    kinds = book.kinds()
    return {
        "given": given or shown,
        "tracks": wording.TRACKS.items(),
        "fields": [(name, word, kinds[name]) for name, word in field_names(book).items()],
        "levels": wording.LEVELS.items(),
        "example": EXAMPLE,
    }


def entitled(one: Entitled, names: dict[str, Any]) -> dict[str, Any]:
    """Return one entitlement for the page of an enterprise: the answer, why, what is missing, how much."""
    return {
        "one": one,
        "light": wording.OUTCOMES[one.outcome],
        "track": wording.TRACKS[one.clause.track],
        "amount": yuan(one.amount),
        "needs": "、".join(str(names.get(name, name)) for name in one.needs),
        "verdicts": [(each, wording.OUTCOMES[each.outcome], _missing(each, names)) for each in one.verdicts],
        "steps": [(wording.STEPS[step.code], yuan(step.amount)) for step in one.steps],
    }


def _missing(verdict: Any, names: dict[str, Any]) -> Any:
    if verdict.why:
        return _("It cannot be computed: it divides by zero.")
    return "、".join(str(names.get(name, name)) for name in verdict.needs)


def firm(
    enterprise: Enterprise, profile: Profile | None, found: list[Entitled], book: Policies, actor: Actor
) -> dict[str, Any]:
    """Return what the page of one enterprise shows."""
    names = field_names(book)
    shown = [entitled(one, names) for one in found]
    facts_known = profile.facts if profile else {}
    own = permissions.owns(actor, enterprise.id)
    fills = own or permissions.holds(actor, permissions.FILLERS, enterprise.region)
    data = [(one, names[one.id], facts_known.get(one.id)) for one in book.fields]
    return {
        "firm": enterprise,
        "yes": [one for one in shown if one["one"].outcome == "yes"],
        "unknown": [one for one in shown if one["one"].outcome == "unknown"],
        "no": [one for one in shown if one["one"].outcome == "no"],
        "data": data,
        "fields": [row for row in data if row[0].own or not own] if fills else [],
        "own": own,
    }


def entries(trace: list[dict[str, Any]]) -> list[TimelineEntry]:
    """Return the trace, newest first; each fact says whose it is."""
    return timelines.entries(trace, note=lambda fact: str(fact["of"]))
