"""What people do: hand a matter to both sides, sign, report, settle."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.casework.cases.states import OPEN as OPEN_CASES
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, selectors
from ..models import Account, Handover
from ..rulebook import Handovers
from ..states import ACCOUNTS, OPEN, SIDES, SYSTEM, AccountState
from .recording import commit, expect_next

_KEPT = {"report": "report", "settle": "outcome", "take_back": "outcome"}
_STAMP = {"sign": "signed_at", "report": "reported_at"}


def give(*, number: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Handover:
    """Hand a matter to the department that leads it and to its supervisor at once, and return the hand-over.

    body: {text: what is demanded, supervisor: code of a department, or nothing}. With nothing it is the supervisor that
    the rulebook names, and else discipline inspection. Raises NotFound, Forbidden, Conflict (`no_lead`, `case_over`,
    `handed_already`), Invalid (supervisor). Leaves one fact on each account; publishes HandoverChanged for each.
    """
    text = needed_text(body)
    with database.writing():
        rows = Case.objects.filter(visible(actor), number=number).defer("search").select_for_update(of=("self",))
        case = rows.first()
        if case is None:
            raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="case_not_found")
        permissions.check_gives(actor, case)
        _check_free(case)
        lead = case.lead_department
        assert lead is not None
        book = rulebooks.in_force(case.region, now)
        supervisor = _supervisor(case, lead, str(body.get("supervisor") or ""), book.section(Handovers), now)
        handover = Handover(
            region=case.region,
            case=case,
            number=case.number,
            title=case.title,
            demand=text,
            units=[one.id for one in (lead, supervisor) if one is not None],
            given_at=now,
            rulebook_version=book.id,
        )
        both = [_account(handover, side, lead if side == "department" else supervisor) for side in SIDES]
        if permissions.of_either_side(actor, both[0]):
            raise errors.Forbidden(_("Nobody hands a matter to their own department."), action="give")
        handover.save(force_insert=True)
        for account in both:
            expect_next(account, now=now)
            commit(account, both, "given", now=now, said={"text": text}, actor=actor, made=True)
    return handover


def _check_free(case: Case) -> None:
    if case.state not in OPEN_CASES:
        raise errors.Conflict(_("This matter is over."), code="case_over")
    if case.lead_department_id is None:
        raise errors.Conflict(_("Nobody leads this matter yet; dispatch it first."), code="no_lead")
    if Handover.objects.filter(case=case, ended_at=None).exists():
        raise errors.Conflict(_("It was handed to both sides already."), code="handed_already")


def _supervisor(case: Case, lead: Department, asked: str, book: Handovers, now: dt.datetime) -> Department | None:
    code = asked.strip() or book.supervisors.get(lead.code, "")
    if not code or code == "discipline":
        return None
    found = directory.department_in_force(case.region, code, answers.local_date(now), field="supervisor")
    if found.id == lead.id:
        raise errors.Invalid(_("Nobody supervises themselves."), code="supervisor_same", field="supervisor")
    return found


def _account(handover: Handover, side: str, department: Department | None) -> Account:
    return Account(
        handover=handover,
        side=side,
        region=handover.region,
        units=handover.units,
        department=department,
        rulebook_version=handover.rulebook_version,
    )


def take(*, account_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Account:
    """Take one action on an account and return it as it then is; `take_back` takes both back.

    All actions but `sign` need {text}. Raises NotFound, Forbidden, Conflict `state_forbids`, Invalid. Leaves one fact
    on each account that moved; publishes HandoverChanged; with the second settlement both sides are told.
    """
    with database.reading(actor.scope()):
        handover_id = Account.objects.filter(pk=account_id).values_list("handover_id", flat=True).first()
    if handover_id is None:
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="handover_not_found")
    selectors.find(handover_id=handover_id, actor=actor, now=now)
    with database.writing():
        both = locked(handover_id=handover_id)
        account = next(one for one in both if one.id == account_id)
        transition = ACCOUNTS.named(action, without=frozenset({SYSTEM}))
        if not permissions.can(actor, action, account):
            raise errors.Forbidden(_("Your role may not take this action here."), action=action)
        ACCOUNTS.check_state(
            transition, AccountState(account.state), may=lambda name: permissions.can(actor, name, account)
        )
        text = "" if action == "sign" else needed_text(body)
        (target,) = transition.targets
        moved = [one for one in both if one.state in OPEN] if action == "take_back" else [account]
        came_from = {one.id: one.state for one in moved}
        for one in moved:
            one.state = target.value
            _change(one, action, text, now)
        for one in moved:
            commit(one, both, action, now=now, said={"text": text}, actor=actor, came_from=came_from[one.id])
    return account


def _change(account: Account, action: str, text: str, now: dt.datetime) -> None:
    if action in _KEPT:
        setattr(account, _KEPT[action], text)
    if action in _STAMP:
        setattr(account, _STAMP[action], now)
    if action == "send_back":
        account.sent_back += 1
    if account.state not in OPEN:
        account.ended_at = now
    expect_next(account, now=now)


def locked(**chosen: Any) -> list[Account]:
    """Lock the case of one hand-over, then both accounts; the department's comes first."""
    accounts = Account.objects.select_related("handover__case", "department").defer("handover__case__search")
    found = accounts.filter(**chosen).first()
    if found is None:
        return []
    list(Case.objects.filter(pk=found.handover.case_id).select_for_update(of=("self",)).values_list("pk"))
    return list(accounts.filter(handover=found.handover_id).select_for_update(of=("self",)).order_by("side"))
