"""One case: its dossier, what may be done with it, and its trace."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import guards, permissions
from ..models import Attachment, Case, CoDepartment, Contact, Plan
from ..permissions import Actor
from ..rulebook import Urging
from ..states import MACHINE, CaseState
from . import loading
from .elapsed import elapsed_share


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """Everything one reader may see of one case."""

    case: Case
    light: str
    elapsed_share: float | None
    overdue: bool
    enterprise: Any
    contact: Contact | None
    plans: list[Plan]
    co_departments: list[CoDepartment]
    attachments: list[Attachment]
    merged_numbers: list[str]
    available_actions: list[str]
    sees_ratings: bool
    is_raiser: bool


def find(*, number: str, actor: Actor) -> Case:
    """Return the case. Raises NotFound `case_not_found` when there is none for these eyes. Call inside `reading`."""
    case = loading.one(number=number, actor=actor)
    if case is None:
        raise _not_found()
    return case


def _not_found() -> errors.NotFound:
    return errors.NotFound(_("There is no case with this number, or you may not see it."), code="case_not_found")


def find_all(*, numbers: Sequence[str], actor: Actor) -> list[Case]:
    """Return the cases with these numbers that the actor may see, in the order given; others are left out."""
    with database.reading(actor.scope()):
        rows = Case.objects.filter(permissions.visible(actor), number__in=numbers).defer("search")
        found = {case.number: case for case in rows.select_related("enterprise", "lead_department")}
    return [found[number] for number in numbers if number in found]


def light_of(case: Case, now: dt.datetime) -> str:
    """Return the light of a case at `now` (frozen while its clock is held): the last threshold passed."""
    moment = min(case.held_at, now) if case.held_at else now
    passed = sum(instant <= moment for instant in case.light_at)
    return case.light_ids[max(passed, 1) - 1] if case.light_ids else ""


def dossier(*, number: str, actor: Actor, now: dt.datetime) -> Dossier:
    """Return one case with all its parts. Raises NotFound. Reads with row-level security of the actor."""
    with database.reading(actor.scope()):
        found = loading.whole(number=number, actor=actor)
        if found is None:
            raise _not_found()
        case, parts = found
        raiser = permissions.is_raiser(actor, case)
        moment = min(case.held_at, now) if case.held_at else now
        return Dossier(
            case=case,
            light=light_of(case, now),
            elapsed_share=elapsed_share(
                region=case.region,
                counts_from=case.counts_from,
                due_at=case.due_at,
                natural=case.allotment == "natural",
                moment=moment,
            ),
            overdue=case.due_at < moment,
            enterprise=case.enterprise,
            contact=parts.contact if permissions.may_see_contact(actor, case) else None,
            plans=parts.plans,
            co_departments=parts.co_departments,
            attachments=[one for one in parts.attachments if one.visible_to_enterprise or not raiser],
            merged_numbers=parts.merged_numbers,
            available_actions=available_actions(case=case, actor=actor, now=now),
            sees_ratings=permissions.may_see_ratings(actor, case),
            is_raiser=raiser,
        )


def available_actions(*, case: Case, actor: Actor, now: dt.datetime) -> list[str]:
    """Return the actions this actor could take on the case now, in table order: one truth for page, API and tests."""
    return [
        row.action
        for row in MACHINE.allowed(CaseState(case.state))
        if permissions.can(actor, row.action, case)
        and _worth_offering(row.action, case, actor)
        and (row.action != "urge" or may_urge(case=case, now=now))
        and guards.why_not(action=row.action, case=case, body=None, now=now) is None
    ]


def may_urge(*, case: Case, now: dt.datetime) -> bool:
    """Tell whether the last urging is long enough ago, by the rulebook, that another one says something new."""
    last = ledger.last_of(case.id, kind="case.urged")
    pause = dt.timedelta(hours=rulebooks.version(case.rulebook_version).section(Urging).every_hours)
    return last is None or now - last >= pause


def _owes_reply(case: Case, actor: Actor) -> bool:
    grants = actor.reader.grants if actor.reader else ()
    mine = [one for one in case.co_department_ids if any(str(one) in grant.departments for grant in grants)]
    return CoDepartment.objects.filter(case=case, department_id__in=mine, replied_at=None).exists()


def _worth_offering(action: str, case: Case, actor: Actor) -> bool:
    """Leave out what the state allows but the case has no use for."""
    if action == "decide_extension":
        return case.extension is not None and case.extension["by"] != str(actor.person_id)
    if action == "come_down":
        return bool(case.escalated_to)
    if action == "request_extension":
        return case.extension is None
    if action == "decide_suspension":
        waits = case.suspension is not None and case.suspension.get("granted") is None
        return case.suspension is not None and not (waits and case.suspension.get("by") == str(actor.person_id))
    if action == "object":
        return not case.bound and case.lead_department_id not in case.objected_ids
    if action == "co_reply":
        return _owes_reply(case, actor)
    if action == "rate_plan":
        return case.rating_plan is None and Plan.objects.filter(case=case).exists()
    if action in ("confirm", "deny", "rate", "reopen") and case.closed_kind == "withdrawn":
        return False
    if action == "confirm":
        return case.word != "confirmed"
    if action == "deny":
        return case.word != "denied"
    if action == "rate":
        return bool(case.reply_kind) and case.rating_changes < 1
    if action == "archive":
        return not (case.state == CaseState.CLOSED and case.word == "pending")
    if action.startswith("verify_"):
        return actor.person_id not in case.verifier_ids
    return True


HIDDEN_FROM_RAISER = frozenset(
    "case.noted case.reminded case.co_replied case.objected case.objection_ruled case.escalated case.tier_moved"
    " case.came_down case.light_changed case.deadline_missed case.verification_started".split()
)
"""Facts that are the administration's own work and say nothing to the raiser."""
HIDDEN_FROM_RATED = frozenset({"case.rated", "case.plan_rated"})


