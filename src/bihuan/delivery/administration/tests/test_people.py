"""Accounts and offices through the pages: wrong input is named and comes back, what is done is recorded."""

import re

import pytest
from django.test import Client

from bihuan.casework.cases.factories import DISTRICT
from bihuan.foundation.accounts import selectors
from bihuan.foundation.accounts.models import Person, SecurityEvent

from .conftest import browser

PLACE = "/administration/people/"


def recorded(kind):
    """The data of the latest line of a kind."""
    return SecurityEvent.objects.filter(kind=kind).latest("id").data


def test_an_account_is_made_and_its_password_shown_once(district, system):
    page = system.post(f"{PLACE}new/", {"username": "WangXin", "display_name": "王昕", "language": "zh-hans"})
    password = page.context["password"]
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    person = selectors.person_named("wangxin")
    assert person.check_password(password)
    assert person.must_change_password
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", password)
    assert password not in system.get(f"{PLACE}{person.pk}/").content.decode()
    assert password not in str(list(SecurityEvent.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"username": "a b"}, "username"),
        ({"username": ""}, "username"),
        ({"display_name": ""}, "display_name"),
        ({"email": "x"}, "email"),
        ({"language": "tlh"}, "language"),
        ({"phone": "1" * 21}, "phone"),
        ({"username": "seat"}, "username"),
    ],
)
def test_what_is_wrong_is_named_and_comes_back(district, system, given, field):
    district.staff("seat")
    typed = {"username": "new", "display_name": "新人", "language": "en", "phone": "0571"} | given
    page = system.post(f"{PLACE}new/", typed)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert all(page.context["form"][name].value() == value for name, value in typed.items())


def test_lists_mask_and_find(district, system):
    seat = district.staff("seat")
    Person.objects.filter(pk=seat.reader.person_id).update(
        phone="13600000917", display_name="沈知遥", pinyin="shen zhi yao"
    )
    for text in ("沈", "shen zhi", "13600000917", "SEAT"):
        page = system.get(PLACE, {"q": text})
        assert [person.username for person, _offices in page.context["lines"]] == ["seat"], text
    assert b"13600000917" not in system.get(PLACE).content
    assert b"136****0917" in system.get(PLACE).content
    assert b"13600000917" not in system.get(f"{PLACE}{seat.reader.person_id}/").content
    assert not system.get(PLACE, {"q": "0917"}).context["lines"]


