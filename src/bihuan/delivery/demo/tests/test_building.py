"""A small demonstration, really built: through the services, twice alike, and finished after an interruption."""

import datetime as dt
import json
import os
from collections import Counter
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from bihuan.casework.cases import permissions
from bihuan.casework.cases.models import Attachment, Case, Plan
from bihuan.casework.cases.rules import facts
from bihuan.casework.cases.states import OPEN, CaseState
from bihuan.delivery.demo import building, rhythm
from bihuan.delivery.demo.place import BOARDS, DEPARTMENTS, DISTRICT
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import recent
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.ledger import verification
from bihuan.foundation.ledger.models import Checkpoint, Fact

NOW = dt.datetime(2026, 11, 20, 15, 0, tzinfo=rhythm.ZONE)

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker, tmp_path_factory):
    """Sixty cases, built once for all tests that only look; the folder they left behind."""
    folder = tmp_path_factory.mktemp("demonstration")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder):
        recent.forget_all()
        building.build(folder=folder, cases=60, now=NOW)
        yield folder
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def built(demonstration, django_db_blocker, settings):
    """The demonstration as a test may look at it; nothing is rolled back, so nothing may be changed."""
    settings.DATA_DIR = demonstration
    with django_db_blocker.unblock(), database.writing(), clock.at(NOW):
        yield demonstration


def test_accounts_are_private_complete_and_work(built):
    path = built / "demo-accounts.json"
    assert path.stat().st_mode & 0o777 == 0o600
    listed = json.loads(path.read_text())
    assert {one["role"] for one in listed} == set(Role)
    assert {one["department"] for one in listed if one["role"] == "liaison"} == set(DEPARTMENTS)
    assert {one["board"] for one in listed if one["role"] == "board_head"} == set(BOARDS)
    assert len({one["password"] for one in listed}) == 1
    for one in listed:
        reader = accounts.reader_by_token(one["token"])
        assert reader is not None
        assert reader.roles == {one["role"]}
        assert one["region"] == DISTRICT
    someone = Person.objects.get(username="seat1")
    assert someone.check_password(listed[0]["password"])
    assert not someone.must_change_password
    firm = next(one for one in listed if one["role"] == "enterprise")
    assert Enterprise.objects.filter(uscc=firm["enterprise"]).exists()


def test_every_state_light_and_word_is_there(built):
    rows = list(Case.objects.all())
    assert len(rows) == 60
    assert {row.state for row in rows} == {state.value for state in CaseState}
    assert {row.closed_kind for row in rows} >= {"resolved", "explained", "alternative", "tracked", "withdrawn"}
    assert {row.word for row in rows} == {"pending", "confirmed", "denied", "no_response"}
    assert {row.achieved for row in rows} == {True, False, None}
    assert {_light(row) for row in rows if row.state in OPEN} >= {"green", "yellow", "orange", "red"}
    assert any(row.extension for row in rows)
    assert any(row.extensions for row in rows)
    assert any(row.suspension and row.suspension["granted"] is None for row in rows)
    for name in (
        "anonymous",
        "reworks",
        "reopenings",
        "returns",
        "hand_offs",
        "bound",
        "escalated_to",
        "rating_result",
    ):
        assert any(getattr(row, name) for row in rows), name
    assert any(row.merged_into_id for row in rows)
    assert any(row.replied_at and row.replied_at > row.original_due_at for row in rows)
    assert Plan.objects.exists()
    assert Attachment.objects.exists()


def _light(row):
    reached = sum(at <= (row.held_at or NOW) for at in row.light_at)
    return row.light_ids[max(reached - 1, 0)]


def test_tracked_matters_are_told_about_and_bulletins_are_sent(built):
    kinds = Counter(Fact.objects.filter(kind__startswith="tracking.").values_list("kind", flat=True))
    assert min(kinds["tracking.progress_reported"], kinds["tracking.bulletin_published"]) >= 3, kinds


def test_times_are_in_order_and_nothing_lies_in_the_future(built):
    for row in Case.objects.all():
        course = [row.raised_at, row.accepted_at, row.dispatched_at]
        known = [instant for instant in course if instant]
        assert known == sorted(known)
        assert all(at is None or at <= NOW for at in (row.closed_at, row.archived_at, row.replied_at))
        assert NOW - building.PERIOD - dt.timedelta(days=1) <= row.raised_at <= NOW
    assert Fact.objects.order_by("-at").first().at <= NOW


