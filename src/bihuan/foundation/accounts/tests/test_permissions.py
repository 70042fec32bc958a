import uuid

import pytest

from bihuan.foundation.accounts import permissions
from bihuan.foundation.accounts.permissions import Grant, Reader
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import NOBODY, Scope

PERSON, BUREAU, FIRM = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)
CITY = ("330100", "330114", "330106")


def grant(role, regions=("330114",), **office):
    return Grant(role=Role(role), regions=regions, **office)


def reader(*grants):
    return Reader(person_id=PERSON, display_name="某人", language="zh-hans", grants=grants)


REGION_WIDE = ["seat", "coordinator", "catch_all", "leader", "supervision_office", "discipline", "justice_supervisor"]
TABLE = [
    *[(role, {}, {"regions": ("330114",), "offices": (f"{role}:330114",)}) for role in REGION_WIDE],
    ("board_head", {"board": "projects"}, {"boards": ("330114:projects",)}),
    ("liaison", {"department_id": BUREAU, "departments": ("a", "b")}, {"departments": ("a", "b")}),
    ("department_head", {"department_id": BUREAU, "departments": ("a",)}, {"departments": ("a",)}),
    ("enterprise", {"enterprise_id": FIRM}, {"enterprises": (str(FIRM),), "person": str(PERSON)}),
    ("deputy", {}, {"refusal_regions": ("330114",)}),
    ("observer", {}, {"person": str(PERSON)}),
    ("special_supervisor", {}, {"person": str(PERSON)}),
    ("system_admin", {}, {}),
    ("security_admin", {}, {}),
    ("audit_admin", {}, {}),
]


def test_the_table_names_every_role_once():
    assert sorted(role for role, _office, _scope in TABLE) == sorted(Role)


@pytest.mark.parametrize(("role", "office", "opens"), TABLE)
def test_what_each_role_opens(role, office, opens):
    assert reader(grant(role, **office)).scope() == Scope(kind="reader", **opens)


def test_without_grants_nothing_is_open():
    assert reader().scope() == NOBODY
    assert not reader().has("seat")
    assert not reader().in_region("330114")


def test_grants_add_up_and_name_each_thing_once():
    one = reader(grant("seat", CITY), grant("leader", ("330114",)), grant("deputy", ("330302",)))
    assert one.scope().regions == CITY
    assert one.scope().refusal_regions == ("330302",)
    assert one.regions_for(["leader"]) == ("330114",)
    assert one.regions_for(["leader", "seat"]) == CITY
    assert one.regions_for(["audit_admin"]) == ()


def test_a_role_covers_its_regions_and_their_towns():
    one = reader(grant("seat", CITY))
    assert one.has("seat")
    assert one.has("seat", region="330106")
    assert one.has("seat", region="330114001")
    assert not one.has("seat", region="330302")
    assert not one.has("leader", region="330106")
    assert one.in_region("330114001")
    assert not one.in_region("330302")


def test_nobody_appoints_themselves_not_even_a_security_administrator():
    one = reader(grant("security_admin", CITY))
    with pytest.raises(errors.Forbidden) as raised:
        permissions.check_appoint(one, PERSON, region="330114", person_id=PERSON)
    assert raised.value.code == "own_appointment"
    permissions.check_appoint(one, PERSON, region="330114", person_id=FIRM)
    with pytest.raises(errors.Forbidden):
        permissions.check_appoint(one, PERSON, region="330302", person_id=FIRM)


@pytest.mark.parametrize("role", Role)
def test_each_administration_has_its_own_work(role):
    office = {"board": "b"} if role == "board_head" else {}
    one, other = reader(grant(role, **office)), reader(grant("seat"))
    assert permissions.can_manage_persons(one, PERSON, target=other) == (role == "system_admin")
    assert permissions.can_secure(one, PERSON, target=other) == (role == "security_admin")
    assert permissions.can_appoint(one, PERSON, "330114") == (role == "security_admin")
    assert permissions.can_audit(one) == (role == "audit_admin")


def test_an_administrator_has_no_say_over_people_of_other_regions():
    county = reader(grant("system_admin", ("330114",)))
    assert permissions.can_manage_persons(county, PERSON)
    assert permissions.can_manage_persons(county, PERSON, target=reader())
    assert not permissions.can_manage_persons(county, PERSON, target=reader(grant("leader", CITY)))
    assert not permissions.can_manage_persons(county, PERSON, target=reader(grant("seat"), grant("seat", ("330302",))))


def test_the_operator_may():
    assert permissions.can_manage_persons(None, OPERATOR)
    assert permissions.can_appoint(None, OPERATOR, "330114")
    assert not permissions.can_appoint(None, PERSON, "330114")
    assert not permissions.can_manage_persons(None, PERSON)
