"""Files of profiles and policies: good rows at once, bad ones with their line, the same file once."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.kernel import database
from bihuan.mechanisms.policies import selectors, services
from bihuan.mechanisms.policies.models import Clause, Import, Past, Policy, Profile
from bihuan.mechanisms.policies.tests.conftest import LATER
from bihuan.mechanisms.policies.tests.test_library import refused
from bihuan.mechanisms.policies.tests.test_web import api, browser

POLICIES = (
    "文号,政策名称,层级,责任部门,生效日期,条款编号,条款,享受方式,条件,公式,每次封顶,出资\n"
    "20号,政策20条,区级,housing,2026/1/1,1,规上奖励,免申即享,规上 | above_scale；staff > 5,2e5,,市级 50%；区级 50%\n"
    "20号,政策20条,区级,housing,2026-01-01,2,研发补助,快申快享,,research * 0.1,500000,区级 100\n"
    "20号,政策20条,区级,housing,2026-01-01,3,坏条件,免申即享,profit > 3,1,,区级 100\n"
    "21号,政策21,区级,none,2026-01-01,1,x,免申即享,,1,,区级 100\n"
    "22号,政策22,区级,housing,2026-01-01,1,x,随便,,1,,区级 100\n"
    "20号,政策20条,区级,housing,2026-01-01,1,又一个1,免申即享,,1,,区级 100\n"
)


def take(office, kind, text, *, actor=None, name="文件.csv", now=LATER):
    content = text if isinstance(text, bytes) else text.encode()
    given = {"kind": kind, "region": DISTRICT, "file": io.BytesIO(content), "filename": name}
    return services.take_in(**given, actor=actor or office.centre, now=now)


def rows(record) -> list[int]:
    return [one["line"] for one in record.refused]


def test_profiles_with_bad_rows_among_them(office):
    directory.make_region("999902", "外区")
    away = directory.make_enterprise(900, region="999902")
    (clause,) = office.published({"conditions": [{"cel": "staff > 5"}]})
    services.sync(now=NOW)
    one, two = office.firm.uscc, office.other_firm.uscc
    text = (
        "统一社会信用代码,企业名称,从业人员（人）,high_tech,成立日期\n"
        f'{one},甲,"1,200",是,2020/1/31\n{two},乙,many,是,\n{two[:-1]}0,丙,1,,\n{away.uscc},丁,1,,\n{two},乙,,,\n'
        f"{two},乙,3,否,\n"
    )
    found = take(office, "profiles", text)
    assert (found.record.taken, rows(found.record), found.again) == (2, [3, 4, 6, 5], False)
    with database.writing():
        assert Profile.objects.get(enterprise=office.firm).facts == {
            "staff": 1200, "high_tech": True, "registered_on": "2020-01-31"
        }  # fmt: skip
        assert Profile.objects.get(enterprise=office.other_firm).sources["staff"]["source"] == "file"
        assert Past.objects.filter(field="staff", value__isnull=True).count() == 2
    assert office.fits(clause) == [one]
    again = take(office, "profiles", text)
    assert (again.again, again.record.id) == (True, found.record.id)
    refused("forbidden", take, office, "profiles", text + " ", actor=office.staff("leader"))
    refused("forbidden", take, office, "profiles", text + " ", actor=office.owner)
    refused("invalid_body", take, office, "moons", text)
    refused("file_invalid", take, office, "profiles", b"PK\x03\x04nonsense", name="x.xlsx")
    assert office.facts(found.record) == ["imported"]


def test_many_profiles_are_matched_by_the_job(office):
    firms = office.firms(25)
    (clause,) = office.published({"conditions": [{"cel": "staff > 5"}]})
    text = "uscc,staff\n" + "".join(f"{one.uscc},{at}\n" for at, one in enumerate(firms))
    assert take(office, "profiles", text).record.taken == 25
    assert office.fresh_clause(clause.id).stale
    services.match_waiting(now=LATER)
    assert len(office.fits(clause)) == 19


def test_policies_row_by_row_whole_or_not_at_all(office):
    found = take(office, "policies", POLICIES)
    assert (found.record.taken, rows(found.record)) == (2, [4, 5, 6, 7])
    with database.writing():
        assert list(Policy.objects.values_list("code", "state")) == [("20号", "draft")]
        first, second = Clause.objects.order_by("code")
        terms = first.terms.get()
        assert [one["cel"] for one in terms.conditions] == ["above_scale", "staff > 5"]
        assert [(one["level"], one["percent"]) for one in terms.shares] == [("city", "50"), ("county", "50")]
        assert (second.track, second.terms.get().cap) == ("quick", 500_000)
    refused("forbidden", take, office, "policies", POLICIES + " ", actor=office.liaison())


def test_a_workbook_is_read_too(office):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["统一社会信用代码", "规模以上"])
    book.active.append([office.firm.uscc, "是"])
    book.save(out)
    assert take(office, "profiles", out.getvalue(), name="x.xlsx").record.taken == 1


@pytest.mark.parametrize("who", ["coordinator", "seat"])
def test_the_page_and_rest(office, who):
    actor = office.staff(who)
    page = browser(actor)
    assert page.get("/policies/imports/").status_code == 200
    text = f"uscc,staff\n{office.firm.uscc},5\nx,1\n".encode()
    given = {"kind": "profiles", "region": DISTRICT}
    shown = page.post("/policies/imports/", given | {"file": SimpleUploadedFile("a.csv", text)}).content.decode()
    assert "1 row was taken in" in shown
    assert "Line 3:" in shown
    assert page.post("/policies/imports/", given).status_code == 422
    again = api(actor).post(
        "/api/v1/policies/imports/profiles", {"region": DISTRICT, "file": SimpleUploadedFile("a.csv", text)}
    )
    assert (again.status_code, again.json()["again"], again.json()["taken"]) == (200, True, 1)
    assert browser(office.owner).get("/policies/imports/").status_code == 403
    with database.writing():
        assert Import.objects.count() == 1
    assert len(selectors.library.imports(actor=office.centre)) == 1
    assert selectors.library.imports(actor=office.owner) == []
