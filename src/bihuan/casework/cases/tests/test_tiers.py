"""一般、复杂、疑难: a matter moves between tiers with a reason, goes up, and comes back down (J2, J5)."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories, services
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.permissions import THE_SYSTEM
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.workdays import Duration
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.workcalendar import selectors as workcalendar

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def last(case):
    with database.writing():
        return [ledger.content(fact) for fact in ledger.history(case.id)][-1]


def test_up_brings_the_limit_of_the_tier_and_down_keeps_it():
    district = factories.District()
    before = district.case("accept", "dispatch", "sign")
    up = district.act(before.number, "move_tier", now=NOW + HOUR, tier="complex", reason="跨三个部门")
    assert up.tier == "complex"
    assert up.due_at > before.due_at
    assert up.original_due_at == before.original_due_at
    said = last(up)["data"]
    assert (said["from_tier"], said["tier"], said["reason"]) == ("ordinary", "complex", "跨三个部门")
    down = district.act(before.number, "move_tier", now=NOW + 2 * HOUR, tier="ordinary", reason="一个部门就能办")
    assert (down.tier, down.due_at) == ("ordinary", up.due_at)


def test_days_that_were_granted_stay_granted_on_the_way_up():
    district = factories.District()
    plain = district.case("accept", "dispatch", "sign")
    case = district.case("accept", "dispatch", "sign", "request_extension", "decide_extension")
    moved = [district.act(one.number, "move_tier", now=NOW + HOUR) for one in (plain, case)]
    granted = workcalendar.calendar_for(case.region).add(moved[0].due_at, Duration.parse("5wd")).at
    assert (moved[1].due_at, moved[1].extensions) == (granted, 1)


def test_a_rework_keeps_its_short_limit():
    district = factories.District()
    case = district.case("accept", "dispatch", "sign", "reply", "verify_return")
    moved = district.act(case.number, "move_tier", now=NOW + HOUR, tier="hard")
    assert moved.due_at == case.due_at


def test_refusals_say_why():
    district = factories.District()
    case = district.case("accept", "dispatch", "sign")
    with pytest.raises(errors.Conflict) as same:
        district.act(case.number, "move_tier", now=NOW + HOUR, tier="ordinary")
    with pytest.raises(errors.Forbidden):
        district.act(case.number, "move_tier", now=NOW + HOUR, actor=district.liaison())
    with pytest.raises(errors.Conflict) as below:
        district.act(case.number, "come_down", now=NOW + HOUR)
    assert (same.value.code, below.value.code) == ("tier_same", "not_above")


def test_the_word_from_above_brings_it_back():
    district = factories.District()
    case = district.case("accept", "dispatch", "sign", "escalate")
    assert case.escalated_to == "conference"
    body = {"reason": "联席会议已定"}
    down = services.take(number=case.number, action="come_down", actor=THE_SYSTEM, now=NOW + HOUR, body=body)
    assert (down.escalated_to, down.state) == ("", "signed")
    assert last(down)["data"]["came_from"] == "conference"
