import datetime as dt
import io
import json
import uuid

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from bihuan.foundation.directory import permissions, rules, selectors, services
from bihuan.foundation.directory.factories import (
    DISTRICT,
    NOW,
    make_board,
    make_department,
    make_enterprise,
    make_region,
)
from bihuan.foundation.directory.models import Board, Department, Enterprise, Region
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import writing

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


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return io.BytesIO(content.getvalue())


USCC = [rules.compose_uscc(region=DISTRICT, serial=serial) for serial in range(10)]


class TestEnterprises:
    def test_add_and_find(self):
        services.load_packaged_regions(now=NOW, demonstration=True)
        enterprise = make_enterprise(
            1, "云汀印染有限公司", town="石渚镇", industry="c1713", figures=rules.Figures(300, 2000)
        )
        assert (enterprise.town, enterprise.size, enterprise.industry) == ("999901101", "medium", "C1713")
        assert selectors.enterprise(enterprise.uscc.lower()) == enterprise
        assert selectors.search_enterprises(text="印染", regions=[DISTRICT]) == [enterprise]
        assert selectors.search_enterprises(text=enterprise.uscc[:6].lower(), regions=[DISTRICT]) == [enterprise]
        assert selectors.search_enterprises(text="印", regions=[DISTRICT]) == []
        assert selectors.search_enterprises(text="印染", regions=["330114"]) == []

    def test_the_same_code_twice(self):
        make_enterprise(1)
        with pytest.raises(errors.Conflict) as raised:
            make_enterprise(1)
        assert code_of(raised) == "enterprise_exists"

    @pytest.mark.parametrize(
        ("details", "problem"),
        [
            ({"name": "\u202e"}, "name_invalid"),
            ({"town": "没有镇"}, "town_unknown"),
            ({"industry": "印染"}, "industry_invalid"),
            ({"industry": "3484"}, "industry_invalid"),
            ({"size": "huge"}, "size_invalid"),
            ({"region": "330199"}, "region_unknown"),
        ],
    )
    def test_wrong_details(self, details, problem):
        make_region()
        wanted = services.Details(**({"name": "某公司", "region": DISTRICT} | details))
        with pytest.raises(errors.Invalid) as raised:
            services.add_enterprise(uscc=USCC[1], details=wanted, actor_id=OPERATOR, now=NOW)
        assert code_of(raised) == problem

    def test_intake_notes_unknown_firms_once(self):
        make_region()
        first = services.ensure_enterprise(uscc=USCC[1], region=DISTRICT, source="web", now=NOW)
        again = services.ensure_enterprise(uscc=USCC[1], region="x", source="web", now=NOW, name="另一个名字")
        assert again.pk == first.pk
        assert again.name == USCC[1]

    def test_update_and_move(self):
        enterprise = make_enterprise(1)
        make_region("330114")
        details = services.Details(name="新名", region="330114", size="大型")
        moved = services.update_enterprise(
            enterprise_id=enterprise.pk, details=details, actor_id=OPERATOR, now=NOW, closed_on=TODAY
        )
        stored = Enterprise.objects.get(pk=moved.pk)
        assert (stored.name, stored.region, stored.size, stored.closed_on) == ("新名", "330114", "large", TODAY)

    def test_strangers_may_not(self):
        make_region()
        with pytest.raises(errors.Forbidden):
            services.add_enterprise(
                uscc=USCC[1], details=services.Details(name="x", region=DISTRICT), actor_id=STRANGER, now=NOW
            )

    @pytest.mark.parametrize("form", ["csv", "gbk", "xlsx"])
    def test_import(self, form):
        services.load_packaged_regions(now=NOW, demonstration=True)
        make_enterprise(2, "旧名", address="旧址")
        rows = [
            ["统一社会信用代码", "企业名称", "镇街", "行业代码", "从业人员", "营业收入", "地址"],
            [USCC[1].lower(), "恒砺铸件有限公司", "南埠镇", "C3391", 20, 300, "一路1号"],
            [USCC[2], "新名", "", "", "", "", ""],
            ["91330000747735638K", "坏码", "", "", "", "", ""],
            [USCC[3], "", "", "", "", "", ""],
            [USCC[4], "某公司", "别处镇", "", "", "", ""],
            [USCC[5], "某公司", "", "", "很多", "", ""],
            ["", "", "", "", "", "", ""],
            [USCC[6], "末行公司", "", "", "", "", ""],
        ]
        if form == "xlsx":
            file = workbook(rows)
        else:
            text = "\n".join(",".join(str(cell) for cell in row) for row in rows)
            file = io.BytesIO(text.encode("gb18030" if form == "gbk" else "utf-8-sig"))

        def run():
            file.seek(0)
            return services.import_enterprises(
                file=file, filename=f"a.{form}", region=DISTRICT, actor_id=OPERATOR, now=NOW
            )

        report = run()
        assert (report.created, report.updated, report.unchanged) == (2, 1, 0)
        assert [(one.line, one.field, one.code) for one in report.refused] == [
            (4, "uscc", "uscc_invalid"),
            (5, "name", "name_invalid"),
            (6, "town", "town_unknown"),
            (7, "staff", "number_invalid"),
        ]
        first = selectors.enterprise(USCC[1])
        assert (first.name, first.size, first.town) == ("恒砺铸件有限公司", "small", "999901102")
        assert selectors.enterprise(USCC[2]).name == "新名"
        assert selectors.enterprise(USCC[2]).address == "旧址"
        again = run()
        assert (again.created, again.updated, again.unchanged) == (0, 0, 3)

    def test_the_same_firm_twice_in_one_file_is_one_firm(self):
        make_region()
        text = f"uscc,name,region\n{USCC[1]},甲,{DISTRICT}\n{USCC[1]},乙,{DISTRICT}\n"
        services.import_enterprises(file=io.BytesIO(text.encode()), filename="a.csv", actor_id=OPERATOR, now=NOW)
        assert selectors.enterprise(USCC[1]).name == "乙"

    def test_rows_of_other_regions_are_refused_one_by_one(self):
        make_region()
        text = f"uscc,name,region\n{USCC[1]},甲,{DISTRICT}\n"
        report = services.import_enterprises(
            file=io.BytesIO(text.encode()), filename="a.csv", actor_id=STRANGER, now=NOW
        )
        assert [one.code for one in report.refused] == ["forbidden"]
        assert Enterprise.objects.count() == 0

    def test_services_work_as_the_unprivileged_role(self):
        make_region()
        with writing():
            assert make_enterprise(1).pk
            assert make_board("b1").pk
