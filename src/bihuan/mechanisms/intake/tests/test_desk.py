"""The seat's desk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.casework.cases.factories import DISTRICT
from bihuan.casework.cases.models import Case
from bihuan.foundation.directory import factories as places
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import selectors as ledger


@pytest.fixture
def seat(district, browser):
    return browser(district.staff("seat"))


def dictated(district, **given):
    return {
        "enterprise": district.firm.uscc,
        "channel": "hotline",
        "title": "厂区西门路面塌陷",
        "description": "叉车过不去，今天已经绕行。",
        "region": DISTRICT,
        "contact_name": "王女士",
        "contact_phone": "13600000917",
        "category": "infrastructure",
        "board": "projects",
    } | given


def only() -> Case:
    with database.writing():
        return Case.objects.get()


def test_a_matter_is_entered_and_number_and_code_are_read_out(seat, district):
    answer = seat.post("/desk/", dictated(district))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    page = seat.get(answer["Location"]).content.decode()
    case = only()
    assert case.number in page
    assert "data-code" in page
    assert (case.channel, case.board, case.category) == ("hotline", "projects", "infrastructure")
    # The next matter begins with an empty form.
    assert "厂区西门路面塌陷" not in page


def test_it_is_noted_for_whom_the_seat_wrote(seat, district):
    seat.post("/desk/", dictated(district))
    with database.writing():
        fact = ledger.content(ledger.history(only().id)[0])
    assert fact["on_behalf_of"] == district.firm.uscc


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "id_title"),
        ({"enterprise": "禾原"}, "id_enterprise"),
        ({"enterprise": ""}, "id_enterprise"),
        ({"channel": "web"}, "id_channel"),
    ],
)
def test_input_comes_back_whole(seat, district, given, field):
    answer = seat.post("/desk/", dictated(district, place="西门外", **given))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert "叉车过不去" in page
    assert "西门外" in page


def test_somebody_without_a_name_is_written_down_too(seat, district):
    seat.post("/desk/", dictated(district, enterprise="", anonymous="on"))
    assert only().anonymous


@pytest.mark.parametrize("typed", ["澜川第1", "9199990100"])
def test_enterprises_are_found_by_name_and_code(seat, district, typed):
    page = seat.get("/desk/firms/", {"enterprise": typed}).content.decode()
    assert f'data-value="{district.firm.uscc}"' in page


def test_what_is_known_stands_beside(seat, district):
    number = district.raised(title="厂区西门路面塌陷，叉车过不去").number
    told = {"enterprise": district.firm.uscc, "title": "厂区西门路面塌陷，叉车过不去", "description": ""}
    page = seat.get("/desk/beside/", told).content.decode()
    assert page.count(number) >= 2
    assert "is-warn" in page
    page = seat.get("/desk/beside/", {**told, "title": "申请退税"}).content.decode()
    assert "is-warn" not in page


@pytest.mark.parametrize("role", ["leader", "discipline", "deputy"])
def test_the_desk_is_not_for_everybody(district, browser, role):
    assert browser(district.staff(role)).get("/desk/").status_code == 403


def test_it_is_not_for_enterprises_nor_for_nobody(district, browser, visitor):
    assert browser(district.owner).get("/desk/").status_code == 403
    assert visitor.get("/desk/")["Location"].startswith("/accounts/login/")


def test_the_queue_offers_the_desk_to_those_whose_it_is(district, browser):
    button = 'data-key="n"'
    assert button in browser(district.staff("seat")).get("/queue/").content.decode()
    assert button not in browser(district.staff("leader")).get("/queue/").content.decode()


def test_the_desk_asks_no_more_with_more_firms_and_cases(district, seat):
    told = {"enterprise": district.firm.uscc, "title": "验收退回三次", "description": "每次理由不一样"}
    # But for what every process remembers for seconds.
    aside = ("SAVEPOINT", "set_config", "workcalendar_", "rulebooks_", "directory_", "accounts_appointment")
    asked = ("/desk/", {}), ("/desk/firms/", {"enterprise": "演示"}), ("/desk/beside/", told)

    def counted():
        found = []
        for path, query in asked:
            seat.get(path, query)
            with CaptureQueriesContext(connection) as seen:
                assert seat.get(path, query).status_code == 200
            found.append(len([one for one in seen if not any(word in str(one["sql"]) for word in aside)]))
        return found

    district.raised(title="验收退回三次")
    few = counted()
    for number in range(5):
        district.raised(title=f"验收退回三次，又一件 {number}")
        places.make_enterprise(10 + number)
    assert counted() == few
    assert max(few) <= 25
