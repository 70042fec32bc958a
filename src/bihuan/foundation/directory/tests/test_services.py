import datetime as dt
import io
import json
import uuid

import pytest
from django.db import IntegrityError, transaction

from bihuan.foundation.directory import permissions, selectors, services
from bihuan.foundation.directory.factories import (
    DISTRICT,
    NOW,
    make_board,
    make_department,
    make_region,
)
from bihuan.foundation.directory.models import Board, Department, Region
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import errors

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
STRANGER = uuid.UUID(int=7)
NESTED = [
    {
        "code": "33",
        "name": "浙江省",
        "children": [{"code": "3301", "name": "杭州市", "children": [{"code": "330114", "name": "钱塘区"}]}],
    }
]


def code_of(raised):
    return raised.value.code


class TestRegions:
    def test_the_packaged_regions_come_in_once(self):
        first = services.load_packaged_regions(now=NOW, demonstration=True)
        assert first.refused == []
        assert first.created > 200
        again = services.load_packaged_regions(now=NOW, demonstration=True)
        assert (again.created, again.updated, again.unchanged) == (0, 0, first.created)
        assert Region.objects.filter(level="province").count() == 35

    @pytest.mark.parametrize(
        ("code", "day", "problem"),
        [
            ("330114", "2021-04-08", "region_not_in_force"),
            ("330114", "2021-04-09", None),
            ("330104", "2021-04-08", None),
            ("330104", "2021-04-09", "region_not_in_force"),
            ("330103", "2026-11-20", "region_not_in_force"),
            ("370214", "2026-11-20", None),
            ("999901", "2026-11-20", None),
            ("999902", "2026-11-20", "region_unknown"),
            ("33011", "2026-11-20", "region_invalid"),
            ("33011４", "2026-11-20", "region_invalid"),
        ],
    )
    def test_a_region_is_taken_only_while_in_force(self, code, day, problem):
        services.load_packaged_regions(now=NOW, demonstration=True)
        on = dt.date.fromisoformat(day)
        if problem is None:
            assert selectors.region_in_force(code, on).code == code
        else:
            with pytest.raises(errors.Invalid) as raised:
                selectors.region_in_force(code, on)
            assert code_of(raised) == problem

    def test_the_invented_district_is_there_only_if_asked_for(self):
        services.load_packaged_regions(now=NOW)
        assert selectors.region(DISTRICT) is None

    def test_descendants_and_path(self):
        services.load_packaged_regions(now=NOW, demonstration=True)
        assert selectors.descendants("990000") == ("990000", "999900", "999901")
        assert selectors.descendants("330300")[:3] == ("330300", "330302", "330303")
        assert "330104" in selectors.descendants("330000")
        assert len(selectors.descendants(DISTRICT, towns=True)) == 10
        assert [region.name for region in selectors.region_path("330302")] == ["浙江省", "温州市", "鹿城区"]

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.csv", "code,name\n33,浙江省\n3301,杭州市\n330114,钱塘区\n".encode()),
            ("a.csv", "区划代码,名称\n330000,浙江省\n330100,杭州市\n330114,钱塘区\n".encode("gb18030")),
            ("a.json", json.dumps(NESTED).encode()),
            ("a.json", '{"330000":"浙江省","330100":"杭州市","330114":"钱塘区"}'.encode()),
        ],
    )  # fmt: skip
    def test_national_files_of_several_forms(self, name, content):
        report = services.import_regions(file=io.BytesIO(content), filename=name, actor_id=OPERATOR, now=NOW)
        assert (report.created, report.refused) == (3, [])
        assert selectors.region("330114").parent_code == "330100"

    def test_counties_without_a_city_come_under_the_province(self):
        content = "code,name\n410000,河南省\n419001,济源市\n".encode()
        services.import_regions(file=io.BytesIO(content), filename="a.csv", actor_id=OPERATOR, now=NOW)
        assert selectors.region("419001").parent_code == "410000"

    def test_wrong_rows_are_reported_and_the_others_come_in(self):
        content = "code,name,valid_to\n330000,浙江省,\n33x,坏,\n440100,广州市,\n330100,,\n330200,宁波市,昨天\n"
        report = services.import_regions(
            file=io.BytesIO(content.encode()), filename="a.csv", actor_id=OPERATOR, now=NOW
        )
        assert report.created == 1
        assert [(one.line, one.code) for one in report.refused] == [
            (3, "region_invalid"),
            (5, "name_invalid"),
            (6, "date_invalid"),
            (4, "region_unknown"),
        ]

    def test_a_file_without_dates_keeps_the_known_ones_and_can_rename(self):
        services.load_packaged_regions(now=NOW)
        content = "code,name\n330114,钱塘新区\n".encode()
        report = services.import_regions(file=io.BytesIO(content), filename="a.csv", actor_id=OPERATOR, now=NOW)
        assert (report.updated, report.created) == (1, 0)
        region = selectors.region("330114")
        assert (region.name, region.valid_from) == ("钱塘新区", dt.date(2021, 4, 9))

    @pytest.mark.parametrize("content", [b"", b"[", b"\xff\xff\xff\xff", b"[" * 100000])
    def test_files_that_are_none(self, content):
        with pytest.raises(errors.Invalid) as raised:
            services.import_regions(file=io.BytesIO(content), filename="a.json", actor_id=OPERATOR, now=NOW)
        assert code_of(raised) == "file_invalid"

    def test_only_the_operator_imports(self):
        with pytest.raises(errors.Forbidden):
            services.import_regions(file=io.BytesIO(b""), filename="a.csv", actor_id=STRANGER, now=NOW)