def trace(*, case: Case, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a case that the actor may see, oldest first: seq, kind, at, actor, from, to, data, hash.

    The enterprise does not see internal remarks; the rated side never sees ratings (DOMAIN §0.8).
    """
    raiser = permissions.is_raiser(actor, case)
    hidden = HIDDEN_FROM_RAISER if raiser else frozenset()
    sees_marks = permissions.may_see_ratings(actor, case)
    if not sees_marks:
        hidden |= HIDDEN_FROM_RATED
    shown: list[dict[str, Any]] = []
    for fact in ledger.history(case.id):
        content = orjson.loads(fact.canonical)
        data = {key: value for key, value in content["data"].items() if key != "set"}
        if content["kind"] in hidden or (raiser and data.get("visible_to_enterprise") is False):
            continue
        if raiser:
            data.pop("note", None)
        if not sees_marks and data.get("callback"):
            data["callback"] = {key: value for key, value in data["callback"].items() if key != "level"}
        # A gap in the numbers would tell the rated side when it was rated.
        numbered = {} if sees_marks else {"seq": len(shown) + 1}
        shown.append({**content, **numbered, "data": data, "hash": fact.hash})
    return shown


def newest_seq(*, case: Case, actor: Actor) -> int:
    """Return the number of the newest fact that the actor may know of; call inside `reading`."""
    if permissions.may_see_ratings(actor, case):
        return case.last_seq
    (content,) = ledger.latest([case.id], without=sorted(HIDDEN_FROM_RATED)).values()
    return int(content["seq"])


def stream_of(number: str) -> uuid.UUID:
    """Return the ledger stream of a case, for the operator of the machine. Raises NotFound."""
    with database.writing():
        found = Case.objects.filter(number=number).values_list("id", flat=True).first()
    if found is None:
        raise errors.NotFound(_("There is no case with this number."), code="case_not_found")
    return found
