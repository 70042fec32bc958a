"""Cases like one case: of the same enterprise perhaps the same matter, of others the same kind of matter."""

import datetime as dt
from dataclasses import dataclass

from rapidfuzz import fuzz

from bihuan.foundation.kernel import database
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Case
from ..permissions import Actor
from ..rulebook import Duplicates

HALF_A_YEAR = dt.timedelta(days=183)
KIN_READ, KIN_SHOWN = 60, 4
"""Newest cases of a category that are compared, and how many of them are worth a reader's time."""


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Another case that may be the same matter or one of its kind, and how alike the texts are (0–1)."""

    number: str
    title: str
    state: str
    raised_at: dt.datetime
    likeness: float
    same_enterprise: bool = True


_LIKE_THIS = (
    "select cases_case.number, cases_case.title, cases_case.state, cases_case.raised_at,"
    " left(cases_case.description, 1000) from cases_case"
    " where cases_case.enterprise_id = %s and cases_case.raised_at between %s and %s"
    " and cases_case.id <> %s and cases_case.merged_into_id is distinct from %s and cases_case.state <> 'merged'"
)


def possible_duplicates(*, case: Case, actor: Actor) -> list[Likeness]:
    """Return cases of the same enterprise, raised within the rulebook's window, whose text is alike (L1).

    Proposed to a person; nothing is merged by itself. Anonymous cases have no enterprise and no proposals.
    """
    if case.enterprise_id is None:
        return []
    rule = rulebooks.version(case.rulebook_version).section(Duplicates)
    window = dt.timedelta(days=rule.window.amount)
    visible, parameters = permissions.visible_sql(actor)
    span = [case.raised_at - window, case.raised_at + window]
    sql = f"{_LIKE_THIS} and {visible} order by cases_case.raised_at desc limit 50"
    mine = f"{case.title} {case.description[:1000]}"
    found = [
        Likeness(
            number=number,
            title=title,
            state=state,
            raised_at=raised_at,
            likeness=round(max(fuzz.ratio(case.title, title), fuzz.ratio(mine, f"{title} {text}")) / 100, 2),
        )
        for number, title, state, raised_at, text in database.fetch(
            sql, [case.enterprise_id, *span, case.id, case.id, *parameters]
        )
    ]
    return sorted((one for one in found if one.likeness >= rule.similarity), key=lambda one: -one.likeness)[:5]


_KIN = (
    "select cases_case.number, cases_case.title, cases_case.state, cases_case.raised_at, cases_case.enterprise_id"
    " from cases_case where cases_case.region = %s and cases_case.category = %s and cases_case.raised_at >= %s"
    " and cases_case.raised_at <= %s and cases_case.id <> %s and cases_case.state <> 'merged'"
)


def kin(*, case: Case, actor: Actor) -> list[Likeness]:
    """Return cases of the same category in the same region from the half year before, the most alike title first.

    For learning how such matters went, never for merging. Without a category there are none. One query.
    """
    if not case.category:
        return []
    visible, parameters = permissions.visible_sql(actor)
    sql = f"{_KIN} and {visible} order by cases_case.raised_at desc limit {KIN_READ:d}"
    since = case.raised_at - HALF_A_YEAR
    found = [
        Likeness(
            number=number,
            title=title,
            state=state,
            raised_at=raised_at,
            likeness=round(fuzz.ratio(case.title, title) / 100, 2),
            same_enterprise=enterprise is not None and enterprise == case.enterprise_id,
        )
        for number, title, state, raised_at, enterprise in database.fetch(
            sql, [case.region, case.category, since, case.raised_at, case.id, *parameters]
        )
    ]
    return sorted(found, key=lambda one: (-one.likeness, -one.raised_at.timestamp()))[:KIN_SHOWN]
