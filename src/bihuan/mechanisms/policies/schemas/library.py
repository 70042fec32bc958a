"""Shapes of policies in the REST API. Amounts are in yuan, as texts, so that no digit is lost."""

import datetime as dt
import uuid
from typing import Any

from ninja import Schema

from bihuan.foundation.kernel import answers

from ..models import Policy, Profile, Terms
from ..selectors.judged import Entitled
from ..selectors.library import SeenClause, SeenPolicy
from ..selectors.matched import Matched
from ..services.importing import TakenIn


class ClauseTermsOut(Schema):
    """What a clause says in [since, until)."""

    version: int
    since: dt.date
    until: dt.date | None
    conditions: list[dict[str, str]]
    formula: str
    cap: str | None
    year_cap: str | None
    as_of: dt.date | None
    window_from: dt.date | None
    window_to: dt.date | None
    shares: list[dict[str, str]]
    proofs: list[dict[str, Any]]


class ClauseOut(Schema):
    """An atomic benefit. track: `free` (without applying), `quick`, `statutory`; terms: those of today."""

    id: uuid.UUID
    code: str
    name: str
    state: str
    track: str
    stack: str
    terms: ClauseTermsOut | None
    versions: int
    matched_at: dt.datetime | None
    available_actions: list[str]


class PolicyOut(Schema):
    """A policy with its clauses."""

    id: uuid.UUID
    region: str
    code: str
    title: str
    state: str
    level: str
    summary: str
    basis: str
    department: str
    valid_from: dt.date
    valid_to: dt.date | None
    guide: str
    guide_due_at: dt.datetime | None
    guided_at: dt.datetime | None
    clauses: list[ClauseOut]
    available_actions: list[str]


class PolicyRow(Schema):
    """A policy in the list."""

    id: uuid.UUID
    region: str
    code: str
    title: str
    state: str
    level: str
    department: str
    valid_from: dt.date
    valid_to: dt.date | None


class PolicyPage(Schema):
    """A page of policies."""

    items: list[PolicyRow]
    next: str | None


class MatchedOut(Schema):
    """An enterprise that fits, or would if something were known."""

    uscc: str
    name: str
    region: str


class MatchedPage(Schema):
    """A page of enterprises, in a fixed order; next: where it goes on."""

    items: list[MatchedOut]
    next: str | None


class EntitledOut(Schema):
    """One clause for one enterprise. outcome: `yes`, `no`, `unknown`; needs: fields that would decide it.

    conditions: each with its own outcome. steps: how the amount came about
    """

    clause: uuid.UUID
    policy: str
    name: str
    track: str
    outcome: str
    needs: list[str]
    conditions: list[dict[str, Any]]
    amount: str | None
    steps: list[dict[str, str]]


class EntitledList(Schema):
    """All open clauses of the enterprise's places: what fits first."""

    items: list[EntitledOut]


class ProfileOut(Schema):
    """What is known of an enterprise; sources: field → where it comes from, and when."""

    uscc: str
    region: str
    facts: dict[str, Any]
    sources: dict[str, Any]


class ImportOut(Schema):
    """What came of a file. again: it was in already and changed nothing; refused: each bad row with its line."""

    id: uuid.UUID
    kind: str
    name: str
    taken: int
    refused: list[dict[str, Any]]
    again: bool


class CheckedOut(Schema):
    """What is wrong with conditions and a formula; an empty list: nothing."""

    flaws: list[dict[str, Any]]


def taken_in(one: TakenIn) -> dict[str, Any]:
    """Return what came of a file as the API shows it."""
    return {name: getattr(one.record, name) for name in "id kind name taken refused".split()} | {"again": one.again}


def row(one: Policy) -> dict[str, Any]:
    """Return a policy as the list shows it."""
    names = "id region code title state level valid_from valid_to".split()
    return {name: getattr(one, name) for name in names} | {"department": one.department.code}


def policy(found: SeenPolicy) -> dict[str, Any]:
    """Return a policy as the API shows it."""
    one = found.policy
    return row(one) | {
        "summary": one.summary,
        "basis": one.basis,
        "guide": one.guide,
        "guide_due_at": answers.local(one.guide_due_at),
        "guided_at": answers.local(one.guided_at),
        "clauses": [_clause(each) for each in found.clauses],
        "available_actions": found.available_actions,
    }


def _clause(found: SeenClause) -> dict[str, Any]:
    one = found.clause
    return {name: getattr(one, name) for name in "id code name state track stack".split()} | {
        "terms": terms(found.terms) if found.terms else None,
        "versions": len(found.versions),
        "matched_at": answers.local(one.matched_at),
        "available_actions": found.available_actions,
    }


def terms(one: Terms) -> dict[str, Any]:
    """Return terms as the API shows them."""
    names = "version since until conditions formula as_of window_from window_to shares proofs".split()
    caps = {name: None if (cap := getattr(one, name)) is None else str(cap) for name in ("cap", "year_cap")}
    return {name: getattr(one, name) for name in names} | caps


def matched(one: Matched) -> dict[str, str]:
    """Return an enterprise that fits as the API shows it."""
    return {"uscc": one.uscc, "name": one.name, "region": one.area}


def entitled(one: Entitled) -> dict[str, Any]:
    """Return an entitlement as the API shows it."""
    return {
        "clause": one.clause.id,
        "policy": one.policy.title,
        "name": one.clause.name,
        "track": one.clause.track,
        "outcome": one.outcome,
        "needs": list(one.needs),
        "conditions": [
            {"text": each.text, "outcome": each.outcome, "needs": list(each.needs), "why": each.why}
            for each in one.verdicts
        ],
        "amount": None if one.amount is None else str(one.amount),
        "steps": [{"code": step.code, "amount": str(step.amount)} for step in one.steps],
    }


def profile(uscc: str, one: Profile | None, region: str) -> dict[str, Any]:
    """Return a profile as the API shows it."""
    facts, sources = (one.facts, one.sources) if one else ({}, {})
    return {"uscc": uscc, "region": one.area if one else region, "facts": facts, "sources": sources}
