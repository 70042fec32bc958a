"""What an enterprise is entitled to, computed when it is read, so it is always what the profile says now."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import answers, database, errors

from .. import permissions
from ..models import HELD, Clause, Grant, Past, Policy, Profile, Round, Terms
from ..rules import judging, money, profiles, reading
from .library import lineage, on_day


@dataclass(frozen=True, kw_only=True)
class Entitled:
    """What came of one clause for one enterprise. amount: in yuan, None unless it fits and can be computed."""

    clause: Clause
    policy: Policy
    terms: Terms
    outcome: str
    verdicts: tuple[judging.Verdict, ...]
    needs: tuple[str, ...]
    amount: Decimal | None = None
    steps: tuple[money.Step, ...] = ()


def known(profile: Profile, past: Iterable[Past], day: dt.date) -> dict[str, Any]:
    """Return what was known of an enterprise on a day: the place's fields, and what the directory says."""
    present = dict(profile.facts)
    for name, value in (("region", profile.area), ("town", profile.town)):
        present[name] = value or None
    present |= {"industry": profile.industry or None, "size": profile.size or None}
    gone = [profiles.Past(one.field, one.value, one.until) for one in past]
    return profiles.as_of(present, gone, day) | {"today": day.isoformat()}


def conditions_of(terms: Terms) -> list[judging.Condition]:
    """Return the conditions of terms, read."""
    return [judging.Condition(one["text"], reading.read(one["cel"])) for one in terms.conditions]


def open_clauses(regions: Sequence[str] | None, day: dt.date) -> list[tuple[Clause, Terms]]:
    """Return the clauses that are open on a day with their terms; regions: of these places, None: of all.

    Call inside a transaction with the product's eyes: it is the same for everybody.
    """
    rows = Clause.objects.filter(state="open", policy__state="in_force", policy__valid_from__lte=day)
    rows = rows.filter(Q(policy__valid_to=None) | Q(policy__valid_to__gt=day))
    rows = rows if regions is None else rows.filter(region__in=regions)
    found = rows.select_related("policy", "policy__department").prefetch_related("terms").order_by("id")
    pairs = ((clause, on_day(clause.terms.all(), day)) for clause in found)
    return [(clause, terms) for clause, terms in pairs if terms is not None]


def firm(*, uscc: str, actor: Actor) -> tuple[Enterprise, Profile | None]:
    """Return an enterprise and its profile, for itself and for offices of its place. Raises NotFound."""
    found = directory.enterprise(uscc)
    sees = found is not None and (
        actor.system or permissions.owns(actor, found.id) or found.region[:6] in actor.scope().regions
    )
    if found is None or not sees:
        raise errors.NotFound(
            _("There is no such enterprise here, or you may not see it."), code="enterprise_not_found"
        )
    with database.reading(actor.scope()):
        return found, Profile.objects.filter(enterprise_id=found.id).first()


def entitlements(*, uscc: str, actor: Actor, now: dt.datetime) -> list[Entitled]:
    """Return every open clause of the enterprise's place and of those above, with outcome, reasons and amount.

    For the enterprise itself and for offices of its place. Fits come first, then what misses something, then the rest.
    Raises NotFound.
    """
    found, _profile = firm(uscc=uscc, actor=actor)
    with database.writing():
        rows = judged(found, now)
    order = (judging.YES, judging.UNKNOWN, judging.NO)
    return sorted(rows, key=lambda one: (order.index(one.outcome), -(one.amount or 0)))


def judged(enterprise: Enterprise, now: dt.datetime, *, only: uuid.UUID | None = None) -> list[Entitled]:
    """Judge one enterprise by the open clauses of its places; only: by one clause. Call with the product's eyes."""
    today = answers.local_date(now)
    profile = Profile.objects.filter(enterprise=enterprise).first() or Profile(
        enterprise=enterprise,
        area=enterprise.region,
        town=enterprise.town,
        industry=enterprise.industry,
        size=enterprise.size,
    )
    past = list(Past.objects.filter(profile=profile)) if profile.last_seq or profile.serial else []
    got = got_by(enterprise.id, today.year)
    asked = concerned(profile, past, today)
    return [judge_one(clause, terms, facts, got) for clause, terms, facts in asked if only in (None, clause.id)]


