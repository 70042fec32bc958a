"""A delivery goes its way: enterprises answer, the department decides, the notice runs, levels owe their parts."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.kernel.text import needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices, permissions, selectors
from ..models import Grant, Round, Share, Terms
from ..rulebook import Policies
from ..rules import money
from ..states import GRANTS, ROUNDS, GrantState, RoundState
from . import raising
from .drawing import total
from .recording import commit, commit_many

STACKS = 0x706F_6CFF_FFFE
"""Key of the advisory lock under which what adds up over deliveries is decided."""


def section(made: Round | Grant) -> Policies:
    """Return what the rulebook says under which a delivery began."""
    return rulebooks.version(made.rulebook_version).section(Policies)


def locked(round_id: uuid.UUID) -> Round:
    """Lock a delivery."""
    rows = Round.objects.select_for_update(of=("self",))
    return rows.select_related("clause", "clause__policy", "clause__policy__department").get(pk=round_id)


def take_round(*, round_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Round:
    """Take an action of a person on a delivery: `approve` all that are left, or `stop` {text}.

    Raises NotFound, Forbidden, Conflict (`state_forbids`, `budget_short` with what is missing). Leaves one fact, and
    one of each grant; publishes PolicyChanged.
    """
    selectors.delivery.find(round_id=round_id, actor=actor)
    with database.writing():
        made = locked(round_id)
        transition = ROUNDS.named(action, without=frozenset({"system"}))
        permissions.check_round(actor, action, made)
        ROUNDS.check_state(transition, RoundState(made.state), may=lambda one: permissions.can_round(actor, one, made))
        if action == "stop":
            _stop(made, needed_text(body, most=400), actor, now)
        else:
            _approve(made, actor, now)
    return made


def _stop(made: Round, text: str, actor: Actor, now: dt.datetime) -> None:
    came_from, made.state, made.ended_at = made.state, RoundState.STOPPED.value, now
    commit(made, "stop", now=now, said={"text": text}, actor=actor, came_from=came_from)
    grants = _grants(made, GrantState.OFFERED, GrantState.WILLING, GrantState.APPROVED)
    for one in grants:
        one.text, one.ended_at = text, now
    commit_many(grants, "grant_stopped", now=now, said=lambda _one: {}, target="rejected", changed=["text", "ended_at"])


def _grants(made: Round, *states: GrantState) -> list[Grant]:
    rows = Grant.objects.select_for_update().filter(round=made, state__in=[one.value for one in states])
    return list(rows.order_by("id"))


def _approve(made: Round, actor: Actor, now: dt.datetime) -> None:
    grants = _grants(made, GrantState.WILLING)
    _recount(made, grants)
    given = [one for one in grants if one.amount > 0]
    _check_budget(made, given)
    book = section(made)
    made.notice_until = workcalendar.calendar_for(made.region).add(now, book.notice_for).at
    came_from, made.state, made.reviewed_at = made.state, RoundState.NOTICE.value, now
    said = {"count": len(given), "total": str(total(given)), "until": made.notice_until.isoformat()}
    commit(made, "approve", now=now, said=said, actor=actor, came_from=came_from)
    commit_many(
        given,
        "grant_approved",
        now=now,
        said=lambda one: {"amount": str(one.amount)},
        target="approved",
        changed=["amount", "steps"],
    )
    nothing = [one for one in grants if one.amount <= 0]
    for one in nothing:
        one.text, one.ended_at = _("Another benefit gave as much already."), now
    commit_many(
        nothing,
        "grant_reject",
        now=now,
        said=lambda one: {"text": one.text},
        target="rejected",
        changed=["amount", "steps", "text", "ended_at"],
    )


def _recount(made: Round, grants: Sequence[Grant]) -> None:
    """Count caps once more, now that nobody else decides: another delivery may have given something meanwhile."""
    database.fetch("select pg_advisory_xact_lock(%s::bigint)::text", [STACKS])
    terms = Terms.objects.get(clause=made.clause, version=made.terms_version)
    got = selectors.judged.got_by_many([one.enterprise_id for one in grants], made.year, but=made.id)
    for one in grants:
        formula = Decimal(one.steps[0]["amount"])
        had = selectors.judged.had(made.clause, got[one.enterprise_id])
        one.amount, steps = money.account(formula, selectors.judged.limits(terms), had)
        one.steps = [{"code": step.code, "amount": str(step.amount)} for step in steps]


def parts(made: Round) -> list[money.Share]:
    """Return who pays which part of a delivery."""
    terms = Terms.objects.get(clause_id=made.clause_id, version=made.terms_version)
    return [money.Share(one["level"], Decimal(one["percent"])) for one in terms.shares]


def _check_budget(made: Round, grants: Sequence[Grant]) -> None:
    needed: dict[str, Decimal] = defaultdict(Decimal)
    shares = parts(made)
    for one in grants:
        for level, amount in money.split(one.amount, shares).items():
            needed[level] += amount
    short = {level: str(amount - Decimal(made.budget[level])) for level, amount in needed.items()
             if level in made.budget and amount > Decimal(made.budget[level])}  # fmt: skip
    if short:
        raise errors.Conflict(
            _("The budget does not reach: reject some, or let it be raised."), code="budget_short", short=short
        )


def take_grant(*, grant_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Grant:
    """Take an action on what one enterprise gets: `accept`, `refuse` {text}, `confirm`, `dispute` {text} by itself;
    `reject` {text}, `settle` {text} by the department.

    A dispute becomes a matter of the register in the enterprise's name. Raises NotFound, Forbidden, Conflict
    `state_forbids`, Invalid. Leaves one fact.
    """
    selectors.delivery.find_grant(grant_id=grant_id, actor=actor)
    with database.writing():
        made = locked(Grant.objects.values_list("round_id", flat=True).get(pk=grant_id))
        grant = Grant.objects.select_for_update(of=("self",)).select_related("enterprise", "clause").get(pk=grant_id)
        transition = GRANTS.named(action, without=frozenset())
        permissions.check_grant(actor, action, grant)
        GRANTS.check_state(
            transition, GrantState(grant.state), may=lambda one: permissions.can_grant(actor, one, grant)
        )
        said: dict[str, Any] = {}
        if action in ("refuse", "reject", "dispute", "settle"):
            grant.text = needed_text(body, most=400)
            said["text"] = grant.text
        came_from, grant.state = grant.state, next(iter(transition.targets)).value
        if action in ("accept", "refuse"):
            grant.answered_at = now
            grant.known_at = grant.known_at or now
        if action in ("refuse", "reject", "confirm"):
            grant.ended_at = now
        if action == "dispute":
            said["case"] = raising.disputed(grant, made, now)
        commit(grant, f"grant_{action}", now=now, said=said, actor=actor, came_from=came_from)
        notices.decided(action, grant, now=now)
        finish(made, now)
    return grant


def know(*, enterprise_id: uuid.UUID, actor: Actor, now: dt.datetime) -> int:
    """An enterprise opened the list of what it is offered: now it knows. One fact of each it had not seen."""
    with database.writing():
        rows = Grant.objects.select_for_update().filter(enterprise_id=enterprise_id, known_at=None)
        found = list(rows.order_by("id")) if permissions.owns(actor, enterprise_id) else []
        for one in found:
            one.known_at = now
            commit(one, "grant_known", now=now, said={}, actor=actor, changed=["known_at"])
    return len(found)


def advance_due(*, now: dt.datetime) -> int:
    """Move on deliveries whose time to answer or whose notice is over; return how many. One transaction each."""
    moved = 0
    while True:
        with database.writing():
            rows = Round.objects.select_for_update(skip_locked=True, of=("self",))
            rows = rows.select_related("clause", "clause__policy", "clause__policy__department")
            made = rows.filter(state="offered", intent_until__lte=now).order_by("intent_until").first()
            if made is not None:
                _close_intents(made, now)
            else:
                made = rows.filter(state="notice", notice_until__lte=now).order_by("notice_until").first()
                if made is None:
                    return moved
                _start_paying(made, now)
            moved += 1


def _close_intents(made: Round, now: dt.datetime) -> None:
    book = section(made)
    silent = _grants(made, GrantState.OFFERED)
    if book.silence_is_consent:
        commit_many(silent, "grant_silent", now=now, said=lambda _one: {}, target="willing")
    else:
        for one in silent:
            one.ended_at = now
        commit_many(silent, "grant_unanswered", now=now, said=lambda _one: {}, target="refused", changed=["ended_at"])
    counts = {state: Grant.objects.filter(round=made, state=state).count() for state in ("willing", "refused")}
    made.review_due_at = workcalendar.calendar_for(made.region).add(now, book.review_within).at
    came_from, made.state = made.state, RoundState.REVIEW.value
    commit(made, "close_intents", now=now, said=counts, came_from=came_from)
    notices.to_review(made, now=now)


def _start_paying(made: Round, now: dt.datetime) -> None:
    """The notice is over without more objections: each level owes its part of each grant until a day."""
    grants = _grants(made, GrantState.APPROVED)
    shares = parts(made)
    until = workcalendar.calendar_for(made.region).add(now, section(made).pay_within).at
    made.pay_due_at = until
    came_from, made.state = made.state, RoundState.PAYING.value
    commit(made, "start_paying", now=now, said={"until": until.isoformat()}, came_from=came_from)
    rows = [
        Share(id=uuid7(), grant=one, round=made, level=level, amount=amount, due_at=until)
        for one in grants
        for level, amount in money.split(one.amount, shares).items()
        if amount > 0
    ]
    commit_many(grants, "grant_owe", now=now, said=lambda _one: {"until": until.isoformat()}, target="due")
    Share.objects.bulk_create(rows, batch_size=2_000)
    finish(made, now)


def finish(made: Round, now: dt.datetime) -> None:
    """Finish a delivery that is being paid when nothing is owed any more."""
    if made.state != RoundState.PAYING or Grant.objects.filter(round=made, state="due").exists():
        return
    paid = Grant.objects.filter(round=made, state__in=["paid", "confirmed", "disputed"]).count()
    came_from, made.state, made.ended_at = made.state, RoundState.DONE.value, now
    commit(made, "finish", now=now, said={"count": paid}, came_from=came_from)
