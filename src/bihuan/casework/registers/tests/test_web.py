"""Pages and REST: every role at every door, and nothing of a case leaks to whoever may not see it."""

import pytest

from bihuan.casework.cases.factories import NOW
from bihuan.casework.registers.tests.conftest import (
    ADMINS,
    DAY,
    KEEPERS,
    OVERSEERS,
    PLACE,
    REGION,
    ROLES,
    browser,
    caller,
)
from bihuan.foundation.kernel import clock

JSON = "application/json"
LATER = NOW + DAY
SECRET = "仓库验收退了三次"


@pytest.fixture
def shelf(house):
    """An institution in force that came from the firm's case, and a draft."""
    case = house.case("accept", "dispatch", title=SECRET)
    return house, case, house.kept(case, owner="tax"), house.draft(case, title="还没定的办法")


@pytest.mark.parametrize("who", ROLES)
def test_each_role_reads_by_rest_what_concerns_it_and_no_more(shelf, who):
    house, case, kept, draft = shelf
    client = caller(ROLES[who](house))
    with clock.at(LATER):
        listed = {one["id"] for one in client.get("/api/v1/registers/institutions").json()["items"]}
        sees = who in PLACE | {"raiser"}
        assert (str(kept.id) in listed, str(draft.id) in listed) == (sees, who in OVERSEERS)
        shown = client.get(f"/api/v1/registers/institutions/{kept.id}")
        assert shown.status_code == (200 if sees else 404)
        assert client.get(f"/api/v1/registers/institutions/{draft.id}").status_code == (
            200 if who in OVERSEERS else 404
        )
        if sees:
            linked = who in OVERSEERS | {"raiser", "board head"}
            assert (case.number in shown.json()["linked"]) is linked
            assert (shown.json()["effect"] is None) is (who == "raiser")
            assert SECRET not in shown.content.decode()
        assert client.get("/api/v1/registers/proposals").status_code == 200


@pytest.mark.parametrize("who", ROLES)
def test_each_role_does_by_rest_what_is_theirs(shelf, who):
    house, _case, kept, _draft = shelf
    client = caller(ROLES[who](house))
    with clock.at(LATER):
        made = client.post(
            "/api/v1/registers/institutions", {"region": REGION, "title": "新办法", "text": "试行"}, content_type=JSON
        )
        assert made.status_code == (201 if who in KEEPERS else 403)
        took = client.post(
            f"/api/v1/registers/institutions/{kept.id}/actions/review", {"text": "看过"}, content_type=JSON
        )
        seen = who in PLACE | {"raiser"}
        assert took.status_code == (200 if who in KEEPERS else 403 if seen else 404)
        actions = client.get(f"/api/v1/registers/institutions/{kept.id}").json().get("available_actions", [])
        assert bool(actions) is (who in KEEPERS)


@pytest.mark.parametrize("who", ROLES)
def test_each_role_opens_the_pages_that_are_theirs(shelf, who):
    house, _case, kept, draft = shelf
    client = browser(ROLES[who](house))
    with clock.at(LATER):
        pages = {path: client.get(f"/registers/{path}") for path in ("institutions/", "proposals/")}
        staff, reader = who in PLACE, who not in ADMINS
        assert pages["institutions/"].status_code == (200 if reader else 403)
        assert pages["proposals/"].status_code == (200 if staff else 403)
        assert (kept.title in pages["institutions/"].content.decode()) is (who in PLACE | {"raiser"})
        page = client.get(f"/registers/institutions/{kept.id}/")
        assert page.status_code == (200 if who in PLACE | {"raiser"} else 404 if reader else 403)
        text = page.content.decode()
        if page.status_code == 200:
            assert (SECRET in text) is (who in OVERSEERS | {"raiser", "board head"})
            assert ("/do/review/" in text) is (who in KEEPERS)
            assert ("effect-h" in text) is (who != "raiser")
        assert client.get(f"/registers/institutions/{draft.id}/").status_code == (
            200 if who in OVERSEERS else 404 if reader else 403
        )
        posted = client.post(f"/registers/institutions/{kept.id}/do/review/", {"text": "看过"})
        assert posted.status_code == (302 if who in KEEPERS else 403)


def test_the_whole_course_on_pages(shelf):
    house, case, kept, _draft = shelf
    office = browser(house.keeper)
    with clock.at(LATER):
        body = {"title": "容缺受理办法", "text": "先收后补", "cases": f"{case.number}，"}
        made = office.post("/registers/institutions/", body)
        assert made.status_code == 302
        put = {"kind": "added", "owner": "water", "text": "印发", "category": "approval", "review_on": "2027-03-01"}
        assert office.post(f"{made.url}do/put_in_force/", put).status_code == 302
        page = office.get(made.url).content.decode()
        assert "容缺受理办法" in page
        assert "category=approval" in page
        for state in ("drafted", "kept", "late", "withdrawn", "nonsense"):
            assert office.get(f"/registers/institutions/?state={state}").status_code == 200
        panel = office.get(f"/cases/{case.number}/").content.decode()
        assert kept.title in panel


def test_the_register_costs_the_same_for_few_and_many(house, django_assert_max_num_queries):
    for _one in range(4):
        house.kept()
    office = browser(house.keeper)
    with clock.at(LATER):
        office.get("/registers/institutions/")
        with django_assert_max_num_queries(20):
            office.get("/registers/institutions/")