def concerned(profile: Profile, past: Sequence[Past], today: dt.date) -> list[tuple[Clause, Terms, dict[str, Any]]]:
    """Return the open clauses that are for enterprises of the place, with what was known on the day they look at.

    Where an enterprise moved, a clause that looks at a day before is still that of its old place.
    """
    areas = {profile.area, *(str(one.value) for one in past if one.field == "region" and one.value)}
    above = {area: set(lineage(area)) for area in areas}
    found = []
    for clause, terms in open_clauses(sorted(set().union(*above.values())), today):
        facts = known(profile, past, terms.as_of or today)
        if clause.region in above.get(facts["region"], ()):
            found.append((clause, terms, facts))
    return found


def got_by(enterprise_id: uuid.UUID, year: int) -> Mapping[tuple[str, Any], Decimal]:
    """Return what an enterprise was granted in a calendar year: ("clause", id) and ("stack", name) → yuan."""
    return got_by_many([enterprise_id], year)[enterprise_id]


def got_by_many(
    enterprises: Sequence[uuid.UUID], year: int, *, but: uuid.UUID | None = None
) -> Mapping[uuid.UUID, Mapping[tuple[str, Any], Decimal]]:
    """Return the same for many, in one query; but: a round that does not count."""
    found: dict[uuid.UUID, dict[tuple[str, Any], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    rows = Grant.objects.filter(enterprise__in=enterprises, year=year, state__in=HELD).exclude(round=but)
    for enterprise, clause, stack, amount in rows.values_list("enterprise", "clause", "stack", "amount"):
        found[enterprise]["clause", clause] += amount
        if stack:
            found[enterprise]["stack", stack] += amount
    return found


def judge_one(
    clause: Clause, terms: Terms, facts: Mapping[str, Any], got: Mapping[tuple[str, Any], Decimal]
) -> Entitled:
    """Return what came of one clause; the amount where it fits."""
    verdicts = judging.judge(conditions_of(terms), facts)
    outcome, needs = judging.outcome(verdicts), judging.needs(verdicts)
    amount: Decimal | None = None
    steps: tuple[money.Step, ...] = ()
    if outcome == judging.YES:
        formula = judging.amount(reading.read(terms.formula), facts)
        if isinstance(formula, judging.Unknown):
            outcome, needs = judging.UNKNOWN, tuple(sorted(formula.needs))
        else:
            amount, steps = money.account(formula, limits(terms), had(clause, got))
    return Entitled(
        clause=clause,
        policy=clause.policy,
        terms=terms,
        outcome=outcome,
        verdicts=verdicts,
        needs=needs,
        amount=amount,
        steps=tuple(steps),
    )


def limits(terms: Terms) -> money.Limits:
    """Return the caps of terms."""
    return money.Limits(cap=terms.cap, year_cap=terms.year_cap)


def had(clause: Clause, got: Mapping[tuple[str, Any], Decimal]) -> money.Got:
    """Return what was got by this clause, and by others of the same stack."""
    same = got.get(("clause", clause.id), money.NOTHING)
    stacked = got.get(("stack", clause.stack), money.NOTHING) - same if clause.stack else money.NOTHING
    return money.Got(same=same, stacked=max(stacked, money.NOTHING))


def applying(found: Sequence[Entitled], now: dt.datetime) -> set[uuid.UUID]:
    """Return the clauses among those that fit for which one may apply now."""
    fits = [one.clause.id for one in found if one.outcome == judging.YES]
    with database.writing():
        rows = Round.objects.filter(clause__in=fits, state="offered", intent_until__gt=now)
        return set(rows.exclude(clause__track="free").values_list("clause_id", flat=True))
