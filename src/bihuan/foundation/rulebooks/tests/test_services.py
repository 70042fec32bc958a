import datetime as dt
import threading
import uuid

import pytest
from django.db import IntegrityError, connection, connections, transaction

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Appointment, Person
from bihuan.foundation.directory import recent
from bihuan.foundation.directory.models import Region
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import database, errors, events
from bihuan.foundation.rulebooks import loader, selectors, services
from bihuan.foundation.rulebooks.events import RulebookApplied
from bihuan.foundation.rulebooks.flaws import Flawed
from bihuan.foundation.rulebooks.models import RulebookVersion
from bihuan.foundation.rulebooks.sections import Calendar
from bihuan.foundation.workcalendar import selectors as calendars

NOW = dt.datetime(2026, 11, 20, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def forgetful():
    recent.forget_all()
    yield
    recent.forget_all()


def make_regions():
    for code, level, parent in (
        ("330000", "province", None),
        ("330100", "city", "330000"),
        ("330114", "county", "330100"),
        ("330114001", "town", "330114"),
        ("330200", "city", "330000"),
    ):
        Region.objects.create(code=code, name=code, level=level, parent_id=parent, pinyin=code)


@pytest.fixture
def regions(db):
    make_regions()


def after(text: str) -> str:
    return f"silence: {{after: {text}}}"


def put(region: str, text: str, *, now=NOW, **more):
    return services.apply(region=region, text=text, actor_id=OPERATOR, now=now, **more)


def silence(region: str, at=NOW) -> str:
    return str(selectors.in_force(region, at).section("silence").after)


@pytest.mark.usefixtures("regions")
class TestInForce:
    def test_the_packaged_default_where_nobody_decided(self):
        book = selectors.in_force("330114", NOW)
        assert (book.region, book.number, book.name) == ("000000", 1, "default")
        assert selectors.in_force("330200", NOW - 1000 * DAY).id == book.id

    def test_the_nearest_region_counts(self):
        put("330000", after("7wd"))
        put("330114", after("9wd"))
        assert [silence(code) for code in ("330114", "330114001", "330100", "330200", "440100")] == [
            "9wd",
            "9wd",
            "7wd",
            "7wd",
            "5wd",
        ]

    def test_versions_follow_each_other_in_time(self):
        put("330114", after("7wd"))
        put("330114", after("8wd"), effective_from=NOW + 2 * DAY)
        put("330114", after("9wd"), now=NOW + DAY)
        assert [silence("330114", NOW + hours * DAY) for hours in (-1, 0, 1, 2)] == ["5wd", "7wd", "9wd", "8wd"]
        assert [row.number for row in selectors.history("330114")] == [3, 2, 1]

    def test_a_case_keeps_the_version_it_was_raised_under(self):
        pinned = selectors.in_force("330114", NOW).id
        put("330114", after("9wd"))
        assert str(selectors.version(pinned).section("silence").after) == "5wd"
        assert selectors.version(pinned) is selectors.version(pinned)

    def test_sections_by_name_and_by_model(self):
        book = selectors.in_force("330114", NOW)
        assert book.section(Calendar) is book.section("calendar")
        with pytest.raises(LookupError):
            book.section("nonsense")

    def test_an_unknown_version(self):
        with pytest.raises(errors.NotFound):
            selectors.version(uuid.uuid4())

    def test_a_warm_read_asks_the_database_nothing(self, django_assert_num_queries, settings):
        settings.MODE = "production"
        selectors.in_force("330114", NOW)
        with django_assert_num_queries(0):
            selectors.in_force("330114", NOW)

    def test_works_for_readers_without_any_right(self):
        services.ensure_default(now=NOW)
        with database.reading(database.Scope(kind="reader")):
            assert silence("330114") == "5wd"


@pytest.mark.usefixtures("regions")
class TestApply:
    def test_a_packaged_name(self):
        version = services.apply(region="330114", name="qiantang", actor_id=None, now=NOW, note="  first\n ")
        assert (version.number, version.name, version.note, version.applied_by) == (1, "qiantang", "first", None)
        assert version.text == loader.packaged("qiantang")
        assert len(selectors.in_force("330114", NOW).section("lights").root) == 4

    def test_the_same_again_adds_nothing(self):
        first = put("330114", after("7wd"))
        again = put("330114", after("7wd"), now=NOW + DAY)
        assert again.id == first.id
        assert RulebookVersion.objects.filter(region="330114").count() == 1

    def test_another_comment_is_another_text(self):
        put("330114", after("7wd"))
        second = put("330114", after("7wd") + " # agreed on Monday")
        assert second.number == 2
        assert selectors.history("330114")[0].sha == selectors.history("330114")[1].sha

    def test_tells_others(self, monkeypatch):
        heard = []
        monkeypatch.setitem(events._handlers, RulebookApplied, [heard.append])
        version = put("330114", after("7wd"))
        put("330114", after("7wd"))
        assert [(event.version_id, event.region, event.number) for event in heard] == [(version.id, "330114", 1)]

    def test_office_hours_follow_when_the_text_states_them(self):
        def hours(region, day=dt.date(2026, 11, 20)):
            return str(calendars.calendar_for(region).hours_on(day))

        put("330114", after("7wd"))
        assert hours("330114") == "08:30-12:00, 13:30-17:30"
        put("330114", "calendar: {office_hours: 09:00-17:00, breaks: ''}", effective_from=NOW + 3 * DAY)
        assert hours("330114") == "08:30-12:00, 13:30-17:30"
        assert hours("330114", dt.date(2026, 11, 23)) == "09:00-17:00"
        assert hours("330200", dt.date(2026, 11, 23)) == "08:30-12:00, 13:30-17:30"

    def test_a_flawed_one_changes_nothing_and_lists_every_flaw(self):
        with pytest.raises(Flawed) as caught:
            services.apply(region="330114", name="mine", text="a: 1\nb: 2", actor_id=None, now=NOW)
        document = caught.value.document()
        assert document["status"] == 422
        assert document["code"] == "rulebook_flawed"
        assert [(flaw["source"], flaw["line"], flaw["field"]) for flaw in document["flaws"]] == [
            ("mine.yaml", 1, "a"),
            ("mine.yaml", 2, "b"),
        ]
        assert not RulebookVersion.objects.filter(region="330114").exists()

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"text": "", "effective_from": NOW - DAY}, "effective_in_the_past"),
            ({}, "rulebook_absent"),
            ({"name": "atlantis"}, "rulebook_unknown"),
            ({"text": "", "region": "999999"}, "region_unknown"),
            ({"text": "", "region": "x"}, "region_invalid"),
        ],
    )
    def test_what_is_refused(self, more, code):
        with pytest.raises(errors.Problem) as caught:
            services.apply(**({"region": "330114", "actor_id": None, "now": NOW} | more))
        assert caught.value.code == code

    def test_only_a_system_administrator_of_the_region(self):
        person = Person.objects.create(username="li", display_name="Li", pinyin="li", created_at=NOW)
        book = {"text": after("7wd"), "actor_id": person.id}
        with pytest.raises(errors.Forbidden):
            services.apply(region="330114", now=NOW, **book)
        Appointment.objects.create(
            person=person, role="system_admin", region="330114", since=NOW - 400 * DAY, appointed_by=OPERATOR
        )
        accounts.forget()
        assert services.apply(region="330114", now=NOW, **book).applied_by == person
        assert services.apply(region="330114001", now=NOW, **book).region == "330114001"
        with pytest.raises(errors.Forbidden):
            services.apply(region="330200", now=NOW, **book)


