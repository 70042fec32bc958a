"""Departments and boards through the pages."""

import pytest

from bihuan.casework.cases.factories import DISTRICT
from bihuan.foundation.accounts.models import SecurityEvent
from bihuan.foundation.directory import selectors
from bihuan.foundation.directory.factories import make_department

PLACE = "/administration/"


def recorded(kind):
    """The data of the latest line of a kind."""
    return SecurityEvent.objects.filter(kind=kind).latest("id").data


def test_the_tree_stands_depth_first(district, system):
    make_department("roads", "路桥处", parent="housing")
    make_department("lamps", "路灯站", parent="roads")
    rows = system.get(f"{PLACE}departments/").context["rows"]
    found = [(row.department.code, row.depth) for row in rows]
    at = found.index(("housing", 0))
    assert found[at : at + 3] == [("housing", 0), ("roads", 1), ("lamps", 2)]
    found = system.get(f"{PLACE}departments/", {"q": "LUDENG"}).context["rows"]
    assert [row.department.code for row in found] == ["lamps"]


def test_a_department_is_renamed_and_moved_with_a_reason(district, system):
    water = district.department("water")
    where = f"{PLACE}departments/{water.pk}/"
    wanted = {"name": "水务局", "short_name": "水务", "kind": "bureau", "parent": "housing", "reason": "机构改革"}
    assert system.post(where, wanted | {"reason": ""}).context["form"].errors.keys() == {"reason"}
    assert system.post(where, wanted).status_code == 302
    said = recorded("directory.department_changed")
    assert said["reason"] == "机构改革"
    assert ["name", "water 局", "水务局"] in said["values"]
    assert ["parent", "", "housing 局"] in said["values"]
    circle = {"name": "housing 局", "short_name": "h", "kind": "bureau", "parent": "water", "reason": "x"}
    page = system.post(f"{PLACE}departments/{district.department('housing').pk}/", circle)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["parent"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "Ä"}, "code"),
        ({"code": "water"}, "code"),
        ({"name": ""}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"kind": "moon"}, "kind"),
        ({"parent": "nowhere"}, "parent"),
        ({"valid_from": "soon"}, "valid_from"),
    ],
)
def test_a_wrong_department_is_named(district, system, given, field):
    page = system.post(f"{PLACE}departments/new/", {"name": "数据局", "code": "data", "kind": "bureau"} | given)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]


def test_closing_and_merging_reopen_their_dialogs(district, system):
    housing, water = district.department("housing"), district.department("water")
    page = system.post(f"{PLACE}departments/{housing.pk}/close/", {"reason": "撤销"})
    assert page.status_code == 422
    assert b'data-open="#close"' in page.content
    assert page.context["close"].non_field_errors()
    page = system.post(f"{PLACE}departments/{water.pk}/merge/", {"reason": "合并"})
    assert list(page.context["merge"].errors) == ["into"]
    assert b'data-open="#merge"' in page.content
    system.post(f"{PLACE}departments/{housing.pk}/merge/", {"into": str(water.pk), "reason": "机构改革"})
    assert recorded("directory.department_merged")["reason"] == "机构改革"
    assert selectors.department(DISTRICT, "housing").successor_id == water.pk
    assert selectors.board(DISTRICT, "projects").lead_department_id == water.pk
    past = system.get(f"{PLACE}departments/", {"past": "1"}).context["rows"]
    assert {row.department.code: row.state for row in past}["housing"] == "past"


def test_a_board_is_set_up_changed_and_closed(district, system):
    made = {"name": "数据板块", "code": "data", "kind": "service", "lead": "water", "position": "30"}
    assert list(system.post(f"{PLACE}boards/new/", made | {"lead": ""}).context["form"].errors) == ["lead"]
    assert list(system.post(f"{PLACE}boards/new/", made | {"position": "x"}).context["form"].errors) == ["position"]
    assert system.post(f"{PLACE}boards/new/", made).status_code == 302
    board = selectors.board(DISTRICT, "data")
    changed = {"name": "数据板块", "kind": "zone", "lead": "tax", "position": "5", "reason": "分工调整"}
    assert system.post(f"{PLACE}boards/{board.pk}/", changed).status_code == 302
    said = recorded("directory.board_changed")
    assert (said["reason"], ["lead", "water 局", "tax 局"] in said["values"]) == ("分工调整", True)
    assert system.post(f"{PLACE}boards/{board.pk}/close/", {"on": "2026-11-30"}).status_code == 422
    assert system.post(f"{PLACE}boards/{board.pk}/close/", {"on": "2026-11-30", "reason": "撤"}).status_code == 302
    assert str(selectors.board(DISTRICT, "data").valid_to) == "2026-11-30"


def test_who_may_not_change_sees_no_form(district, audit):
    page = audit.get(f"{PLACE}departments/{district.department('water').pk}/")
    assert not page.context["may_change"]
    assert b'name="short_name"' not in page.content
    refused = {"name": "x", "short_name": "x", "kind": "bureau", "parent": "", "reason": "x"}
    assert audit.post(f"{PLACE}departments/{district.department('water').pk}/", refused).status_code == 403
