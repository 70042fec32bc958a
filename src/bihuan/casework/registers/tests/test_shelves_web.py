"""Competitions, model cases, warnings and the library by page and REST: every role at every door, no name anywhere."""

import pytest

from bihuan.casework.cases.factories import NOW
from bihuan.casework.registers.tests.conftest import (
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
API = "/api/v1/registers"
SECRETS = ("王小明", "澜川第1有限公司", "13800138000", "BH-999901")
WARNERS = KEEPERS | {"discipline"}
NOMINATING = KEEPERS | {"owner unit", "other unit", "board head"}
VOTERS = {"deputy", "leader", "board head"}


@pytest.fixture
def shelf(house):
    """A competition in its vote, a circulated warning and a draft, and a lesson of the firm's case."""
    case = house.over()
    contest = house.called()
    chosen = house.nominated(case=case.number)
    lesson = house.written(case, now=NOW + DAY / 2)
    warning, draft = house.warned(case), house.warned(title="还没定的警示", circulated=False)
    house.take(contest, "open_vote")
    return house, contest, chosen, warning, draft, lesson


@pytest.mark.parametrize("who", ROLES)
def test_each_role_reads_by_rest_what_concerns_it_and_no_more(shelf, who):
    house, contest, chosen, warning, draft, lesson = shelf
    client, sees = caller(ROLES[who](house)), who in PLACE
    with clock.at(LATER):

        def listed(path):
            answer = client.get(f"{API}/{path}")
            assert answer.status_code == 200
            assert not any(secret in answer.content.decode() for secret in SECRETS)
            return {one["id"] for one in answer.json()["items"]}

        assert listed("competitions") == ({str(contest.id)} if sees else set())
        assert listed("exemplars") == ({str(chosen.id)} if sees else set())
        drafts = {str(draft.id)} if who in WARNERS else set()
        assert listed("warnings") == (drafts | {str(warning.id)} if sees else set())
        assert listed("lessons?q=验收") == ({str(lesson.id)} if sees else set())
        for path in (f"competitions/{contest.id}", f"warnings/{warning.id}", f"lessons/{lesson.id}"):
            answer = client.get(f"{API}/{path}")
            assert answer.status_code == (200 if sees else 404)
            assert not any(secret in answer.content.decode() for secret in SECRETS)
        assert client.get(f"{API}/warnings/{draft.id}").status_code == (200 if who in WARNERS else 404)


@pytest.mark.parametrize("who", ROLES)
def test_each_role_does_by_rest_what_is_theirs(shelf, who):
    house, contest, chosen, warning, _draft, lesson = shelf
    client = caller(ROLES[who](house))
    hidden = 403 if who in PLACE else 404

    def post(path, **body):
        return client.post(f"{API}/{path}", body, content_type=JSON).status_code

    with clock.at(LATER):
        called = post("competitions", region=REGION, title="第二榜", text="再征集")
        assert called == (201 if who in KEEPERS else 403)
        nominated = post("exemplars", region=REGION, title=f"{who}", text="好做法")
        assert nominated == (201 if who in NOMINATING else 403)
        drafted = post("warnings", region=REGION, title="退件", text="退了三次", lesson="一次讲清")
        assert drafted == (201 if who in WARNERS else 403)
        voted = post(f"competitions/{contest.id}/actions/vote", exemplar=str(chosen.id))
        assert voted == (200 if who in VOTERS else hidden)
        read = post(f"warnings/{warning.id}/actions/read")
        assert read == (200 if who in {"owner unit", "other unit"} else hidden)
        back = post(f"warnings/{warning.id}/actions/take_back", reason="有误")
        assert back == (200 if who in WARNERS else hidden)
        taken = post(f"lessons/{lesson.id}/actions/take_back", reason="有误")
        assert taken == (200 if who in KEEPERS else hidden)


@pytest.mark.parametrize("who", ROLES)
def test_each_role_opens_the_pages_that_are_theirs(shelf, who):
    house, contest, chosen, warning, draft, lesson = shelf
    client, staff = browser(ROLES[who](house)), who in PLACE
    with clock.at(LATER):
        for path in (
            "competitions/",
            f"competitions/{contest.id}/",
            "exemplars/?state=nominated",
            "warnings/",
            f"warnings/{warning.id}/",
            "library/",
            "library/?q=验收&category=approval",
            f"library/{lesson.id}/",
        ):
            page = client.get(f"/registers/{path}")
            assert page.status_code == (200 if staff else 403), path
            assert not any(secret in page.content.decode() for secret in SECRETS), path
        assert client.get(f"/registers/warnings/{draft.id}/").status_code == (
            200 if who in WARNERS else 404 if staff else 403
        )
        page = client.get(f"/registers/competitions/{contest.id}/").content.decode()
        assert ("/do/vote/" in page) is (who in VOTERS)
        voted = client.post(f"/registers/competition/{contest.id}/do/vote/", {"exemplar": str(chosen.id)})
        assert voted.status_code == (302 if who in VOTERS else 403)
        assert client.post(f"/registers/moon/{contest.id}/do/vote/", {}).status_code == (404 if staff else 403)
        written = client.get("/registers/library/?case=BH-999901-2611-00001").content.decode()
        assert 'name="problem"' not in written or who in OVERSEERS


def test_a_new_case_shows_what_others_of_its_kind_taught_to_staff_alone(shelf):
    house, *_rest, lesson = shelf
    fresh = house.case("accept", "dispatch")
    with clock.at(LATER):
        office = browser(house.keeper).get(f"/cases/{fresh.number}/").content.decode()
        assert lesson.title in office
        assert lesson.title not in browser(house.owner).get(f"/cases/{fresh.number}/").content.decode()


def test_opening_a_warning_is_all_that_its_receipt_needs(shelf):
    house, _contest, _chosen, warning, _draft, _lesson = shelf
    with clock.at(LATER):
        browser(house.liaison("water")).get(f"/registers/warnings/{warning.id}/")
        told = caller(house.keeper).get(f"{API}/warnings/{warning.id}").json()
    assert told["read_by"] == ["water"]


@pytest.mark.parametrize("path", ["competitions/", "exemplars/?state=nominated", "warnings/", "library/"])
def test_lists_cost_the_same_for_few_and_many(house, django_assert_max_num_queries, path):
    house.called()
    for number in range(4):
        house.nominated(f"第{number}个做法", department="tax")
        house.warned(title=f"第{number}个教训")
    office = browser(house.keeper)
    with clock.at(LATER):
        office.get(f"/registers/{path}")
        with django_assert_max_num_queries(22):
            office.get(f"/registers/{path}")
