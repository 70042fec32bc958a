"""Who may see a case and who may take an action on it. One rule, compiled to SQL for every list, detail and export."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.permissions import Reader
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, errors
from bihuan.foundation.kernel.database import NOBODY, SERVICE, Scope
from bihuan.foundation.rulebooks import selectors as rulebooks

from .models import Case
from .rulebook import Extension, Fallback, Grounds, Returns, Suspension
from .rules import approval
from .states import MACHINE, RAISER, SYSTEM

STAFF_CHANNELS = frozenset({"hotline", "window", "talk", "visit", "media", "superior", "below", "bulk"})
"""Channels in which staff write down what an enterprise said."""
STAFF_ROLES = frozenset(Role) - {Role.ENTERPRISE, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
"""Roles that may enter a matter through a channel that is not for the public."""
RATED_SIDE = frozenset({Role.LIAISON, Role.DEPARTMENT_HEAD})


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Whoever acts: a logged-in reader, the holder of a follow-up code, or the product itself.

    holds: the id of the one case whose follow-up code was shown. on_behalf_of: a plain label when a seat writes down
    the enterprise's own words.
    """

    reader: Reader | None = None
    holds: uuid.UUID | None = None
    system: bool = False
    on_behalf_of: str | None = None

    @property
    def person_id(self) -> uuid.UUID | None:
        """The person's id; None for the product and for holders of a code."""
        return self.reader.person_id if self.reader else None

    @property
    def stands_for(self) -> str | None:
        """In whose name a fact is recorded: as stated, or the raiser's where nobody is logged in."""
        return self.on_behalf_of or (None if self.system or self.reader else "raiser")

    def scope(self) -> Scope:
        """The rows this actor may see, for row-level security."""
        if self.system:
            return SERVICE
        if self.holds:
            return Scope(kind="reader", case=str(self.holds))
        return self.reader.scope() if self.reader else NOBODY


THE_SYSTEM = Actor(system=True)


def visible_sql(actor: Actor) -> tuple[str, list[Any]]:
    """Return the one visibility rule as an SQL condition on `cases_case` with its parameters.

    List, detail, search, counts, exports and API all use it; an actor without any office sees nothing (`false`).
    The row-level policies of migration 0002 say the same a second time; a test compares them for every role.
    """
    if actor.system:
        return "true", []
    if actor.holds:
        return "cases_case.id = %s", [actor.holds]
    scope = actor.scope()
    rules: list[tuple[str, list[Any]]] = []
    if scope.regions:
        rules.append(("cases_case.region = any(%s)", [list(scope.regions)]))
    if scope.departments:
        ids = list(scope.departments)
        rules.append(
            (
                "(cases_case.lead_department_id = any(%s::uuid[]) or cases_case.co_department_ids && %s::uuid[])",
                [ids, ids],
            )
        )
    if scope.enterprises:
        rules.append(("cases_case.enterprise_id = any(%s::uuid[])", [list(scope.enterprises)]))
    if scope.boards:
        rules.append(("(cases_case.region || ':' || cases_case.board) = any(%s)", [list(scope.boards)]))
    if scope.refusal_regions:
        rules.append(
            (
                "(cases_case.region = any(%s)"
                " and (cases_case.state = 'declined' or cases_case.closed_kind = 'explained'))",
                [list(scope.refusal_regions)],
            )
        )
    if scope.person:
        rules.append(("cases_case.raised_by = %s", [scope.person]))
    if not rules:
        return "false", []
    return "(" + " or ".join(sql for sql, _ in rules) + ")", [value for _, values in rules for value in values]


@dataclass(frozen=True, kw_only=True)
class Arm:
    """One rule of visibility that an index answers in the order of a list.

    condition: SQL on `cases_case` with a `{}` for each part of a key; types: the SQL types of these parts.
    """

    condition: str
    types: tuple[str, ...] = ()
    keys: tuple[tuple[Any, ...], ...] = ((),)

    def fixed(self) -> str:
        """Return the condition for one key given as parameters."""
        return self.condition.format(*(f"%s::{kind}" for kind in self.types))

    def named(self) -> str:
        """Return the condition for a key that `unnested` names."""
        return self.condition.format(*(f"arm.part{place}" for place in range(len(self.types))))

    def unnested(self) -> str:
        """Return the table of all keys; its parameters are the parts, each as one list."""
        parts = ", ".join(f"part{place}" for place in range(len(self.types)))
        return f"unnest({', '.join(f'%s::{kind}[]' for kind in self.types)}) arm({parts})"


HELPERS = 3
"""How many co-departments of a case have an index each (migration 0004); few cases have more."""


