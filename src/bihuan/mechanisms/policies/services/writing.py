"""Policies and their clauses are written, published, amended and ended. Order of locks: policy, clause, terms."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_text, needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import permissions, selectors, wording
from ..models import Clause, Policy, Terms
from ..rulebook import Policies
from ..states import CLAUSES, POLICIES, ClauseState, PolicyState
from . import reading
from .recording import commit


def draft(*, region: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Policy:
    """Begin a policy: {code, title, level, department: code, valid_from, valid_to, summary, basis}.

    Raises Forbidden, Invalid naming the field, Conflict `code_taken`. Leaves one fact; publishes PolicyChanged.
    """
    today = answers.local_date(now)
    department = directory.department_in_force(region, str(body.get("department") or ""), today)
    if not permissions.writes(actor, region, department.id):
        raise errors.Forbidden(_("Your role may not take this action here."), action="draft")
    begins, ends = reading.day(body, "valid_from", needed=True), reading.day(body, "valid_to")
    assert begins is not None
    if ends is not None and ends <= begins:
        raise errors.Invalid(_("It ends after it begins."), code="day_wrong", field="valid_to")
    with database.writing():
        directory.region_in_force(region, today)
        code = reading.line(body, "code", 80)
        if Policy.objects.filter(region=region, code=code).exclude(state=PolicyState.DROPPED).exists():
            raise errors.Conflict(_("There is a policy of this number."), code="code_taken", field="code")
        made = Policy(
            region=region,
            code=code,
            title=reading.line(body, "title", 120),
            level=reading.one_of(body, "level", wording.LEVELS),
            summary=clean_text(str(body.get("summary") or ""))[:1000],
            basis=reading.words(body, "basis", 300),
            department=department,
            valid_from=begins,
            valid_to=ends,
            written_by=actor.person_id,
            written_at=now,
            rulebook_version=rulebooks.in_force(region, now).id,
        )
        commit(made, "drafted", now=now, said={"code": code}, actor=actor, made=True)
    return made


def take(*, policy_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Policy:
    """Take one action on a policy and return it: `publish`, `drop` {text}, `end` {text}, `write_guide` {text}.

    `write_clause`: see the function. Raises NotFound, Forbidden, Conflict (`state_forbids`, `no_clause`), Invalid.
    Leaves one fact each, and one for each clause that opens or closes with it; publishes PolicyChanged.
    """
    if action == "write_clause":
        return write_clause(policy_id=policy_id, body=body, actor=actor, now=now).policy
    selectors.library.find(policy_id=policy_id, actor=actor, now=now)
    with database.writing():
        policy = _locked(policy_id, action, actor)
        came_from, said = policy.state, {}
        if action != "publish":
            said["text"] = needed_text(body, most=20_000 if action == "write_guide" else 4_000)
        targets = POLICIES.named(action).targets
        policy.state = next(iter(targets)).value if targets else policy.state
        if action == "write_guide":
            policy.guide, policy.guided_at, said = said["text"], now, {}
        elif action == "publish":
            said["since"] = policy.valid_from.isoformat()
            policy.published_at = now
            within = selectors.library.section(policy.region, now).guide_within
            policy.guide_due_at = workcalendar.calendar_for(policy.region).add(now, within).at
        else:
            policy.ended_at = now
        commit(policy, action, now=now, said=said, actor=actor, came_from=came_from)
        _follow(policy, action, now)
    return policy


def _locked(policy_id: uuid.UUID, action: str, actor: Actor) -> Policy:
    """Lock a policy for an action. Raises NotFound, Forbidden, Conflict `state_forbids`."""
    policy = Policy.objects.select_for_update(of=("self",)).select_related("department").get(pk=policy_id)
    transition = POLICIES.named(action)
    permissions.check(actor, action, policy)
    POLICIES.check_state(transition, PolicyState(policy.state), may=lambda one: permissions.can(actor, one, policy))
    return policy


def _follow(policy: Policy, action: str, now: dt.datetime) -> None:
    """Open the clauses of a policy that was published; close those of one that is over."""
    step = {"publish": "open_clause", "drop": "close_clause", "end": "close_clause"}.get(action)
    if step is None:
        return
    transition = CLAUSES.named(step)
    found = Clause.objects.select_for_update(of=("self",)).filter(policy=policy, state__in=transition.sources)
    clauses = list(found.order_by("id"))
    if action == "publish" and not clauses:
        raise errors.Conflict(_("It has no clause yet: nobody would get anything."), code="no_clause")
    for clause in clauses:
        clause.policy = policy
        came_from, clause.state = clause.state, next(iter(transition.targets)).value
        clause.stale = action == "publish"
        commit(clause, step, now=now, said={}, came_from=came_from)


def write_clause(*, policy_id: uuid.UUID, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Clause:
    """Add a clause with its first terms: {code, name, track, stack} and what `amend` takes.

    In a policy that is in force it opens at once. Raises as `take`, Conflict `code_taken`, Invalid `clause_flawed`
    with all flaws. Leaves a fact of the policy and one or two of the clause.
    """
    selectors.library.find(policy_id=policy_id, actor=actor, now=now)
    with database.writing():
        policy = _locked(policy_id, "write_clause", actor)
        clause = Clause(
            policy=policy,
            region=policy.region,
            department_id=policy.department_id,
            code=reading.line(body, "code", 20),
            name=reading.line(body, "name", 120),
            track=reading.one_of(body, "track", wording.TRACKS),
            stack=reading.words(body, "stack", 40),
            version=1,
            rulebook_version=rulebooks.in_force(policy.region, now).id,
        )
        if Clause.objects.filter(policy=policy, code=clause.code).exists():
            raise errors.Conflict(_("There is a clause of this number."), code="code_taken", field="code")
        terms = _terms(clause, body, now, since=reading.day(body, "since") or policy.valid_from)
        commit(clause, "clause_written", now=now, said={"version": 1}, actor=actor, made=True)
        terms.save(force_insert=True)
        if policy.state == PolicyState.IN_FORCE:
            clause.state, clause.stale = ClauseState.OPEN.value, True
            commit(clause, "open_clause", now=now, said={}, came_from=ClauseState.WRITTEN.value)
        commit(policy, "write_clause", now=now, said={"clause": clause.name}, actor=actor)
    return clause


def amend(*, clause_id: uuid.UUID, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Clause:
    """Write new terms of a clause, in force from {since}: today or later once it is open, so nothing is taken back.

    body: {conditions: [{text, cel}], formula, cap, year_cap, as_of, window_from, window_to, shares: [{level, percent}],
    proofs: papers as a service item has them}; amounts in yuan. Raises NotFound, Forbidden, Conflict `state_forbids`,
    Invalid (`clause_flawed`, `papers_flawed`, `since_past`). Leaves one fact; publishes PolicyChanged.
    """
    selectors.library.find_clause(clause_id=clause_id, actor=actor)
    with database.writing():
        clause = (
            Clause.objects.select_for_update(of=("self",))
            .select_related("policy", "policy__department")
            .get(pk=clause_id)
        )
        permissions.check(actor, "amend", clause)
        CLAUSES.check_state(
            CLAUSES.named("amend"), ClauseState(clause.state), may=lambda one: permissions.can(actor, one, clause)
        )
        before = Terms.objects.select_for_update().get(clause=clause, until=None)
        since, today = reading.day(body, "since") or answers.local_date(now), answers.local_date(now)
        if since < before.since or (clause.state == ClauseState.OPEN and since < today):
            said = _("What is open changes from today on or later, and after its last change; nothing is taken back.")
            raise errors.Invalid(said, code="since_past", field="since")
        clause.version += 1
        terms = _terms(clause, body, now, since=since)
        before.until = since
        before.save(update_fields=["until"])
        terms.save(force_insert=True)
        clause.stale = clause.state == ClauseState.OPEN
        said_so = {"version": clause.version, "since": since.isoformat()}
        commit(clause, "amend", now=now, said=said_so, actor=actor)
    return clause


def _terms(clause: Clause, body: Mapping[str, Any], now: dt.datetime, *, since: dt.date) -> Terms:
    book = rulebooks.in_force(clause.region, now).section(Policies)
    begins, ends = reading.day(body, "window_from"), reading.day(body, "window_to")
    if begins and ends and ends < begins:
        raise errors.Invalid(_("It ends after it begins."), code="day_wrong", field="window_to")
    return Terms(
        clause=clause,
        region=clause.region,
        version=clause.version,
        since=since,
        conditions=reading.conditions(body, book),
        formula=reading.formula(body, book),
        cap=reading.yuan(body.get("cap"), "cap"),
        year_cap=reading.yuan(body.get("year_cap"), "year_cap"),
        as_of=reading.day(body, "as_of"),
        window_from=begins,
        window_to=ends,
        shares=reading.shares(body),
        proofs=reading.proofs(body.get("proofs") or [], "proofs"),
    )


def end_due(*, now: dt.datetime) -> int:
    """End the policies whose time is over; return how many. One transaction each, one fact each and of each clause."""
    ended = 0
    while True:
        with database.writing():
            rows = Policy.objects.select_for_update(skip_locked=True, of=("self",)).select_related("department")
            policy = rows.filter(state="in_force", valid_to__lte=answers.local_date(now)).order_by("valid_to").first()
            if policy is None:
                return ended
            policy.state, policy.ended_at = PolicyState.ENDED.value, now
            said = {"text": _("Its time is over.")}
            commit(policy, "end", now=now, said=said, actor=THE_SYSTEM, came_from=PolicyState.IN_FORCE.value)
            _follow(policy, "end", now)
            ended += 1