@pytest.mark.usefixtures("regions")
class TestKept:
    @pytest.mark.parametrize(
        "statement", ["update rulebooks_rulebookversion set text = ''", "delete from rulebooks_rulebookversion"]
    )
    def test_versions_cannot_be_changed_or_deleted(self, statement):
        put("330114", after("7wd"))
        with pytest.raises(IntegrityError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_a_release_with_other_defaults_brings_a_version_that_counts_from_then(self, monkeypatch):
        first = services.ensure_default(now=NOW)
        assert services.ensure_default(now=NOW + DAY).id == first.id
        monkeypatch.setattr(loader, "packaged", lambda name: after("9wd"))
        second = services.ensure_default(now=NOW + DAY)
        assert second.number == 2
        assert [silence("330200", NOW + days * DAY) for days in (0, 2)] == ["5wd", "9wd"]


@pytest.mark.usefixtures("regions")
class TestDiffAndCheck:
    def test_between_names_versions_and_texts(self):
        version = put("330114", after("9wd"))
        assert services.diff(a="default", b=str(version.id)) == [("silence.after", "5wd", "9wd")]
        assert services.diff(a=str(version.id), b=after("9wd")) == []
        assert services.diff(a="duplicates: {similarity: 82%}", b="default") == []
        paths = [path for path, _, _ in services.diff(a="qiantang", b="dinghai")]
        assert "lights.blue" in paths
        assert "name.zh" in paths

    def test_what_does_not_exist(self):
        with pytest.raises(errors.NotFound):
            services.diff(a="default", b=str(uuid.uuid4()))
        with pytest.raises(errors.NotFound):
            services.diff(a="default", b="atlantis")

    def test_check_returns_flaws(self):
        assert services.check(text="") == []
        assert [flaw.field for flaw in services.check(text="a: 1", source="f.yaml")] == ["a"]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_administrators_apply_at_the_same_moment(self):
        make_regions()
        barrier = threading.Barrier(4)
        failures = []

        def work(number):
            barrier.wait()
            try:
                put("330114", after(f"{number % 2 + 6}wd"))
            except Exception as error:
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        numbers = sorted(RulebookVersion.objects.filter(region="330114").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert 2 <= len(numbers) <= 4

    def test_first_use_by_several_at_once_stores_the_default_once(self):
        found = []

        def work():
            found.append(selectors.in_force("330114", NOW).id)
            connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(found)) == 1
        assert RulebookVersion.objects.count() == 1
