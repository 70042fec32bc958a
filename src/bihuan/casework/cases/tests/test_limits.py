"""The clocks beside the main one: each starts and stops with its fact, and says why it is due when it is."""

import datetime as dt

import pytest
from django.utils import translation

from bihuan.casework.cases import factories, selectors, services
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import selectors as ledger

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def district():
    return factories.District()


def clocks(district, case, *, now=NOW + HOUR, actor=None):
    who = actor or district.staff("coordinator")
    found = selectors.limits(case=district.fresh(case.number), actor=who, now=now)
    return {(one.kind, one.cycle): one.state for one in found}


HARD = {"tier": "hard", "board": "projects"}


@pytest.mark.parametrize(
    ("steps", "running", "stopped"),
    [
        ((), {"acceptance"}, set()),
        (("request_supplement",), {"supplement"}, set()),
        (("request_supplement", "supplement"), {"acceptance"}, {"supplement"}),
        (("accept",), {"handling"}, {"acceptance"}),
        (("accept", "dispatch"), {"handling", "sign", "co_reply"}, {"acceptance"}),
        (("accept", "dispatch", "object"), {"handling", "ruling", "co_reply"}, {"sign"}),
        (("accept", "dispatch", "sign"), {"handling", "first_contact", "plan", "co_reply"}, {"sign"}),
        (("accept", "dispatch", "sign", "submit_plan"), {"handling", "co_reply"}, {"first_contact", "plan"}),
        (("accept", "dispatch", "sign", "co_reply"), {"handling", "first_contact", "plan"}, {"co_reply"}),
        (("accept", "dispatch", "sign", "reply"), {"verification", "callback", "co_reply"}, {"handling", "plan"}),
        (
            ("accept", "dispatch", "sign", "reply", "verify_return"),
            {"handling", "co_reply"},
            {"verification", "callback"},
        ),
        (
            ("accept", "dispatch", "sign", "co_reply", "reply", "verify_close"),
            {"word"},
            {"handling", "verification", "callback"},
        ),
        (
            ("accept", "dispatch", "sign", "co_reply", "reply", "verify_close", "confirm"),
            set(),
            {"word", "callback"},
        ),
    ],
    ids=lambda value: "-".join(sorted(value)) if isinstance(value, set) else (value[-1] if value else "raised"),
)
def test_each_clock_starts_and_stops_with_its_fact(district, steps, running, stopped):
    number = district.raised().number
    bodies = {"accept": HARD, "dispatch": {"lead": "housing", "co": ["water"]}}
    for minute, action in enumerate(steps, start=1):
        district.act(number, action, now=NOW + minute * dt.timedelta(minutes=1), **bodies.get(action, {}))
    found = clocks(district, district.fresh(number))
    assert {kind for (kind, _cycle), state in found.items() if state == "running"} == running
    assert stopped <= {kind for (kind, _cycle), state in found.items() if state == "stopped"}


def test_a_rework_runs_a_shorter_second_cycle(district):
    case = district.case("accept", "dispatch", "sign", "reply", "verify_return")
    assert clocks(district, case)[("handling", 2)] == "running"
    assert clocks(district, case)[("handling", 1)] == "stopped"


def test_a_ruling_that_binds_begins_the_time_for_a_first_word(district):
    case = district.case("accept", "dispatch", "object")
    district.act(case.number, "rule_objection", now=NOW + HOUR, upheld=False)
    assert clocks(district, case)[("first_contact", 1)] == "running"


def test_a_co_department_that_leads_owes_no_answer_any_more(district):
    number = district.case("accept").number
    district.act(number, "dispatch", now=NOW + HOUR, lead="housing", co=["water"])
    district.act(number, "object", now=NOW + 2 * HOUR)
    case = district.act(number, "rule_objection", now=NOW + 3 * HOUR, lead="water")
    assert clocks(district, case, now=NOW + 3 * HOUR)[("co_reply", 1)] == "stopped"


@pytest.mark.parametrize(
    ("steps", "clock", "after"),
    [
        (("request_supplement",), "supplement", 8 * DAY),
        (("accept", "dispatch"), "sign", 2 * DAY),
        (("accept", "dispatch", "object"), "ruling", 3 * DAY),
        (("accept", "dispatch", "sign"), "first_contact", 3 * DAY),
        (("accept", "dispatch", "sign", "reply"), "callback", 5 * DAY),
        (("accept", "dispatch", "sign", "reply"), "verification", 5 * DAY),
    ],
)
def test_each_clock_that_runs_out_is_a_fact_and_is_told(district, steps, clock, after):
    case = district.case(*steps)
    services.sweep(now=NOW + after)
    services.sweep(now=NOW + after + HOUR)
    with database.writing():
        said = [ledger.content(fact)["data"] for fact in ledger.history(case.id) if fact.kind == "case.deadline_missed"]
    assert [one for one in said if one["clock"] == clock] == [one for one in said if one["clock"] == clock][:1] != []
    assert all("unreceived" not in one or one["clock"] in ("ruling", "verification", "callback") for one in said)


def test_the_raiser_sees_every_stop_but_not_the_internal_clocks(district):
    case = district.case("accept", "dispatch", "sign")
    district.act(case.number, "ask_enterprise", now=NOW + HOUR)
    shown = clocks(district, case, now=NOW + 2 * HOUR, actor=district.owner)
    assert shown[("handling", 1)] == "paused"
    assert {kind for kind, _cycle in shown}.isdisjoint({"sign", "ruling", "co_reply"})


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ["9月30日", "10月1日", "10月7日", "10月10日", "10月13日 17:30"]),
        ("en", ["5 working days", "30", "not counted", "10", "13", "17:30"]),
    ],
)
def test_the_explanation_reads_as_a_person_would_say_it(district, language, words):
    from bihuan.foundation.workcalendar import services as workcalendar

    now = dt.datetime(2026, 9, 30, 9, 0, tzinfo=NOW.tzinfo)
    workcalendar.load_official_days(now=now)
    case = district.case("accept", now=now)
    with translation.override(language):
        found = selectors.limits(case=case, actor=district.owner, now=now + HOUR)
    sentence = next(one.sentence for one in found if one.kind == "handling")

    assert [word for word in words if word not in sentence] == []


def test_the_api_and_the_page_give_the_explanation(district, client):
    from bihuan.foundation.accounts import services as accounts
    from bihuan.foundation.kernel import clock

    case = district.case("accept", "dispatch", "sign")
    who = district.staff("coordinator")
    with clock.at(NOW + HOUR):
        token = accounts.issue_token(person_id=who.person_id, name="t", now=NOW)
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        answer = client.get(f"/api/v1/cases/{case.number}/clocks").json()
    main = next(one for one in answer["items"] if one["clock"] == "handling")
    assert main["due_at"].startswith("2026-11-23T17:30")
    assert "5个工作日" in main["explanation"]
    assert main["light"] == "green"
