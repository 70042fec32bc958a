"""Following a matter and speaking about it, with the code or logged in."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.models import Attachment
from bihuan.foundation.kernel import clock, database

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60
TOMORROW = NOW + dt.timedelta(days=1)
HANDLED = ("accept", "dispatch", "sign")
ANSWERED = (*HANDLED, "reply")
CLOSED = (*ANSWERED, "verify_start", "verify_close")


@pytest.fixture
def holder(district):
    """A device on which the code of a matter was shown, and the number, after the given steps."""

    def opened(*steps: str, **given) -> tuple[Client, str]:
        receipt = district.raised(**given)
        for minute, action in enumerate(steps, start=1):
            district.act(receipt.number, action, now=NOW + dt.timedelta(minutes=minute))
        device = Client()
        answer = device.post("/track/", {"number": receipt.number.lower(), "code": receipt.follow_up_code.lower()})
        assert answer["Location"] == f"/track/{receipt.number}/", answer.content.decode()[:2000]
        return device, receipt.number

    return opened


@pytest.fixture(autouse=True)
def later():
    with clock.at(NOW + dt.timedelta(hours=2)):
        yield


def page_of(device: Client, number: str) -> str:
    answer = device.get(f"/track/{number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_code_opens_the_matter_and_stands_in_no_address(holder):
    device, number = holder(*HANDLED)
    page = page_of(device, number)
    assert "丙类仓库扩建" in page
    assert "housing 局" in page
    cookie = device.cookies[f"bh-follow-{number}"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/track/{number}/", True, "Lax")


@pytest.mark.parametrize("code", ["2222-2222-2222", "", "’ or 1=1"])
def test_a_wrong_code_opens_nothing(district, code):
    number = district.raised().number
    answer = Client().post("/track/", {"number": number, "code": code})
    assert answer.status_code in (404, 422)
    assert number in answer.content.decode()
    assert "丙类仓库扩建" not in answer.content.decode()


def test_a_right_number_and_an_unknown_one_get_the_same_answer(district):
    known, unknown = district.raised().number, "BH-999901-2611-99999"
    answers = [Client().post("/track/", {"number": one, "code": "2222-2222-2222"}) for one in (known, unknown)]
    pages = [answer.content.decode().replace(known, "").replace(unknown, "") for answer in answers]
    cut = [page.split('id="main"')[1].split("csrfmiddlewaretoken")[0] for page in pages]
    assert answers[0].status_code == answers[1].status_code == 404
    assert cut[0] == cut[1]


def test_guessing_is_slowed_down(district):
    receipt = district.raised()
    guess = {"number": receipt.number, "code": "2222-2222-2222"}
    statuses = [Client().post("/track/", guess).status_code for _ in range(12)]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    right = Client().post("/track/", {"number": receipt.number, "code": receipt.follow_up_code})
    assert right.status_code == 429


def test_a_forged_cookie_opens_nothing(district, holder):
    device, number = holder()
    other = district.raised(title="另一件").number
    device.cookies[f"bh-follow-{other}"] = device.cookies[f"bh-follow-{number}"].value
    assert "另一件" not in device.get(f"/track/{other}/").content.decode()


def test_the_cookie_of_one_matter_does_not_live_for_ever(holder):
    device, number = holder()
    device.cookies[f"bh-follow-{number}"] = device.cookies[f"bh-follow-{number}"].value
    answer = device.post(f"/track/{number}/leave/")
    assert answer["Location"] == "/track/"
    assert "丙类仓库扩建" not in device.get(f"/track/{number}/").content.decode()


def test_an_enterprise_follows_its_own_matters_and_no_others(district, browser):
    number = district.raised().number
    assert "丙类仓库扩建" in page_of(browser(district.owner), number)
    assert "丙类仓库扩建" not in browser(district.stranger).get(f"/track/{number}/").content.decode()


def test_staff_are_led_to_the_case_itself(district, browser):
    number = district.raised().number
    assert browser(district.staff("seat")).get(f"/track/{number}/")["Location"] == f"/cases/{number}/"


def test_the_raiser_reads_neither_names_of_officers_nor_inner_work(district, holder):
    device, number = holder(*HANDLED)
    district.act(
        number, "report_progress", now=NOW + dt.timedelta(hours=1), text="内部口径", visible_to_enterprise=False
    )
    district.act(number, "report_progress", now=NOW + dt.timedelta(hours=1), text="已约现场复验")
    page = page_of(device, number)
    assert "已约现场复验" in page
    assert "内部口径" not in page
    assert "liaison-housing" not in page


def test_a_question_is_answered_with_a_photo(district, holder):
    device, number = holder(*HANDLED, "ask_enterprise")
    assert "何时方便现场复验" in page_of(device, number)
    photo = SimpleUploadedFile("现场.png", PNG)
    answer = device.post(f"/track/{number}/do/answer/", {"answer-text": "周四上午", "answer-uploads": photo})
    assert answer.status_code == 302
    assert district.fresh(number).state == "handling"
    with database.writing():
        kept = Attachment.objects.get()
    assert "现场.png" in page_of(device, number)
    handed = device.get(f"/track/{number}/files/{kept.id}/")
    assert "attachment" in handed["Content-Disposition"]
    assert Client().get(f"/track/{number}/files/{kept.id}/").status_code == 404


def test_an_empty_answer_comes_back(district, holder):
    device, number = holder(*HANDLED, "ask_enterprise")
    answer = device.post(f"/track/{number}/do/answer/", {"answer-text": " "})
    assert answer.status_code == 422
    assert district.fresh(number).state == "awaiting_enterprise"


def test_a_refused_file_takes_the_answer_back_too(district, holder):
    device, number = holder(*HANDLED, "ask_enterprise")
    wrong = SimpleUploadedFile("a.exe", b"MZ" + b"\0" * 60)
    answer = device.post(f"/track/{number}/do/answer/", {"answer-text": "周四上午", "answer-uploads": wrong})
    assert answer.status_code == 422
    assert "周四上午" in answer.content.decode()
    assert district.fresh(number).state == "awaiting_enterprise"


def test_a_supplement_goes_back_to_the_desk(district, holder):
    device, number = holder("request_supplement")
    assert "请补充验收意见书" in page_of(device, number)
    device.post(f"/track/{number}/do/supplement/", {"supplement-text": "见附件"})
    assert district.fresh(number).state == "submitted"


def test_what_the_state_forbids_is_said_in_plain_words(holder):
    device, number = holder(*HANDLED)
    answer = device.post(f"/track/{number}/do/answer/", {"answer-text": "周四上午"})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("action", ["accept", "verify_close", "confirm", "nonsense"])
def test_only_the_raisers_own_actions_lie_behind_the_page(holder, action):
    device, number = holder(*CLOSED)
    assert device.post(f"/track/{number}/do/{action}/", {}).status_code == 404


def test_whoever_lost_the_code_keeps_what_was_typed(district):
    number = district.raised().number
    answer = Client().post(f"/track/{number}/do/withdraw/", {})
    # Not a redirect: the page takes one for a form that arrived, and ends its draft.
    assert answer.status_code == 422
    assert f'action="/track/{number}/"' in answer.content.decode()
    assert district.fresh(number).state == "submitted"


def test_the_plan_is_rated(district, holder):
    device, number = holder(*HANDLED, "submit_plan")
    assert "三部门一次到场" in page_of(device, number)
    device.post(f"/track/{number}/do/rate_plan/", {"rate_plan-level": "4"})
    assert district.fresh(number).rating_plan == 4


class TestJudging:
    """Done or not, and five levels for each part."""

    def test_done_and_rated_in_one_go(self, district, holder):
        device, number = holder(*CLOSED)
        assert f"/track/{number}/rate/" in page_of(device, number)
        answer = device.post(f"/track/{number}/rate/", {"done": "yes", "process": "5", "result": "4"})
        assert answer.status_code == 302
        case = district.fresh(number)
        assert (case.word, case.achieved, case.rating_process, case.rating_result) == ("confirmed", True, 5, 4)

    def test_not_done_needs_a_reason(self, district, holder):
        device, number = holder(*CLOSED)
        told = {"done": "no", "process": "3", "result": "1", "reasons": ["slow"]}
        answer = device.post(f"/track/{number}/rate/", told)
        assert answer.status_code == 422
        assert "id_say" in answer.content.decode()
        assert district.fresh(number).word == "pending"
        device.post(f"/track/{number}/rate/", {**told, "say": "又退回了"})
        case = district.fresh(number)
        assert (case.word, case.false_closure, case.rating_result) == ("denied", True, 1)

    def test_nothing_is_chosen_beforehand(self, holder):
        device, number = holder(*CLOSED)
        form = device.get(f"/track/{number}/rate/").content.decode().split('id="judge"')[1].split("</form>")[0]
        assert 'type="radio"' in form
        assert " checked" not in form

    def test_silence_is_no_praise(self, district, holder):
        device, number = holder(*CLOSED)
        assert device.post(f"/track/{number}/rate/", {"done": "yes"}).status_code == 422
        assert district.fresh(number).word == "pending"

    def test_there_is_nothing_to_judge_before_an_answer(self, holder):
        device, number = holder(*HANDLED)
        assert device.get(f"/track/{number}/rate/")["Location"] == f"/track/{number}/"

    def test_a_rating_is_changed_once_and_no_more(self, district, holder):
        device, number = holder(*CLOSED)
        for mark in ("5", "3", "1"):
            device.post(f"/track/{number}/rate/", {"done": "yes", "process": mark, "result": mark})
        assert district.fresh(number).rating_result == 3


def test_the_matter_is_opened_again(district, holder):
    device, number = holder(*CLOSED)
    device.post(f"/track/{number}/do/reopen/", {"reopen-reason": "又退回了"})
    assert district.fresh(number).state == "reopened"


def test_the_matter_is_taken_back(district, holder):
    device, number = holder()
    device.post(f"/track/{number}/do/withdraw/", {})
    case = district.fresh(number)
    assert (case.state, case.closed_kind) == ("closed", "withdrawn")
    page_of(device, number)


@pytest.mark.parametrize(
    "steps", [("decline",), ("accept", "dispatch", "object"), (*HANDLED, "suspend"), (*CLOSED, "confirm", "archive")]
)
def test_the_page_opens_in_every_other_state(holder, steps):
    page_of(*holder(*steps))


def test_a_merged_matter_leads_to_the_one_that_goes_on(district, holder, browser):
    stays = district.raised(title="先提的那件").number
    device, number = holder()
    district.act(number, "merge", now=NOW + dt.timedelta(minutes=9), into=stays)
    link = f'href="/track/{stays}/"'
    assert link in page_of(browser(district.owner), number)
    # A code opens its own matter only; the number of the other stands in the trace.
    page = page_of(device, number)
    assert link not in page
    assert stays in page


class TestHome:
    """What waits for an enterprise stands first."""

    def test_asks_come_before_everything_else(self, district, browser):
        asked = district.case(*HANDLED, "ask_enterprise", title="等回话的").number
        closed = district.case(*CLOSED, title="等评价的").number
        page = browser(district.owner).get("/my/").content.decode()
        assert page.index(f"/track/{asked}/#answer") < page.index(f"/track/{closed}/rate/") < page.index('id="mine"')

    def test_nothing_waits_when_all_is_said(self, district, browser):
        number = district.case(*CLOSED, "confirm", "rate").number
        assert f"/track/{number}/rate/" not in browser(district.owner).get("/my/").content.decode()

    def test_it_costs_the_same_with_more_matters(self, district, browser):
        owner = browser(district.owner)

        def cost() -> int:
            with CaptureQueriesContext(connection) as seen:
                owner.get("/my/")
            # In tests calendar and rulebook are asked for each time; outside, a process remembers them.
            return sum(not re.search("workcalendar|rulebooks_", query["sql"]) for query in seen)

        district.raised()
        cost()
        few = cost()
        for step in range(8):
            district.raised(title=f"又 {step} 件")
        assert cost() <= few < 25


def test_one_button_urges_and_is_gone_then(holder):
    device, number = holder(*HANDLED)
    path = f"/track/{number}/do/urge/"
    assert path in page_of(device, number)
    assert device.post(path)["Location"] == f"/track/{number}/"
    page = page_of(device, number)
    assert path not in page
    assert "You urged" in page
    again = device.post(path)
    assert again.status_code == 409
    assert "they know" in again.content.decode()


def test_an_enterprise_urges_from_its_list(district, browser):
    case = district.case(*HANDLED)
    page = browser(district.owner).get("/my/").content.decode()
    assert f"/track/{case.number}/do/urge/" in page


def test_adding_no_file_is_said(holder):
    device, number = holder()
    answer = device.post(f"/track/{number}/files/")
    assert answer.status_code == 422
    assert "Please choose a file first." in answer.content.decode()


def test_the_browser_is_told_what_the_rulebook_accepts(holder):
    device, number = holder()
    page = page_of(device, number)
    assert 'data-max="20971520"' in page
    accept = re.search(r'accept="([^"]*)"', page).group(1).split(",")
    assert {"image/*", "audio/*", ".pdf", ".webm"} <= set(accept)
    assert ".zip" not in accept
