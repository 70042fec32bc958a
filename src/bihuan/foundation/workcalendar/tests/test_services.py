import datetime as dt
import uuid

import pytest

from bihuan.foundation.kernel import errors, events
from bihuan.foundation.kernel.workdays import Duration
from bihuan.foundation.workcalendar import selectors, services
from bihuan.foundation.workcalendar.events import CalendarChanged
from bihuan.foundation.workcalendar.models import CalendarDay, CalendarVersion

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
WHO = uuid.UUID(int=7)
NOTICE_2027 = """date,kind,name
2027-01-01,rest,元旦
2027-01-02,rest,元旦
2027-01-03,rest,元旦
2027-02-05,rest,春节
2027-02-20,work,春节
2027-05-01,rest,劳动节
2027-10-01,rest,国庆节
"""


@pytest.fixture
def heard(monkeypatch):
    """Every CalendarChanged published in the test."""
    found: list[CalendarChanged] = []
    monkeypatch.setitem(events._handlers, CalendarChanged, [found.append])
    return found


def import_2027(content: str = NOTICE_2027, *, now=NOW, dry_run=False, **options):
    values = {"filename": "2027.csv", "year": 2027, "document": "国办发明电〔2026〕9号"}
    notice = services.Notice(content=content.encode(), **(values | options))
    return services.import_days(notice=notice, actor_id=WHO, now=now, dry_run=dry_run)


def test_official_days_load_once(heard):
    assert services.load_official_days(now=NOW) == CalendarDay.objects.count() > 250
    assert services.load_official_days(now=NOW) == 0
    assert [e.confirmed_years for e in heard] == [tuple(range(2018, 2027))]
    assert (heard[0].first_day, heard[0].last_day) == (dt.date(2017, 12, 25), dt.date(2026, 12, 31))
    assert selectors.calendar_for("330114").version == heard[0].version == selectors.version()


def test_the_packaged_days_hold_before_anything_is_loaded():
    calendar = selectors.calendar_for("330114")
    assert calendar.version == 0
    assert calendar.known_years == set(range(2018, 2027))
    assert not calendar.is_workday(dt.date(2026, 10, 1))


def test_a_release_may_correct_its_own_days_but_not_imported_ones():
    services.load_official_days(now=NOW)
    CalendarDay.objects.filter(date=dt.date(2026, 10, 1)).update(name="Typing error")
    CalendarDay.objects.filter(date=dt.date(2026, 10, 2)).update(name="Ours", origin="imported")
    CalendarDay.objects.create(
        date=dt.date(2026, 11, 2), year=2026, kind="rest", source_doc="x", confirmed=True, origin="packaged"
    )
    assert services.load_official_days(now=NOW) == 2
    assert CalendarDay.objects.get(date=dt.date(2026, 10, 1)).name == "国庆节"
    assert CalendarDay.objects.get(date=dt.date(2026, 10, 2)).name == "Ours"
    assert not CalendarDay.objects.filter(date=dt.date(2026, 11, 2)).exists()


def test_an_import_confirms_a_provisional_year(heard):
    start, duration = dt.datetime(2026, 12, 30, 2, tzinfo=dt.UTC), Duration.parse("5wd")
    before = selectors.calendar_for("330114").add(start, duration)
    assert before.provisional
    result = import_2027()
    assert (result.days, result.changed, result.confirmed_years) == (7, 7, (2027,))
    after = selectors.calendar_for("330114").add(start, duration)
    assert not after.provisional
    assert after.at == dt.datetime(2027, 1, 7, 9, 30, tzinfo=dt.UTC)
    assert heard[-1].first_day == dt.date(2026, 12, 25)
    assert heard[-1].confirmed_years == (2027,)
    journal = CalendarVersion.objects.latest("number")
    assert (journal.what, journal.actor_id, journal.detail["document"]) == ("imported", WHO, "国办发明电〔2026〕9号")
    assert import_2027().changed == 0
    assert selectors.version() == journal.number


def test_an_unconfirmed_import_stays_provisional():
    import_2027(confirmed=False)
    calendar = selectors.calendar_for("330114")
    assert 2027 not in calendar.known_years
    assert not calendar.is_workday(dt.date(2027, 2, 5))
    assert import_2027().confirmed_years == (2027,)
    assert 2027 in selectors.known_years()


def test_a_dry_run_leaves_nothing():
    services.load_official_days(now=NOW)
    version = selectors.version()
    assert import_2027(dry_run=True).changed == 7
    assert selectors.version() == version
    assert not CalendarDay.objects.filter(year=2027).exists()


