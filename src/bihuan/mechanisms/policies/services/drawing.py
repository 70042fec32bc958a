"""A delivery begins: the list of all that fit is drawn, or applications are taken; enterprises are told in batches."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices, permissions, selectors, wording
from ..models import Clause, Grant, Past, Profile, Round, Terms
from ..rulebook import Policies
from ..rules import judging
from ..states import ClauseState, GrantState, RoundState
from . import reading
from .recording import commit, commit_many

MOST, BATCH = 50_000, 200
CHUNK = 1_000


def draw(*, clause_id: uuid.UUID, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Round:
    """Begin a delivery of a clause: {period: usually the year, budget: {level: yuan}}.

    Without applying (`free`) everybody who fits today is offered it at once, with amount and grounds as they now are;
    otherwise enterprises apply until the time is over. Raises NotFound, Forbidden, Conflict (`state_forbids`,
    `round_open`, `nobody_fits`, `stale`), Invalid. Leaves one fact of the delivery and one of each offer.
    """
    selectors.library.find_clause(clause_id=clause_id, actor=actor)
    with database.writing():
        rows = Clause.objects.select_for_update(of=("self",)).select_related("policy", "policy__department")
        clause = rows.get(pk=clause_id)
        if not permissions.writes(actor, clause.region, clause.department_id):
            raise errors.Forbidden(_("Your role may not take this action here."), action="draw")
        today = answers.local_date(now)
        terms = selectors.library.on_day(Terms.objects.filter(clause=clause), today)
        if clause.state != ClauseState.OPEN or terms is None:
            raise errors.Conflict(_("This is not possible in the present state."), code="state_forbids")
        if clause.stale and clause.track == "free":
            raise errors.Conflict(_("Who fits is being counted anew; try again in a few minutes."), code="stale")
        made = _new(clause, terms, body, actor, now)
        if Round.objects.filter(clause=clause, period=made.period, state__in=["offered", "review"]).exists():
            raise errors.Conflict(_("A delivery of this is open already."), code="round_open", field="period")
        grants = _grants(made, terms, today) if clause.track == "free" else []
        if clause.track == "free" and not grants:
            raise errors.Conflict(_("Nobody fits, or everybody has it already."), code="nobody_fits")
        made.offered = len(grants)
        said = {"count": made.offered, "left_out": made.left_out} if clause.track == "free" else {}
        commit(made, "drawn" if said else "opened", now=now, said=said, actor=actor, made=True)
        commit_many(grants, "grant_offered", now=now, said=lambda one: {"amount": str(one.amount)}, made=True)
    return made


def _new(clause: Clause, terms: Terms, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Round:
    version = rulebooks.in_force(clause.region, now)
    within = version.section(Policies).intent_within
    given = body.get("budget") or {}
    if not isinstance(given, Mapping) or set(given) - set(wording.LEVELS):
        raise errors.Invalid(_("budget: level and yuan"), code="invalid_body", field="budget")
    budget = {level: reading.yuan(amount, "budget") for level, amount in given.items()}
    today = answers.local_date(now)
    until = workcalendar.calendar_for(clause.region).add(now, within).at
    if clause.track != "free" and terms.window_to is not None:
        until = max(until, answers.end_of_day(terms.window_to))
    return Round(
        region=clause.region,
        clause=clause,
        department_id=clause.department_id,
        period=reading.words(body, "period", 20) or str(today.year),
        year=today.year,
        terms_version=terms.version,
        budget={level: str(amount) for level, amount in budget.items() if amount is not None},
        drawn_by=actor.person_id,
        drawn_at=now,
        intent_until=until,
        rulebook_version=version.id,
    )


def _grants(made: Round, terms: Terms, today: dt.date) -> list[Grant]:
    """Return the offers to all who fit, judged by what is known now; those that have it already are left out."""
    serials = selectors.matched.serials(made.clause_id)
    if len(serials) > MOST:
        said = _("At most %(most)d enterprises at once.") % {"most": MOST}
        raise errors.Invalid(said, code="too_many", field="period")
    have = set(Grant.objects.filter(clause=made.clause, period=made.period).values_list("enterprise_id", flat=True))
    grants: list[Grant] = []
    for start in range(0, len(serials), CHUNK):
        rows = Profile.objects.filter(serial__in=serials[start : start + CHUNK], enterprise__closed_on=None)
        profiles = list(rows.order_by("serial"))
        past: dict[uuid.UUID, list[Past]] = defaultdict(list)
        if terms.as_of:
            for one in Past.objects.filter(profile__in=profiles, until__gt=terms.as_of):
                past[one.profile_id].append(one)
        got = selectors.judged.got_by_many([one.enterprise_id for one in profiles], made.year)
        for profile in profiles:
            facts = selectors.judged.known(profile, past[profile.id], terms.as_of or today)
            found = selectors.judged.judge_one(made.clause, terms, facts, got[profile.enterprise_id])
            if profile.enterprise_id in have or found.outcome != judging.YES or not found.amount:
                made.left_out += 1
            else:
                grants.append(_grant(made, profile.enterprise_id, found, GrantState.OFFERED))
    return grants


def _grant(made: Round, enterprise_id: uuid.UUID, found: selectors.judged.Entitled, state: GrantState) -> Grant:
    assert found.amount is not None
    return Grant(
        id=uuid7(),
        region=made.region,
        round=made,
        clause=made.clause,
        department_id=made.department_id,
        enterprise_id=enterprise_id,
        period=made.period,
        year=made.year,
        stack=made.clause.stack,
        state=state.value,
        amount=found.amount,
        steps=[{"code": step.code, "amount": str(step.amount)} for step in found.steps],
        grounds=[{"text": one.text, "outcome": one.outcome} for one in found.verdicts],
        rulebook_version=made.rulebook_version,
    )


def apply(*, clause_id: uuid.UUID, uscc: str, actor: Actor, now: dt.datetime) -> Grant:
    """An enterprise applies for a clause with an open delivery (`quick`, `statutory`); what is known is not asked.

    Raises NotFound, Forbidden, Conflict (`round_closed`, `applied_already`, `not_entitled` with what is missing).
    Leaves one fact.
    """
    firm, _profile = selectors.judged.firm(uscc=uscc, actor=actor)
    if not permissions.owns(actor, firm.id):
        raise errors.Forbidden(_("An enterprise applies for itself."), action="apply")
    with database.writing():
        rows = Round.objects.select_for_update(of=("self",)).select_related("clause", "clause__policy")
        made = rows.filter(clause_id=clause_id, state=RoundState.OFFERED.value, intent_until__gt=now).first()
        if made is None or made.clause.track == "free":
            raise errors.Conflict(_("Nobody takes applications for this now."), code="round_closed")
        if Grant.objects.filter(clause=made.clause, enterprise=firm, period=made.period).exists():
            raise errors.Conflict(_("You have applied for this already."), code="applied_already")
        found = next(iter(selectors.judged.judged(firm, now, only=clause_id)), None)
        if found is None or found.outcome != judging.YES or not found.amount:
            needs = list(found.needs) if found else []
            raise errors.Conflict(_("As things are known, this does not fit."), code="not_entitled", needs=needs)
        grant = _grant(made, firm.id, found, GrantState.WILLING)
        grant.known_at = grant.answered_at = now
        commit(grant, "grant_applied", now=now, said={"amount": str(grant.amount)}, actor=actor, made=True)
        made.offered += 1
        made.save(update_fields=["offered"])
    return grant


def tell_waiting(*, now: dt.datetime) -> int:
    """Tell the next batch of enterprises what they are offered; return how many. One transaction: told once or not."""
    with database.writing():
        rows = Grant.objects.select_for_update(skip_locked=True, of=("self",)).select_related("round", "clause")
        open_ = Round.objects.filter(state=RoundState.OFFERED.value)
        found = list(rows.filter(told_at=None, state=GrantState.OFFERED.value, round__in=open_).order_by("id")[:BATCH])
        for one in found:
            one.told, one.told_at = notices.offer(one, now=now), now
        Grant.objects.bulk_update(found, ["told", "told_at"])
    return len(found)


def total(grants: list[Grant]) -> Decimal:
    """Return the sum of amounts in yuan."""
    return sum((one.amount for one in grants), Decimal(0))