class TestDepartments:
    def test_create(self):
        above = make_department("government", "区政府")
        department = make_department("housing", "澜川区住房和城乡建设局", short_name="区住建局", parent="government")
        assert department.parent_id == above.pk
        assert department.pinyin.startswith("lan chuan qu zhu fang")
        assert selectors.department(DISTRICT, "housing") == department
        assert selectors.department(DISTRICT, "nowhere") is None

    def test_a_code_is_unique_within_its_region_only(self):
        make_department("housing")
        with pytest.raises(errors.Conflict) as raised:
            make_department("Housing")
        assert code_of(raised) == "department_exists"
        make_department("housing", region="330114")

    @pytest.mark.parametrize("code", ["", "a", "住建局", "a b", "-a", "x" * 33])
    def test_codes_are_plain(self, code):
        with pytest.raises(errors.Invalid) as raised:
            make_department(code, "名")
        assert code_of(raised) == "code_invalid"

    def test_nobody_else_may_change_the_structure(self):
        make_region()
        with pytest.raises(errors.Forbidden):
            services.create_department(region=DISTRICT, code="x1", name="x", actor_id=STRANGER, now=NOW)

    def test_without_accounts_everybody_is_a_stranger(self, monkeypatch):
        monkeypatch.setattr(permissions, "_read_actor", [])
        assert not permissions.can_change_structure(STRANGER, DISTRICT)

    def test_rename(self):
        department = make_department("housing", "住建局")
        services.update_department(department_id=department.pk, name="住房局", actor_id=OPERATOR, now=NOW)
        found = selectors.department(DISTRICT, "housing")
        assert (found.name, found.pinyin) == ("住房局", "zhu fang ju")

    def test_a_circle_is_refused_and_shown(self):
        for code, parent in (("aa", ""), ("bb", "aa"), ("cc", "bb")):
            make_department(code, code.upper(), parent=parent)
        top = selectors.department(DISTRICT, "aa")
        with pytest.raises(errors.Conflict, match="AA → CC → BB → AA") as raised:
            services.update_department(department_id=top.pk, parent="cc", actor_id=OPERATOR, now=NOW)
        assert code_of(raised) == "department_circle"
        with pytest.raises(errors.Conflict):
            services.update_department(department_id=top.pk, parent="aa", actor_id=OPERATOR, now=NOW)

    def test_merge_passes_on_boards_and_children_and_points_to_the_successor(self):
        old, new = make_department("old", "旧局"), make_department("new", "新局")
        child = make_department("child", parent="old")
        board = make_board("projects", lead="old")
        services.merge_department(department_id=old.pk, into_id=new.pk, actor_id=OPERATOR, now=NOW)
        assert Department.objects.get(pk=child.pk).parent_id == new.pk
        assert Board.objects.get(pk=board.pk).lead_department_id == new.pk
        assert selectors.department(DISTRICT, "old").successor_id == new.pk
        assert selectors.with_predecessors(new.pk) == (new.pk, old.pk)
        with pytest.raises(errors.Invalid, match="新局") as raised:
            selectors.department_in_force(DISTRICT, "old", TODAY)
        assert code_of(raised) == "department_not_in_force"
        assert selectors.department_in_force(DISTRICT, "old", TODAY - dt.timedelta(days=1)).code == "old"

    def test_merging_into_ones_own_child_leaves_no_circle(self):
        top = make_department("top")
        old = make_department("old", parent="top")
        child = make_department("child", parent="old")
        services.merge_department(department_id=old.pk, into_id=child.pk, actor_id=OPERATOR, now=NOW)
        assert Department.objects.get(pk=child.pk).parent_id == top.pk

    @pytest.mark.parametrize(
        ("into", "problem"), [("old", "department_circle"), ("gone", "department_ended"), ("far", "department_unknown")]
    )
    def test_merges_that_make_no_sense(self, into, problem):
        departments = {code: make_department(code) for code in ("old", "gone")}
        departments["far"] = make_department("far", region="330114")
        services.close_department(department_id=departments["gone"].pk, actor_id=OPERATOR, now=NOW)
        with pytest.raises(errors.Problem) as raised:
            services.merge_department(
                department_id=departments["old"].pk, into_id=departments[into].pk, actor_id=OPERATOR, now=NOW
            )
        assert code_of(raised) == problem

    def test_closing_needs_nothing_to_hang_on_it(self):
        lead, parent = make_department("lead"), make_department("parent")
        make_board("projects", lead="lead")
        make_department("child", parent="parent")
        for department, problem in ((lead, "department_leads_board"), (parent, "department_has_children")):
            with pytest.raises(errors.Conflict) as raised:
                services.close_department(department_id=department.pk, actor_id=OPERATOR, now=NOW)
            assert code_of(raised) == problem
        free = make_department("free")
        services.close_department(department_id=free.pk, actor_id=OPERATOR, now=NOW)
        with pytest.raises(errors.Conflict):
            services.close_department(department_id=free.pk, actor_id=OPERATOR, now=NOW)
        assert free not in selectors.departments(DISTRICT, on=TODAY)
        assert free in selectors.departments(DISTRICT)

    def test_departments_come_in_pinyin_order(self):
        for code, name in (("d1", "住建局"), ("d2", "发改局"), ("d3", "税务局")):
            make_department(code, name)
        assert [row.name for row in selectors.departments(DISTRICT)] == ["发改局", "税务局", "住建局"]

    def test_the_region_never_changes(self):
        make_region("330114")
        department = make_department("housing")
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Department.objects.filter(pk=department.pk).update(region="330114")

    def test_a_region_that_is_none_is_refused_by_the_database_too(self):
        def create():
            Department.objects.create(region="000000", code="x1", name="x", short_name="x", pinyin="x")
            transaction.get_connection().check_constraints()

        with pytest.raises(IntegrityError), transaction.atomic():
            create()