def test_a_new_file_replaces_the_year_and_an_amendment_changes_it():
    import_2027()
    import_2027(NOTICE_2027.replace("2027-02-05", "2027-02-06"))
    assert not CalendarDay.objects.filter(date=dt.date(2027, 2, 5)).exists()
    result = import_2027("date,kind,name\n2027-02-20,plain,\n2027-02-08,rest,春节\n", amend=True)
    assert (result.days, result.removed, result.changed) == (1, 1, 2)
    calendar = selectors.calendar_for("330114")
    assert not calendar.is_workday(dt.date(2027, 2, 20))
    assert not calendar.is_workday(dt.date(2027, 2, 8))
    assert 2027 in calendar.known_years


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"content": "date,kind\n2027-01-01,what\n"}, "calendar_file_invalid"),
        ({"content": "date,kind\n2028-05-01,rest\n", "amend": True, "year": 2028}, "calendar_year_unknown"),
        ({"document": "  "}, "calendar_document_missing"),
        ({"year": 1999}, "calendar_year"),
        ({"filename": "2027.docx"}, "calendar_file_unreadable"),
    ],
)
def test_what_cannot_be_imported_is_refused(options, code):
    with pytest.raises(errors.Invalid) as caught:
        import_2027(**options)
    assert caught.value.code == code
    if code == "calendar_file_invalid":
        assert caught.value.document()["errors"][0]["line"] == 2


def test_office_hours_hold_from_their_day_on(heard):
    today = dt.date(2026, 11, 22)
    row = services.set_office_hours(region="330000", hours="09:00-17:00", valid_from=today, actor_id=WHO, now=NOW)
    assert row.hours == "09:00-17:00"
    assert heard[-1].regions == ("330000",)
    calendar = selectors.calendar_for("330114")
    assert str(calendar.hours_on(dt.date(2026, 11, 20))) == "08:30-12:00, 13:30-17:30"
    assert str(calendar.hours_on(today)) == "09:00-17:00"
    assert selectors.calendar_for("370214").hours_on(today).length == dt.timedelta(hours=7.5)
    again = services.set_office_hours(region="330000", hours="9:00-17:00", valid_from=today, actor_id=WHO, now=NOW)
    assert again is None
    assert len(heard) == 1
    span = services.set_office_hours(
        region="330000",
        hours="08:30-17:30",
        breaks="12:00-13:30",
        valid_from=dt.date(2026, 12, 1),
        actor_id=WHO,
        now=NOW,
        after_hours="next_day",
    )
    assert (span.hours, span.after_hours) == ("08:30-12:00, 13:30-17:30", "next_day")
    assert heard[-1].first_day == dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"hours": "17:00-09:00"}, "office_hours_invalid"),
        ({"timezone": "Mars/Olympus"}, "office_hours_invalid"),
        ({"after_hours": "whenever"}, "office_hours_invalid"),
        ({"timezone": "Asia/Urumqi"}, "office_hours_timezone"),
        ({"valid_from": dt.date(2026, 11, 21)}, "office_hours_in_the_past"),
    ],
)
def test_wrong_office_hours_are_refused(options, code):
    values = {
        "region": "330114",
        "hours": "09:00-16:00",
        "valid_from": dt.date(2026, 11, 22),
        "actor_id": WHO,
        "now": NOW,
    }
    services.set_office_hours(**values)
    with pytest.raises(errors.Invalid) as caught:
        services.set_office_hours(**(values | {"hours": "10:00-16:00"} | options))
    assert caught.value.code == code


def test_one_calendar_serves_all_regions_with_the_same_hours(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(selectors, "_STALE_AFTER", 5.0)
    with django_assert_num_queries(3):
        first = selectors.calendar_for("330114")
    with django_assert_num_queries(0):
        assert selectors.calendar_for("370214") is first
        assert selectors.calendar_for("330114") is first


def test_a_preview_changes_nothing():
    from bihuan.foundation.workcalendar import rules

    days = [rules.OfficialDay(dt.date(2027, 2, 8), 2027, False, "春节", "draft")]
    preview = selectors.calendar_if("330114", days=days, year=2027)
    assert not preview.is_workday(dt.date(2027, 2, 8))
    assert 2027 in preview.known_years
    assert selectors.calendar_for("330114").is_workday(dt.date(2027, 2, 8))