def test_numbers_are_gapless_and_in_order(built):
    rows = list(Case.objects.order_by("number").values_list("number", "raised_at"))
    assert [at for _number, at in rows] == sorted(at for _number, at in rows)
    by_month = Counter(number.rsplit("-", 1)[0] for number, _at in rows)
    for month, count in by_month.items():
        last = max(number for number, _at in rows if number.startswith(month))
        assert int(last.rsplit("-", 1)[1]) == count


def test_replaying_the_facts_gives_the_rows(built):
    for row in Case.objects.all():
        stored = Fact.objects.filter(stream=row.id).order_by("seq").values_list("canonical", flat=True)
        replayed = facts.replay(json.loads(text) for text in stored)
        assert replayed == {name: facts.to_plain(value) for name, value in facts.snapshot(row).items()}, row.number


def test_the_ledger_is_whole_and_sealed_each_month(built):
    report = verification.verify()
    assert not report.flaws
    assert Checkpoint.objects.count() >= 5
    assert report.pending == 0


def test_figures_agree_whoever_counts(built):
    everything = permissions.Actor(reader=accounts.reader_of(Person.objects.get(username="coordinator1").id))
    assert Case.objects.filter(permissions.visible(everything)).count() == 60
    leads = Counter(Case.objects.exclude(lead_department=None).values_list("lead_department__code", flat=True))
    for code, count in leads.items():
        reader = accounts.reader_of(Person.objects.get(username=f"liaison-{code}").id)
        mine = Case.objects.filter(permissions.visible(permissions.Actor(reader=reader)), lead_department__code=code)
        assert mine.count() == count


def test_a_finished_one_is_left_as_it_is(built):
    before = Fact.objects.count()
    again = building.build(folder=built, cases=500, now=NOW + dt.timedelta(days=3))
    assert again == json.loads((built / "demo-accounts.json").read_text())
    assert Fact.objects.count() == before


def test_an_installation_in_use_is_refused(built, tmp_path):
    with pytest.raises(errors.Conflict) as refused:
        building.build(folder=tmp_path, cases=5, now=NOW)
    assert refused.value.code == "demo_not_empty"


def _seen():
    """What anybody can see of the cases: numbers, texts, states, and every fact with its time and words."""
    with database.writing():
        rows = Case.objects.order_by("number").values_list(
            "number",
            "title",
            "description",
            "channel",
            "state",
            "word",
            "closed_kind",
            "due_at",
            "raised_at",
            "last_seq",
        )
        stored = Fact.objects.order_by("stream", "seq").values_list("stream", "seq", "kind", "at")
        numbers = dict(Case.objects.values_list("id", "number"))
        told = sorted((numbers[stream], seq, kind, at) for stream, seq, kind, at in stored if stream in numbers)
        return list(rows), told


@pytest.fixture
def helpers_find_the_test_database(monkeypatch, settings):
    given = connection.settings_dict
    query = urlencode({"host": given["HOST"], "port": given["PORT"] or "5432"})
    monkeypatch.setitem(os.environ, "BIHUAN_DATABASE_URL", f"postgresql://{given['USER']}@/{given['NAME']}?{query}")
    monkeypatch.setitem(os.environ, "BIHUAN_DATA", str(settings.DATA_DIR))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("helpers_find_the_test_database")
def test_twice_alike_with_two_processes_and_after_an_interruption(tmp_path):
    folder = django_settings.DATA_DIR
    building.build(folder=folder, cases=30, now=NOW)
    once = _seen()
    call_command("flush", verbosity=0, interactive=False)
    recent.forget_all()
    (folder / building.MARKER).unlink()

    def give_up(done, total, _at):
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.build(folder=folder, cases=30, now=NOW, processes=2, progress=give_up)
    assert 0 < len(_seen()[1]) < len(once[1])
    building.build(folder=folder, cases=999, now=NOW + dt.timedelta(days=1), processes=2)
    assert _seen() == once


@pytest.mark.django_db(transaction=True)
def test_another_plan_does_not_finish_what_this_one_began(monkeypatch):
    folder = django_settings.DATA_DIR

    def give_up(*_told):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.build(folder=folder, cases=3, now=NOW, progress=give_up)
    kept = json.loads((folder / building.MARKER).read_text())
    (folder / building.MARKER).write_text(json.dumps(kept | {"cases": 4}))
    with pytest.raises(errors.Conflict) as refused:
        building.build(folder=folder, cases=3, now=NOW)
    assert refused.value.code == "demo_differs"
