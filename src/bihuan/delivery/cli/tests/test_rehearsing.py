"""试算: what another rulebook, or another calendar, would change today; and that asking changes nothing."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.casework.cases import factories, services
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.deadlines.models import Clock
from bihuan.delivery.cli import examination, setting_up
from bihuan.delivery.cli import rulebooks as command
from bihuan.delivery.cli import workdays as calendar_command
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.foundation.rulebooks.flaws import Flawed
from bihuan.foundation.workcalendar import selectors as calendars
from bihuan.foundation.workcalendar import services as workcalendar

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LATER = NOW + 3 * DAY
"""Thursday: three of five working days are nearly used."""


@pytest.fixture
def district():
    made = factories.District()
    for role in ("supervision_office", "coordinator", "catch_all"):
        made.staff(role)
    return made


def book(sections: str) -> str:
    return f'name: {{zh: 试验区, en: Trial}}\nregion: "{DISTRICT}"\n{sections}\n'


def rehearse(sections: str, *, now=LATER):
    with clock.at(now):
        return services.rehearse(region=DISTRICT, text=book(sections), now=now)


def test_a_shorter_limit_turns_open_cases_red_and_says_who_hears_of_it(district):
    case = district.case("accept", "dispatch", "sign")
    district.raised(now=LATER - dt.timedelta(minutes=1))
    district.case("accept", "dispatch", "sign", "reply")
    found = rehearse("tiers: {ordinary: {due: 1wd}}")
    assert (found.seen, found.earlier, found.would_be_overdue) == (2, 1, 1)
    assert dict(found.relit) == {("green", "red"): 1}
    (moved,) = found.moved
    assert (moved.number, moved.light, moved.would_light) == (case.number, "green", "red")
    assert moved.would_be_due_at < moved.due_at
    told = {(one.person, one.consequence): one.times for one in found.told}
    assert told[("supervision_office", "supervision_order")] == 1
    assert told[("coordinator", "escalate")] == 1


def test_other_lights_count_also_where_the_time_stays(district):
    district.case("accept", "dispatch", "sign")
    found = rehearse("lights:\n  - {id: amber, name: 黄, at: 10%, colour: yellow, consequences: [remind]}")
    assert dict(found.relit) == {("green", "amber"): 1}
    assert (found.earlier, found.later) == (0, 0)


def test_a_pause_and_an_extension_stay_what_they_were(district):
    case = district.case("accept", "dispatch", "sign", "ask_enterprise")
    found = rehearse("tiers: {ordinary: {due: 5wd}}", now=NOW + 20 * DAY)
    assert (found.seen, found.earlier, found.later, sum(found.relit.values())) == (1, 0, 0, 0)
    assert district.fresh(case.number).held_at is not None


def test_a_rework_is_compared_with_the_limit_for_rework(district):
    district.case("accept", "dispatch", "sign", "reply", "verify_return")
    found = rehearse("rework: {due: 2wd}\nreopen: {within: 15d, due: 3wd}")
    assert (found.seen, found.earlier) == (1, 1)


def test_office_hours_of_the_other_rulebook_count(district):
    district.case("accept", "dispatch", "sign")
    found = rehearse("calendar: {office_hours: 08:30-16:30}")
    assert found.earlier == 1


def test_nothing_is_changed_and_nobody_is_told(district):
    district.case("accept", "dispatch", "sign")
    with database.writing():
        before = list(Clock.objects.order_by("id").values()), Notice.objects.count()
    rehearse("tiers: {ordinary: {due: 1wd}}")
    with database.writing():
        assert (list(Clock.objects.order_by("id").values()), Notice.objects.count()) == before


def test_a_light_that_nobody_receives_is_named(district):
    sections = (
        "fallback: {receivers: [board_head]}\n"
        "lights:\n  - {id: red, name: 红, at: 100%, consequences: [notify_discipline, remind]}"
    )
    assert rehearse(sections).unreceived == ["notify_discipline", "remind"]
    district.staff("discipline")
    district.liaison()
    assert rehearse(sections).unreceived == []


def test_the_doctor_names_what_nobody_receives(district):
    text = book(
        "fallback: {receivers: [board_head]}\nlights:\n  - {id: red, name: 红, at: 100%, consequences: [remind]}"
    )
    with clock.at(NOW):
        rulebooks.apply(region=DISTRICT, text=text, actor_id=OPERATOR, now=NOW)
        (found,) = examination._receivers()
        assert (found.good, "remind" in found.what) == (False, True)
        district.liaison()
        (found,) = examination._receivers()
        assert found.good


def test_bad_rulebooks_and_regions_are_refused(district):
    with pytest.raises(Flawed):
        rehearse("lights:\n  - {id: a, name: 甲, at: 80%}\n  - {id: b, name: 乙, at: 60%, colour: red}")
    with pytest.raises(errors.Invalid):
        services.rehearse(region="123456", text=book(""), now=NOW)


def test_the_command_prints_it(district, monkeypatch, tmp_path):
    monkeypatch.setattr(setting_up, "prepare", lambda: None)
    case = district.case("accept", "dispatch", "sign")
    file = tmp_path / "other.yaml"
    file.write_text(book("tiers: {ordinary: {due: 1wd}}"), encoding="utf-8")
    with clock.at(LATER):
        asked = ["rehearse", str(file), "--region", DISTRICT]
        document = json.loads(CliRunner().invoke(command.rulebook, [*asked, "--json"]).output)
        lines = CliRunner().invoke(command.rulebook, asked).output
    assert document["relit"] == [{"light": "green", "would_be": "red", "cases": 1}]
    assert [one["number"] for one in document["cases"]] == [case.number]
    assert "1 would change light today" in lines
    assert case.number in lines


def test_applying_says_what_it_means_and_moves_open_cases_only_when_asked(district, monkeypatch, tmp_path):
    monkeypatch.setattr(setting_up, "prepare", lambda: None)
    case = district.case("accept", "dispatch", "sign")
    file = tmp_path / "other.yaml"
    asked = ["apply", str(file), "--region", DISTRICT, "--json"]
    for due, more, moves in (("1wd", [], False), ("2wd", ["--move-open"], True)):
        file.write_text(book(f"tiers: {{ordinary: {{due: {due}}}}}"), encoding="utf-8")
        with clock.at(LATER):
            said = json.loads(CliRunner().invoke(command.rulebook, [*asked, *more]).output)
        assert (said["effect"]["due_earlier"], said["moves_open"]) == (1, moves)
        with database.writing():
            waiting = ProcrastinateJob.objects.filter(task_name="cases.move_to_rulebook", args__version_id=said["id"])
            assert waiting.count() == int(moves)
    assert district.fresh(case.number).rulebook_version == case.rulebook_version


def test_a_year_is_confirmed_after_a_dry_run_that_counts(district, monkeypatch, tmp_path):
    monkeypatch.setattr(setting_up, "prepare", lambda: None)
    workcalendar.load_official_days(now=NOW)
    late = dt.datetime(2026, 12, 30, 9, 0, tzinfo=NOW.tzinfo)
    with clock.at(late):
        case = district.case("accept", now=late)
        assert case.provisional
        file = tmp_path / "2027.csv"
        file.write_text("date,kind\n2027-01-01,rest\n2027-01-04,rest\n2027-05-01,rest\n2027-10-01,rest\n")
        asked = ["import", str(file), "--year", "2027", "--document", "测试通知", "--json"]
        tried = json.loads(CliRunner().invoke(calendar_command.calendar, [*asked, "--dry-run"]).output)
        assert (tried["clocks"], tried["due_later"], tried["settled"]) == (1, 1, 1)
        assert district.fresh(case.number).due_at == case.due_at
        assert 2027 not in calendars.known_years()
        took = json.loads(CliRunner().invoke(calendar_command.calendar, asked).output)
        assert took["due_later"] == 1
        assert 2027 in calendars.known_years()
