"""Time has consequences: lights, reminders, silence and suspensions, each once, for the right people."""

import datetime as dt

import pytest
import structlog
from django.utils import translation

from bihuan.casework.cases import factories, notices, services
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.deadlines.services import sweeping
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return factories.District()


def told(actor, key):
    with database.writing():
        shown = Notice.objects.filter(person_id=actor.person_id, key=key, digest=None)
        return sum(shown.values_list("count", flat=True))


def kinds(case):
    with database.writing():
        return [fact.kind for fact in ledger.history(case.id)]


def test_each_light_has_its_consequence_once(district):
    supervision, catch_all, head = (
        district.staff("supervision_office"),
        district.staff("catch_all"),
        district.liaison(role="department_head"),
    )
    case = district.case("accept", "dispatch", "sign", "report_progress")
    for day in range(1, 9):
        services.sweep(now=NOW + dt.timedelta(days=day, hours=12))
        services.sweep(now=NOW + dt.timedelta(days=day, hours=12))
    assert kinds(case).count("case.light_changed") == 3
    assert told(district.liaison(), "case.follows.remind") == 1
    assert told(district.staff("coordinator"), "case.follows.list") == 1
    assert told(supervision, "case.follows.supervision_order") == 1
    assert told(catch_all, "case.follows.supervision_order") == 1
    assert told(head, "case.follows.escalate") == 1
    assert district.fresh(case.number).escalated_to == "department_head"


def test_a_late_sweep_records_all_lights_but_does_not_flood(district):
    case = district.case("accept", "dispatch", "sign", "report_progress")
    swept = services.sweep(now=NOW + dt.timedelta(days=30))
    assert kinds(case).count("case.light_changed") == 3
    assert told(district.liaison(), "case.follows.remind") == 0
    assert told(district.staff("coordinator"), "case.follows.escalate") == 1  # nobody heads the department
    assert district.fresh(case.number).escalated_to == "coordinator"
    assert (swept.failed, swept.consequences["supervision_order"]) == (0, 1)


def test_what_is_logged_of_a_consequence_that_fails_names_its_case(district, monkeypatch):
    def fail(*_args, **_more):
        raise RuntimeError("no")

    case, said = district.case("accept", "dispatch", "sign", "report_progress"), []
    monkeypatch.setattr(notices, "follow", fail)
    monkeypatch.setattr(sweeping._log, "exception", lambda *_: said.append(structlog.contextvars.get_contextvars()))
    with structlog.contextvars.bound_contextvars(number=None):
        assert services.sweep(now=NOW + dt.timedelta(days=4)).failed
        assert structlog.contextvars.get_contextvars()["number"] is None
    assert {one["number"] for one in said} == {case.number}


def test_nobody_to_receive_goes_to_the_fallback(district):
    district.case("accept", "dispatch", "sign", "report_progress")
    services.sweep(now=NOW + dt.timedelta(days=30))
    assert told(district.staff("coordinator"), "case.follows.supervision_order") == 1


def test_everybody_reads_of_a_light_and_a_limit_in_his_own_language(district):
    def read(key, language):
        notice = Notice.objects.filter(person_id=district.staff("coordinator").person_id, key=key)[0]
        said = {"key": key, "subject": notice.subject, "data": notice.data, "language": language}
        return registry.render(**said).title

    case = district.case("accept", "dispatch", "sign", "report_progress")
    district.case("accept", "dispatch")
    with translation.override("en"):
        for day in range(1, 9):
            services.sweep(now=NOW + dt.timedelta(days=day, hours=12))
    with database.writing():
        lit = next(fact for fact in ledger.history(case.id) if fact.kind == "case.light_changed")
        assert "“预警”" in read("case.follows.list", "zh-hans")
        assert "“At risk”" in read("case.follows.list", "en")
        assert "签收" in read("case.missed.sign", "zh-hans")
        assert "signing" in read("case.missed.sign", "en")
    assert ledger.content(lit)["data"]["light_name"] == {"zh": "关注", "en": "Watch"}


def test_an_unsigned_case_is_brought_above(district):
    case = district.case("accept", "dispatch")
    services.sweep(now=NOW + dt.timedelta(days=2))
    assert "case.deadline_missed" in kinds(case)
    assert told(district.staff("coordinator"), "case.missed.sign") == 1


def test_silence_and_suspensions_end_by_themselves(district):
    silent = district.case("accept", "dispatch", "sign", "reply", "verify_close")
    until = (NOW + dt.timedelta(days=3)).isoformat()
    stopped = district.case("accept", "dispatch", "sign")
    district.act(stopped.number, "suspend", now=NOW + dt.timedelta(hours=1), until=until)
    services.sweep(now=NOW + dt.timedelta(days=20))
    assert district.fresh(silent.number).word == "no_response"
    assert district.fresh(stopped.number).state == "handling"


@pytest.mark.parametrize("end", ["withdraw", "merge"])
def test_ended_cases_never_alarm(district, end):
    other = district.raised().number
    case = district.case("accept", "dispatch")
    district.act(case.number, end, now=NOW + dt.timedelta(hours=1), **({"into": other} if end == "merge" else {}))
    services.sweep(now=NOW + dt.timedelta(days=60))
    assert not {"case.light_changed", "case.deadline_missed"} & set(kinds(case))


def test_in_dinghai_a_dissatisfied_enterprise_turns_the_light_red_at_once(district):
    rulebooks.apply(name="dinghai", region=DISTRICT, actor_id=OPERATOR, now=NOW - dt.timedelta(hours=1))
    discipline, office = district.staff("discipline"), district.staff("supervision_office")
    case = district.case("accept", "dispatch", "sign", "reply", "verify_close")
    district.act(case.number, "rate", now=NOW + dt.timedelta(hours=2), process=1, result=1)
    assert told(discipline, "case.follows.notify_discipline") == 1
    assert told(office, "case.follows.notify_supervision") == 1
    from bihuan.casework.cases import selectors

    assert selectors.light_of(district.fresh(case.number), NOW + dt.timedelta(hours=3)) == "red"


def test_a_confirmed_year_moves_provisional_limits(district):
    from bihuan.casework.deadlines import services as deadlines
    from bihuan.foundation.kernel import clock
    from bihuan.foundation.workcalendar import services as workcalendar

    late = dt.datetime(2026, 12, 30, 9, 0, tzinfo=NOW.tzinfo)
    workcalendar.load_official_days(now=NOW)
    with clock.at(late):
        case = district.case("accept", now=late)
        assert case.provisional
        days = ("2027-01-01", "2027-01-04", "2027-05-01", "2027-10-01")
        text = "date,kind\n" + "".join(f"{day},rest\n" for day in days)
        notice = workcalendar.Notice(content=text.encode(), filename="2027.csv", year=2027, document="测试通知")
        workcalendar.import_days(notice=notice, actor_id=OPERATOR, now=late)
        deadlines.recalculate(now=late)
    moved = district.fresh(case.number)
    assert not moved.provisional
    assert moved.due_at > case.due_at
    assert "case.deadline_recalculated" in kinds(moved)
