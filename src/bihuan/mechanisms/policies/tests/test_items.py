"""Service items: papers that nobody may ask for, reforms with before and after, promises that are followed up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import database
from bihuan.mechanisms.policies import forms, selectors, services, wording
from bihuan.mechanisms.policies.models import Demand, Promise, Reform
from bihuan.mechanisms.policies.rules import papers
from bihuan.mechanisms.policies.states import ITEMS, PROMISES, ItemState, PromiseState
from bihuan.mechanisms.policies.tests.conftest import DAY, LATER
from bihuan.mechanisms.policies.tests.test_library import refused
from bihuan.mechanisms.policies.tests.test_web import api, browser

BEFORE = {
    "code": "sgxk",
    "name": "建筑工程施工许可证核发",
    "kind": "ordinary",
    "department": "housing",
    "legal_days": 20,
    "days": 15,
    "steps": ["受理", "审查", "现场踏勘", "决定", "发证"],
    "papers": [
        {"name": "用地手续", "ways": ["original"]},
        {"name": "建设工程规划许可证", "ways": ["original"], "tolerated": True},
        {"name": "中标通知书", "ways": ["original"], "promised": True},
        {"name": "审查合格书", "ways": ["self", "third", "association"]},
    ],
}
SHARED = [{"name": one["name"], "ways": ["shared"], "source": "自然资源局"} for one in BEFORE["papers"]]


def draft(office, *, actor=None, **given):
    return services.draft_item(region=DISTRICT, body=BEFORE | given, actor=actor or office.liaison(), now=NOW)


def act(office, item, action, *, actor=None, now=NOW, **body):
    given = {"actor": actor or office.centre, "now": now, "body": {"text": "属实"} | body}
    return services.take_item(item_id=item.id, action=action, **given)


def published(office, **given):
    return act(office, draft(office, **given), "publish")


def seen(office, item, actor=None):
    return selectors.items.find(item_id=item.id, actor=actor or office.centre)


def test_words_are_complete():
    assert set(wording.ITEMS) == {one.value for one in ItemState}
    assert set(wording.PROMISES) == {one.value for one in PromiseState}
    assert {row.action for row in (*ITEMS.transitions, *PROMISES.transitions)} == set(wording.ITEM_ACTIONS)
    assert set(wording.WAYS) == set(papers.WAYS)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"name": ""}], "name"), ([{"name": "a"}, {"name": "a "}], "twice"), ([{"name": "a", "ways": ["x"]}], "way"),
        ([{"name": "a", "source": "税务局"}], "shareable"), (["a"], "shape"), ([{"name": "a"}] * 61, "shape"),
    ],
)  # fmt: skip
def test_papers_that_are_wrong(rows, code):
    with pytest.raises(papers.Wrong) as problem:
        papers.read(rows)
    assert problem.value.code == code


PAPERS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.text("abcdef", min_size=1, max_size=8),
            "ways": st.lists(st.sampled_from(papers.WAYS), min_size=1, max_size=3, unique=True),
            "tolerated": st.booleans(),
            "promised": st.booleans(),
        }
    ),
    max_size=6,
    unique_by=lambda one: one["name"],
)


@given(PAPERS)
def test_papers_come_back_from_the_form_as_they_were(rows):
    read = papers.read(rows)
    typed = forms.item({"papers": forms.papers_text([one.plain() for one in read])})["papers"]
    assert papers.read(typed) == read
    assert papers.burden(["a"], read, 3).papers <= len(read)


def test_pingdu_a_permit_without_papers(office):
    """平度: 施工许可证“零材料”, and the matter that caused it stays linked."""
    item = published(office)
    case = office.case("accept", "dispatch")
    item = act(
        office, item, "reform", text="数据共享，零材料办理", steps=["申请", "决定"], papers=SHARED, days=1,
        cases=[case.number],
    )  # fmt: skip
    found = seen(office, item)
    reform = found.reforms[0]
    assert [reform.before[name] for name in ("steps", "papers", "days")] == [5, 4, 15]
    assert [reform.after[name] for name in ("steps", "papers", "days")] == [2, 0, 1]
    assert [one.number for one in reform.cases.all()] == [case.number]
    assert papers.saved(papers.Burden(steps=5, papers=4, days=15), selectors.items.burden(item)) == {
        "steps": 3, "papers": 4, "days": 14
    }  # fmt: skip
    given = {"steps": item.steps, "papers": item.papers, "days": item.days}
    refused("nothing_changed", act, office, item, "reform", **given)
    refused("case_unknown", act, office, item, "reform", **given | {"days": 2, "cases": ["nonsense"]})
    refused("days_longer", act, office, item, "reform", **given | {"days": 21})
    with database.writing():
        assert Reform.objects.count() == 1


def test_who_writes_and_who_reads_items(office):
    item = draft(office)
    refused("forbidden", draft, office, actor=office.liaison("water"), code="x")
    refused("forbidden", draft, office, actor=office.owner, code="x")
    refused("code_taken", draft, office)
    refused("item_not_found", seen, office, item, office.owner)
    refused("forbidden", act, office, item, "publish", actor=office.liaison())
    act(office, item, "edit", actor=office.liaison(), **BEFORE | {"days": 10})
    item = act(office, item, "publish")
    assert seen(office, item, office.owner).item.days == 10
    refused("state_forbids", act, office, item, "edit", **BEFORE)
    for wrong, code in (
        ({"steps": []}, "invalid_body"), ({"days": "soon"}, "days_wrong"), ({"kind": "moon"}, "invalid_body"),
        ({"papers": "all"}, "papers_flawed"), ({"papers": [{"name": "a", "source": "税务局"}]}, "papers_flawed"),
    ):  # fmt: skip
        refused(code, draft, office, **{"code": "y"} | wrong)
    assert act(office, item, "withdraw").state == "withdrawn"


def test_papers_that_were_demanded_are_counted_against_what_others_have(office):
    item = published(office, papers=[*SHARED, {"name": "申请书", "ways": ["self"]}])
    for name in ("用地手续", "申请书", "无犯罪证明"):
        act(office, item, "demand", actor=office.owner, paper=name)
    found = seen(office, item)
    assert (found.demanded, found.unlisted, found.shareable) == (3, 1, 1)
    with database.writing():
        assert Demand.objects.filter(enterprise=office.firm).count() == 3
    refused("forbidden", act, office, item, "demand", actor=office.staff("leader"), paper="x")
    refused("day_wrong", act, office, item, "demand", paper="x", on="2030-01-01")
    with database.reading(office.stranger.scope()):
        assert Demand.objects.count() == 0


def test_a_promise_is_followed_up(office):
    item, firm = published(office), {"enterprise": office.firm.uscc}
    seat = office.staff("seat")
    act(office, item, "promise", actor=seat, paper="建设工程规划许可证", kind="tolerated", **firm)
    refused("promise_open", act, office, item, "promise", paper="建设工程规划许可证", kind="tolerated", **firm)
    refused("not_allowed", act, office, item, "promise", paper="用地手续", kind="tolerated", **firm)
    refused("not_allowed", act, office, item, "promise", paper="建设工程规划许可证", kind="promised", **firm)
    refused("forbidden", act, office, item, "promise", actor=office.owner, paper="中标通知书", kind="promised")
    act(office, item, "promise", actor=seat, paper="中标通知书", kind="promised", **firm)
    with database.writing():
        late, word = Promise.objects.order_by("id")
    assert services.note_late_promises(now=NOW + 20 * DAY) == 0
    services.take_promise(promise_id=word.id, action="supply", actor=office.liaison(), now=LATER, body={})
    assert services.note_late_promises(now=NOW + 40 * DAY) == 1
    assert services.note_late_promises(now=NOW + 40 * DAY) == 0
    done = services.take_promise(
        promise_id=late.id, action="break", actor=office.liaison(), now=NOW + 41 * DAY, body={"text": "未补交"}
    )
    assert (done.state, office.facts(late)) == ("broken", ["promise_made", "promise_late", "promise_break"])
    refused(
        "state_forbids", services.take_promise, promise_id=late.id, action="supply", actor=office.liaison(),
        now=NOW + 42 * DAY, body={},
    )  # fmt: skip
    refused(
        "promise_not_found", services.take_promise, promise_id=late.id, action="supply", actor=office.stranger,
        now=NOW, body={},
    )  # fmt: skip


def test_pages_and_rest(office):
    page, reader = browser(office.centre), browser(office.owner)
    typed = {
        "region": DISTRICT, "code": "a", "name": "不动产一件事", "kind": "one_matter", "department": "housing",
        "days": "3", "steps": "申请\n发证", "papers": "身份证 | 共享 | 公安局\n承诺书 | 自证 | | 承诺",
    }  # fmt: skip
    assert page.get("/services/new/").status_code == 200
    wrong = page.post("/services/new/", typed | {"papers": "身份证 | 原件 | 公安局"})
    assert (wrong.status_code, b"nobody may be asked for it" in wrong.content) == (422, True)
    where = page.post("/services/new/", typed)["Location"]
    page.post(f"{where}do/publish/", {})
    page.post(f"{where}do/reform/", {"text": "合并", "days": "1", "steps": "申请", "papers": typed["papers"]})
    text = reader.get(where).content.decode()
    assert "3 → 1" in text
    assert "from another department" in text
    assert "不动产一件事" in reader.get("/services/?kind=one_matter").content.decode()
    assert "不动产一件事" not in reader.get("/services/?q=nothing").content.decode()
    assert reader.get("/services/new/").status_code == 403
    key = where.strip("/").split("/")[1]
    shown = api(office.owner).get(f"/api/v1/services/{key}").json()
    assert (shown["burden"], shown["reforms"][0]["before"]["days"]) == ({"steps": 1, "papers": 1, "days": 1}, 3)
    assert shown["available_actions"] == ["demand"]
    caller = api(office.centre)
    made = caller.post("/api/v1/services", BEFORE | {"region": DISTRICT}, content_type="application/json")
    assert made.status_code == 201
    bad = caller.post("/api/v1/services", BEFORE | {"region": DISTRICT}, content_type="application/json")
    assert (bad.status_code, bad.json()["code"]) == (409, "code_taken")
    path = f"/api/v1/services/{made.json()['id']}/actions"
    caller.post(f"{path}/publish", {}, content_type="application/json")
    body = {"paper": "中标通知书", "kind": "promised", "enterprise": office.firm.uscc}
    promised = caller.post(f"{path}/promise", body, content_type="application/json").json()["promises"][0]
    kept = caller.post(
        f"/api/v1/services/promises/{promised['id']}/actions/supply", {}, content_type="application/json"
    )
    assert kept.json()["promises"][0]["state"] == "kept"
    assert len(caller.get("/api/v1/services").json()["items"]) == 2
