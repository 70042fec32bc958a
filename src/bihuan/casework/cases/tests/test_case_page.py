"""The page of one case: what it says of time, of what follows, of who did what, and of cases like it."""

import datetime as dt

import pytest
from django.utils import translation

from bihuan.casework.cases import factories, presenters, selectors
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.tests.test_pages import browser
from bihuan.foundation.kernel import clock, database

pytestmark = pytest.mark.django_db
WORKED = ("accept", "dispatch", "sign")


@pytest.fixture
def district():
    with clock.at(NOW), translation.override("en"):
        yield factories.District()


def page_of(district, number, actor=None):
    return browser(actor or district.staff("coordinator")).get(f"/cases/{number}/")


def test_after_the_office_has_closed_a_limit_is_up_and_not_left(district):
    case = district.case(*WORKED)
    closed = case.due_at + dt.timedelta(hours=1)
    assert presenters.left_length(case, closed) is None
    assert presenters.left_of(case, closed) == "time is up"
    next_morning = case.due_at + dt.timedelta(hours=16)
    assert presenters.left_of(case, next_morning).endswith("over")


def test_every_rung_says_who_has_to_act(district):
    rungs = page_of(district, district.case(*WORKED).number).context["rungs"]
    assert [rung.note for rung in rungs[:2]] == [
        "Department liaison, else Intake seat",
        "Board head, else General board coordinator",
    ]
    assert "Supervision office, Catch-all board coordinator" in rungs[2].note


def test_who_handles_stands_beside_the_lead_until_the_case_goes_elsewhere(district):
    number = district.case("accept", "dispatch").number
    assert page_of(district, number).context["parties"][0].person == ""
    district.act(number, "sign", now=NOW + dt.timedelta(minutes=5))
    district.act(number, "remind", now=NOW + dt.timedelta(minutes=6))
    page = page_of(district, number)
    assert page.context["parties"][0].person == "liaison-housing"
    assert "handled by" in page.content.decode()


def test_the_ladder_names_dates_that_are_right_on_paper_too(district):
    rungs = page_of(district, district.case(*WORKED).number).context["rungs"]
    assert not any(day in rung.when for rung in rungs for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def test_the_raiser_is_not_the_system(district):
    receipt = district.raised(actor=Actor(), enterprise=None, anonymous=True)
    entry = page_of(district, receipt.number).context["entries"][-1]
    assert (entry.who, entry.system) == ("The raiser", False)


def test_words_are_quoted_once(district):
    number = district.case(*WORKED, "request_extension").number
    entry = page_of(district, number).context["entries"][0]
    assert entry.quote == "需要专家论证、检验检测"
    assert entry.quote not in entry.text


def test_the_trace_knows_who_spoke_and_what_the_enterprise_sees(district):
    number = district.case(*WORKED, "report_progress").number
    district.act(number, "remind", now=NOW + dt.timedelta(hours=1))
    shown = page_of(district, number).context
    assert shown["speakers"] == ["coordinator", "liaison-housing", "seat", "owner"]
    assert [entry.seen for entry in shown["entries"][:2]] == [False, True]


def test_similar_cases_say_why(district):
    first = district.case("accept")
    district.case("accept", title="完全是另一回事", enterprise=district.other_firm.uscc, actor=district.stranger)
    district.case("accept", title="还没有到的", now=NOW + dt.timedelta(days=2))
    again = district.case("accept", now=NOW + dt.timedelta(days=1))
    similar = page_of(district, again.number).context["similar"]
    assert [(one.row.number, one.why) for one in similar[:1]] == [
        (first.number, "same enterprise, 100% alike: the same matter?")
    ]
    assert [one.why for one in similar[1:]] == ["same category"]


def test_kin_is_only_what_the_reader_may_see(district):
    district.case(*WORKED, enterprise=district.other_firm.uscc, actor=district.stranger)
    mine = district.case("accept", "dispatch", now=NOW + dt.timedelta(days=1))
    for actor, number in ((district.staff("coordinator"), 1), (district.liaison("tax"), 0)):
        with database.reading(actor.scope()):
            assert len(selectors.kin(case=mine, actor=actor)) == number


def test_a_case_page_that_asks_gets_304_until_something_moves(district):
    number = district.case(*WORKED).number
    client = browser(district.staff("coordinator"))
    mark = client.get(f"/cases/{number}/")["ETag"]
    headers = {"If-None-Match": mark, "HX-Request": "true", "X-Bihuan-Poll": "1"}
    assert client.get(f"/cases/{number}/", headers=headers).status_code == 304
    district.act(number, "remind", now=NOW + dt.timedelta(hours=1))
    answer = client.get(f"/cases/{number}/", headers=headers)
    assert (answer.status_code, answer["ETag"] != mark) == (200, True)
    elsewhere = browser(district.liaison("tax")).get(f"/cases/{number}/", headers=headers)
    assert elsewhere.status_code == 404


def test_what_was_typed_goes_only_when_it_was_sent(district):
    number = district.case(*WORKED).number
    client = browser(district.liaison())
    page = client.get(f"/cases/{number}/").content.decode()
    assert f'data-draft="report_progress-{number}"' in page
    refused = client.post(f"/cases/{number}/do/report_progress/", {"text": ""})
    assert refused.status_code == 422
    assert "data-draft-clear" not in refused.content.decode()
    sent = client.post(f"/cases/{number}/do/report_progress/", {"text": "已约"}, follow=True)
    assert f'data-draft-clear="report_progress-{number} ' in sent.content.decode()


def test_whoever_logs_in_again_comes_back_to_the_dialog(district):
    number = district.case(*WORKED).number
    answer = browser(district.liaison()).get(f"/cases/{number}/do/reply/")
    assert answer["Location"] == f"/cases/{number}/?do=reply"


def test_the_watermark_names_reader_and_time(district):
    page = page_of(district, district.raised().number).content.decode()
    assert "coordinator 2026-11-16 09:00" in page