def arms(actor: Actor) -> list[Arm]:
    """Return the rules whose union is `visible_sql`, one by one; none for an actor who sees nothing."""
    if actor.system:
        return [Arm(condition="true")]
    if actor.holds:
        return [Arm(condition="cases_case.id = {}", types=("uuid",), keys=((actor.holds,),))]
    scope, helpers = actor.scope(), "cases_case.co_department_ids"

    def each(values: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        return tuple((value,) for value in values)

    found = [
        Arm(condition="cases_case.region = {}", types=("text",), keys=each(scope.regions)),
        Arm(condition="cases_case.lead_department_id = {}", types=("uuid",), keys=each(scope.departments)),
        *(
            Arm(condition=f"{helpers}[{place}] = {{}}", types=("uuid",), keys=each(scope.departments))
            for place in range(1, HELPERS + 1)
        ),
        Arm(
            condition=f"{helpers}[{HELPERS + 1}] is not null and {helpers} && {{}}",
            types=("uuid[]",),
            keys=((list(scope.departments),),) if scope.departments else (),
        ),
        Arm(condition="cases_case.enterprise_id = {}", types=("uuid",), keys=each(scope.enterprises)),
        Arm(
            condition="cases_case.region = {} and cases_case.board = {}",
            types=("text", "text"),
            keys=tuple(tuple(board.split(":", 1)) for board in scope.boards),
        ),
        Arm(
            condition="cases_case.region = {}"
            " and (cases_case.state = 'declined' or cases_case.closed_kind = 'explained')",
            types=("text",),
            keys=each(scope.refusal_regions),
        ),
        Arm(condition="cases_case.raised_by = {}", types=("uuid",), keys=each([scope.person] if scope.person else [])),
    ]
    return [arm for arm in found if arm.keys]


def visible(actor: Actor) -> RawSQL:
    """Return the visibility rule as a condition for Django's queries on Case."""
    sql, parameters = visible_sql(actor)
    return RawSQL(sql, parameters, output_field=BooleanField())  # noqa: S611


def is_raiser(actor: Actor, case: Case) -> bool:
    """Tell whether the actor speaks for whoever raised the case: its enterprise, its author, or the code's holder."""
    if actor.holds == case.id:
        return True
    if actor.reader is None:
        return False
    if any(grant.enterprise_id == case.enterprise_id for grant in actor.reader.grants if grant.enterprise_id):
        return True
    # Staff who wrote the matter down for somebody else do not become its raiser.
    return case.raised_by == actor.person_id and case.enterprise_id is None and not is_staff_entry(case)


def is_staff_entry(case: Case) -> bool:
    """Tell whether staff entered the case on behalf of the raiser."""
    return case.channel in STAFF_CHANNELS


def holds_role(actor: Actor, case: Case, role: str) -> bool:
    """Tell whether the actor holds `role` (a word of the transition table) with regard to this case."""
    if role == SYSTEM:
        return actor.system
    if role == RAISER:
        return is_raiser(actor, case)
    if actor.reader is None:
        return False
    side, _sep, name = role.rpartition(":")
    for grant in actor.reader.grants:
        if grant.role != name:
            continue
        if side == "lead" and str(case.lead_department_id) in grant.departments:
            return True
        if side == "co" and any(str(one) in grant.departments for one in case.co_department_ids):
            return True
        if not side and case.region in grant.regions and (grant.board is None or grant.board == case.board):
            return True
    return False


def of_handling_side(actor: Actor, case: Case) -> bool:
    """Tell whether the actor works in a department that handles the case, in whatever other office too."""
    handling = {str(one) for one in (case.lead_department_id, *case.co_department_ids)}
    return actor.reader is not None and any(handling.intersection(grant.departments) for grant in actor.reader.grants)


def can(actor: Actor, action: str, case: Case) -> bool:
    """Tell whether the actor's office allows the action on this case (the state is another question)."""
    transition = MACHINE.find(action)
    if transition is None:
        return False
    if action == "rule_objection" and is_last_return(case):
        return holds_role(actor, case, last_ruler(case))
    if not any(holds_role(actor, case, role) for role in transition.roles):
        return False
    if action in GROUNDS:
        return decides(actor, case, GROUNDS[action])
    # 济南 12345 条例 27: the handler never verifies or closes, not even with a second office.
    return not (action.startswith("verify_") and of_handling_side(actor, case))


def is_last_return(case: Case) -> bool:
    """Tell whether the matter has been returned so often that the catch-all board decides and binds (第三次退回)."""
    return case.returns >= rulebooks.version(case.rulebook_version).section(Returns).last_return


def last_ruler(case: Case) -> str:
    """Return the office that rules on the last return: the catch-all board's, or the fallback where nobody holds it.

    The fallback is the first of the rulebook's `fallback.receivers` that somebody holds; else the coordinators rule.
    """
    book = rulebooks.version(case.rulebook_version)
    offices = (book.section(Returns).third_goes_to, *book.section(Fallback).receivers)
    now = clock.now()
    held = (office for office in offices if accounts.holders(role=office, region=case.region, now=now))
    return next(held, Role.COORDINATOR.value)


GROUNDS: dict[str, type[Grounds]] = {"decide_extension": Extension, "decide_suspension": Suspension}
"""Decision → the section of the rulebook that names who takes it."""


def decides(actor: Actor, case: Case, section: type[Grounds]) -> bool:
    """Tell whether the actor may decide on time for this case: the rulebook's approver, or somebody as high.

    Never somebody of a department that handles the case, in whatever other office (L7: the level above).
    """
    approver = rulebooks.version(case.rulebook_version).section(section).approver
    may = any(holds_role(actor, case, role) for role in approval.deciders(approver))
    return may and not of_handling_side(actor, case)


def check(actor: Actor, action: str, case: Case) -> None:
    """Raise Forbidden unless the actor may take the action on this case."""
    if not can(actor, action, case):
        raise errors.Forbidden(_("Your role may not take this action on this case."), action=action)


def may_see_ratings(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may see the enterprise's ratings: never the side that is rated (深圳龙华; DOMAIN §0.8)."""
    if actor.system or is_raiser(actor, case):
        return True
    return actor.reader is not None and not rated_side_only(actor.reader.grants) and not of_handling_side(actor, case)


def rated_side_only(grants: Iterable[object]) -> bool:
    """Tell whether all these grants are offices of the rated side."""
    return all(getattr(grant, "role", None) in RATED_SIDE for grant in grants)


def may_see_contact(actor: Actor, case: Case) -> bool:
    """Tell whether the actor needs the raiser's telephone: the raiser, the centre, and the lead department."""
    roles = ("seat", "coordinator", "catch_all", "lead:liaison", "lead:department_head")
    return actor.system or is_raiser(actor, case) or any(holds_role(actor, case, role) for role in roles)