def test_the_list_is_narrowed_and_paged(district, system, monkeypatch):
    for number in range(5):
        district.person(f"seat{number}", "seat")
    district.liaison("water")
    assert len(system.get(PLACE, {"role": "seat"}).context["lines"]) == 5
    water = str(district.department("water").pk)
    assert len(system.get(PLACE, {"department": water}).context["lines"]) == 1
    monkeypatch.setitem(selectors.persons.__kwdefaults__, "limit", 3)
    seen, cursor = [], ""
    while True:
        page = system.get(PLACE, {"cursor": cursor} if cursor else {})
        seen += [person.username for person, _offices in page.context["lines"]]
        cursor = page.context["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == Person.objects.count()


def test_people_of_other_places_are_not_there(district, system):
    from bihuan.foundation.accounts.factories import make_holder

    stranger = make_holder("seat", region="330106")
    assert system.get(f"{PLACE}{stranger.pk}/").status_code == 404
    assert system.post(f"{PLACE}{stranger.pk}/do/lock/", {"reason": "x"}).status_code == 404
    assert all(person.pk != stranger.pk for person, _offices in system.get(PLACE).context["lines"])


def test_locking_wants_a_reason_and_ends_the_session(district, system):
    seat = district.staff("seat")
    client = browser(seat)
    assert client.get("/desk/").status_code == 200
    where = f"{PLACE}{seat.reader.person_id}/do/"
    system.post(f"{where}lock/")
    assert selectors.person(seat.reader.person_id).is_active
    system.post(f"{where}lock/", {"reason": "手机丢失"})
    assert not selectors.person(seat.reader.person_id).is_active
    assert recorded("person_disabled") == {"reason": "手机丢失"}
    assert client.get("/desk/").status_code == 302
    assert len(system.get(PLACE, {"state": "locked"}).context["lines"]) == 1
    system.post(f"{where}unlock/", {"reason": "找回"})
    assert selectors.person(seat.reader.person_id).is_active
    assert recorded("person_enabled") == {"reason": "找回"}
    assert system.post(f"{where}dance/", {"reason": "x"}).status_code == 404


def test_too_many_wrong_passwords_are_forgiven(district, system):
    seat = district.staff("seat")
    for _attempt in range(3):
        Client().post("/accounts/login/", {"login": "seat", "password": "wrong"})
    page = system.get(f"{PLACE}{seat.reader.person_id}/")
    assert page.context["failures"] == 3
    assert [action.name for action in page.context["actions"]] == ["lock", "forgive"]
    system.post(f"{PLACE}{seat.reader.person_id}/do/forgive/", {"reason": "新键盘"})
    assert system.get(f"{PLACE}{seat.reader.person_id}/").context["failures"] == 0


def test_nobody_helps_themselves(district, system, security):
    mine = district.staff("system_admin").reader.person_id
    assert system.get(f"{PLACE}{mine}/").context["actions"] == []
    assert system.post(f"{PLACE}{mine}/password/").status_code == 403
    assert system.post(f"{PLACE}{mine}/do/lock/", {"reason": "x"}).status_code == 403
    me = district.staff("security_admin").reader.person_id
    wanted = {"role": "leader", "region": DISTRICT, "reason": "x"}
    assert security.post(f"{PLACE}{me}/appoint/", wanted).status_code == 403


def test_the_three_administrators_exclude_one_another(district, security):
    auditor = district.staff("audit_admin").reader.person_id
    wanted = {"role": "system_admin", "region": DISTRICT, "reason": "人手不够"}
    page = security.post(f"{PLACE}{auditor}/appoint/", wanted)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["role"]
    assert page.context["form"]["reason"].value() == "人手不够"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"role": "liaison"}, "department"),
        ({"role": "board_head"}, "board"),
        ({"role": "enterprise"}, "enterprise"),
        ({"role": "enterprise", "enterprise": "9133"}, "enterprise"),
        ({"role": "seat", "region": "330106"}, "region"),
        ({"role": "king"}, "role"),
        ({"role": "leader", "reason": ""}, "reason"),
        ({"role": "leader", "since": "gestern"}, "since"),
        ({"role": "leader", "since": "2026-12-01", "until": "2026-11-30"}, "until"),
        ({"role": "seat"}, "__all__"),
    ],
)
def test_an_incomplete_appointment_is_named(district, security, given, field):
    seat = district.staff("seat").reader.person_id
    page = security.post(f"{PLACE}{seat}/appoint/", {"region": DISTRICT, "reason": "x"} | given)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]


def test_an_appointment_holds_from_its_day_until_it_is_ended(district, security):
    seat = district.staff("seat").reader.person_id
    water = str(district.department("water").pk)
    wanted = {"role": "liaison", "region": DISTRICT, "department": water, "since": "2026-12-01", "reason": "3 号文"}
    assert security.post(f"{PLACE}{seat}/appoint/", wanted).status_code == 302
    office = next(one for one in selectors.appointments_of(seat) if one.role == "liaison")
    assert f"{office.since.astimezone():%Y-%m-%d}" >= "2026-11-30"
    assert recorded("appointed")["reason"] == "3 号文"
    states = {one.row.role: one.state for one in security.get(f"{PLACE}{seat}/").context["offices"]}
    assert states == {"seat": "now", "liaison": "later"}
    security.post(f"/administration/appointments/{office.pk}/end/", {"reason": "撤销"})
    assert recorded("appointment_ended")["reason"] == "撤销"
    assert security.post(f"/administration/appointments/{seat}/end/", {"reason": "x"}).status_code == 404
