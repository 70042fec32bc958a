import io
import uuid

import openpyxl
import pytest

from bihuan.foundation.directory import rules, selectors, services
from bihuan.foundation.directory.factories import (
    DISTRICT,
    NOW,
    make_board,
    make_enterprise,
    make_region,
)
from bihuan.foundation.directory.models import Enterprise
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