class TestBoards:
    def test_a_board_needs_a_lead(self):
        make_region()
        with pytest.raises(errors.Invalid) as raised:
            services.create_board(region=DISTRICT, code="b1", name="板块", lead="", actor_id=OPERATOR, now=NOW)
        assert code_of(raised) == "board_without_lead"
        board = make_board("b2")
        with pytest.raises(errors.Invalid) as raised:
            services.update_board(board_id=board.pk, lead="", actor_id=OPERATOR, now=NOW)
        assert code_of(raised) == "board_without_lead"

    def test_life_of_a_board(self):
        board = make_board("projects", position=2)
        make_board("funds", position=1, kind="zone")
        other = make_department("other")
        assert [row.code for row in selectors.boards(DISTRICT)] == ["funds", "projects"]
        services.update_board(board_id=board.pk, lead="other", name="项目", actor_id=OPERATOR, now=NOW)
        assert selectors.board(DISTRICT, "projects").lead_department == other
        services.close_board(board_id=board.pk, actor_id=OPERATOR, now=NOW)
        assert [row.code for row in selectors.boards(DISTRICT, on=TODAY)] == ["funds"]
        with pytest.raises(errors.Invalid) as raised:
            selectors.board_in_force(DISTRICT, "projects", TODAY)
        assert code_of(raised) == "board_not_in_force"
        with pytest.raises(errors.Conflict):
            services.close_board(board_id=board.pk, actor_id=OPERATOR, now=NOW)

    def test_a_board_code_is_unique_in_its_region(self):
        make_board("projects")
        with pytest.raises(errors.Conflict) as raised:
            make_board("projects", lead="projects-lead")
        assert code_of(raised) == "board_exists"

    def test_unknown_kinds(self):
        make_department("lead")
        with pytest.raises(errors.Invalid) as raised:
            make_board("b1", lead="lead", kind="round")
        assert code_of(raised) == "kind_invalid"
