"""晾晒 in the demonstration: each month is drafted, checked, published and frozen, by those whose office it is.

What stands in the database says what comes next, so an interrupted run goes on where it was.
"""

import datetime as dt

from bihuan.analytics.scoreboard import selectors, services
from bihuan.analytics.scoreboard.models import Edition
from bihuan.analytics.scoreboard.rules import periods
from bihuan.analytics.scoreboard.rules.counting import Index, Level, Outcome
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import selectors as ledger

from . import rhythm
from .place import DISTRICT

OPENS = dt.time(10)
"""When the centre drafts on the second of a month."""


def go_on(*, first: dt.date, now: dt.datetime) -> None:
    """Count what fell due; bring the edition of the month before one step on."""
    services.settle(now=now)
    services.freeze_due(now=now)
    here = now.astimezone(rhythm.ZONE)
    month = periods.month_of(here.date()) - 1
    since = periods.month_of(first) + 1
    if month < since or here.day == 1 or here.time() < OPENS:
        return
    with database.writing():
        edition = Edition.objects.filter(region=DISTRICT, month=month).order_by("-version").defer("content").first()
    if edition is None:
        _leave_one_out(month, grant=month % 2 == 0, now=now)
        services.fold()
        _draft(month, "", now)
    elif edition.state == "checking":
        _check(edition, month - since, now)
    elif edition.state == "published" and month == since and _said(edition)[-1] == "published" and _once(edition):
        _take(edition, Role.LEADER, "take_back", now, reason="标题写错，改后再公布")
    elif edition.state == "frozen" and edition.version == 1 and month == since + 2:
        _draft(month, "两件超期事项补记停表，重新计算", now)


def _once(edition: Edition) -> bool:
    return "taken_back" not in _said(edition)


def _said(edition: Edition) -> list[str]:
    with database.writing():
        return [fact.kind.rpartition("edition_")[2] for fact in ledger.history(edition.id)]


def _actor(role: Role, now: dt.datetime) -> Actor:
    return Actor(reader=accounts.reader_of(accounts.holders(role=role, region=DISTRICT, now=now)[0]))


def _draft(month: int, reason: str, now: dt.datetime) -> None:
    made = services.draft(region=DISTRICT, month=month, actor=_actor(Role.COORDINATOR, now), now=now, reason=reason)
    _take(made, Role.COORDINATOR, "send_for_check", now)


def _take(edition: Edition, role: Role, action: str, now: dt.datetime, **body: str) -> None:
    services.take(edition_id=edition.id, action=action, actor=_actor(role, now), now=now, body=body)


def _check(edition: Edition, number: int, now: dt.datetime) -> None:
    """While units may check, one of them remarks in every other month; afterwards the leader publishes."""
    assert edition.check_until is not None
    remarked = "remarked" in _said(edition)
    if now <= edition.check_until:
        if number % 2 == 0 and not remarked:
            _take(edition, Role.LIAISON, "remark", now, text="有一件企业出差没法验收，停表没扣，请核对")
            with database.writing():
                remark = edition.remarks.get()
            _take(
                edition, Role.COORDINATOR, "answer_remark", now, remark=str(remark.id), text="已核对，停表时间已经扣除"
            )
        return
    # The last two months are for everybody, those before for the house.
    _take(edition, Role.LEADER, "publish", now, audience="public" if number >= 2 else "internal")


def _leave_one_out(month: int, *, grant: bool, now: dt.datetime) -> None:
    centre = _actor(Role.COORDINATOR, now)
    late = selectors.behind(
        region=DISTRICT,
        month=month,
        level=Level.REGION,
        unit=DISTRICT,
        index=Index.ON_TIME,
        outcome=Outcome.MISS,
        actor=centre,
        now=now,
    )
    case = next((case for case, _outcome in late.cases if case.id not in late.exclusions), None)
    if case is None:
        return
    made = services.propose_exclusion(
        number=case.number, index=Index.ON_TIME.value, reason="等上级批复，非本部门能定", actor=centre, now=now
    )
    services.decide_exclusion(
        exclusion_id=made.id,
        action="grant" if grant else "refuse",
        reason="批复文件已核实" if grant else "批复早已下达，超期属实",
        actor=_actor(Role.SUPERVISION_OFFICE, now),
        now=now,
    )
