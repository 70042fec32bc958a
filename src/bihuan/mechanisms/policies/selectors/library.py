"""The library: policies in force for everybody, drafts for those who write them."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Clause, Import, Policy, Terms
from ..rulebook import Policies
from ..rules import flaws
from ..states import CLAUSES, POLICIES, ClauseState, PolicyState

PAGE, MOST = 50, 40
PUBLIC = ("in_force", "ended")


@dataclass(frozen=True, kw_only=True)
class SeenClause:
    """A clause as a reader sees it: its terms on the day, all its versions, and what to do with it."""

    clause: Clause
    terms: Terms | None
    versions: list[Terms]
    available_actions: list[str]


@dataclass(frozen=True, kw_only=True)
class SeenPolicy:
    """A policy as a reader sees it, with its clauses."""

    policy: Policy
    clauses: list[SeenClause]
    available_actions: list[str]


def section(region: str, now: dt.datetime) -> Policies:
    """Return what the rulebook in force says of policies."""
    return rulebooks.in_force(region, now).section(Policies)


def seen(actor: Actor) -> Any:
    """Return the policies the actor may read; the policy of migration 0002 says the same a second time."""
    rows = Policy.objects.select_related("department")
    if actor.system:
        return rows
    scope = actor.scope()
    own = Q(region__in=list(scope.regions)) | Q(department_id__in=list(scope.departments))
    return rows.filter(Q(state__in=PUBLIC) | own)


def page(
    *, actor: Actor, state: str = "", text: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Policy], uuid.UUID | None]:
    """Return policies the actor may read, newest first, and the id to continue after."""
    with database.reading(actor.scope()):
        rows = seen(actor)
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(Q(title__icontains=text) | Q(code__icontains=text)) if text else rows
        rows = rows.filter(id__lt=before) if before is not None else rows
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def find(*, policy_id: uuid.UUID, actor: Actor, now: dt.datetime) -> SeenPolicy:
    """Return one policy with its clauses. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        found: Policy | None = seen(actor).filter(pk=policy_id).prefetch_related("clauses__terms").first()
    if found is None:
        raise errors.NotFound(_("There is no such policy here, or you may not see it."), code="policy_not_found")
    today = answers.local_date(now)
    clauses = sorted(found.clauses.all(), key=lambda one: one.code)
    rows = POLICIES.allowed(PolicyState(found.state))
    return SeenPolicy(
        policy=found,
        clauses=[_clause(one, actor, today) for one in clauses],
        available_actions=[row.action for row in rows if permissions.can(actor, row.action, found)],
    )


def _clause(clause: Clause, actor: Actor, today: dt.date) -> SeenClause:
    versions = sorted(clause.terms.all(), key=lambda one: -one.version)
    rows = CLAUSES.allowed(ClauseState(clause.state))
    return SeenClause(
        clause=clause,
        terms=on_day(versions, today) or (versions[0] if versions else None),
        versions=versions,
        available_actions=[row.action for row in rows if permissions.can(actor, row.action, clause)],
    )


def find_clause(*, clause_id: uuid.UUID, actor: Actor) -> Clause:
    """Return one clause whose policy the actor may read. Raises NotFound."""
    with database.reading(actor.scope()):
        rows = Clause.objects.select_related("policy", "policy__department")
        found: Clause | None = rows.filter(pk=clause_id, policy__in=seen(actor)).first()
    if found is None:
        raise errors.NotFound(_("There is no such policy here, or you may not see it."), code="policy_not_found")
    return found


def on_day(versions: Iterable[Terms], day: dt.date) -> Terms | None:
    """Return the terms in force on a day, or None."""
    return next((one for one in versions if one.since <= day and (one.until is None or day < one.until)), None)


def trace(*, found: SeenPolicy, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a policy and of its clauses, in order of time; for those who write it."""
    policy = found.policy
    if not permissions.writes(actor, policy.region, policy.department_id):
        return []
    told: list[dict[str, Any]] = []
    with database.reading(actor.scope()):
        things: list[tuple[uuid.UUID, str]] = [(policy.id, policy.title)]
        things += [(one.clause.id, one.clause.name) for one in found.clauses]
        for key, name in things:
            told += [{**ledger.content(fact), "of": name} for fact in ledger.history(key)]
    return sorted(told, key=lambda fact: str(fact["at"]))


def places_of(actor: Actor, now: dt.datetime, roles: Iterable[str] = permissions.WRITING) -> list[Any]:
    """Return the regions in which the actor may write policies, or holds one of other roles."""
    if actor.reader is None:
        return []
    regions = actor.reader.regions_for(roles)
    found = directory.regions(regions, answers.local_date(now))
    return [one for one in found if directory.departments(one.code)]


def lineage(region: str) -> Sequence[str]:
    """Return the codes of a region and of all above it."""
    return [one.code for one in directory.region_path(region)] or [region]


def flaws_of(*, region: str, conditions: Sequence[str], formula: str, now: dt.datetime) -> list[flaws.Flaw]:
    """Return what is wrong with conditions and a formula under the rulebook of a place. Raises Invalid (region)."""
    directory.region_in_force(region, answers.local_date(now))
    kinds = section(region, now).kinds()
    read = [flaws.of_condition(one, kinds, at) for at, one in enumerate(conditions[:MOST], 1)]
    found = [flaw for _tree, wrong in read for flaw in wrong]
    found += flaws.of_formula(formula, kinds)[1] if formula else []
    return found or flaws.contradictions([tree for tree, _wrong in read if tree is not None])


def imports(*, actor: Actor) -> list[Import]:
    """Return the files that were taken in lately, newest first."""
    with database.reading(actor.scope()):
        rows = Import.objects.all() if actor.system else Import.objects.filter(region__in=list(actor.scope().regions))
        return list(rows.order_by("-id")[:20])
