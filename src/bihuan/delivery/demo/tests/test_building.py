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
from bihuan.casework.registers.models import Exemplar, Institution
from bihuan.casework.registers.states import COMPETITIONS, EXEMPLARS, INSTITUTIONS, LESSONS, WARNINGS
from bihuan.delivery.demo import building, rhythm
from bihuan.delivery.demo.place import BOARDS, CITY, DEPARTMENTS, DISTRICT
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import recent
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.documents.models import Letter
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.ledger import verification
from bihuan.foundation.ledger.models import Checkpoint, Fact
from bihuan.foundation.rulebooks.models import RulebookVersion
from bihuan.mechanisms.accountability import selectors as accountability
from bihuan.mechanisms.accountability.states import CHECKS, INQUIRIES, POINTS
from bihuan.mechanisms.conference.states import DECISIONS, ITEMS, MEETINGS
from bihuan.mechanisms.evaluation import selectors as evaluation
from bihuan.mechanisms.findings.states import FINDINGS
from bihuan.mechanisms.instruments import selectors as instruments
from bihuan.mechanisms.instruments.states import KINDS
from bihuan.mechanisms.mandates.states import MANDATES, TASKS
from bihuan.mechanisms.oversight import selectors as oversight
from bihuan.mechanisms.projects.states import MILESTONES, PROJECTS
from bihuan.mechanisms.refusals.states import REFUSALS
from bihuan.mechanisms.retrospectives import selectors as retrospectives
from bihuan.mechanisms.retrospectives.states import RETROSPECTIVES
from bihuan.mechanisms.vault import selectors as clues
from bihuan.mechanisms.vault import services as vault
from bihuan.mechanisms.vault.states import Stage

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
    below = [one for one in listed if one["region"] == DISTRICT]
    assert {one["department"] for one in below if one["role"] == "liaison"} == set(DEPARTMENTS)
    assert {one["region"] for one in listed} == {DISTRICT, CITY}
    for role in Role:
        of_role = [one["region"] for one in listed if one["role"] == role]
        assert (of_role[0], of_role[-1]) == (DISTRICT, DISTRICT), (
            "whoever takes any account of a role gets the district's"
        )
    assert {one["board"] for one in listed if one["role"] == "board_head"} == set(BOARDS)
    assert len({one["password"] for one in listed}) == 1
    for one in listed:
        reader = accounts.reader_by_token(one["token"])
        assert reader is not None
        assert reader.roles == {one["role"]}
    someone = Person.objects.get(username="seat1")
    assert someone.check_password(listed[0]["password"])
    assert not someone.must_change_password
    firm = next(one for one in listed if one["role"] == "enterprise")
    assert Enterprise.objects.filter(uscc=firm["enterprise"]).exists()


def test_every_state_light_and_word_is_there(built):
    rows = list(Case.objects.filter(region=DISTRICT))
    assert len([row for row in rows if row.source != "dialogue"]) == 60
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


def test_letters_of_every_kind_are_written_and_followed(built):
    found = instruments.figures(actor=permissions.THE_SYSTEM)
    assert all(found[kind]["issued"] for kind in KINDS), found
    steps = {kind.removeprefix("instruments.") for kind in Fact.objects.values_list("kind", flat=True).distinct()}
    usual = {step for kind in KINDS.values() for step in kind.course} | {"drafted", "return_reply", "look_back"}
    assert usual - steps == set()
    numbers = list(Letter.objects.filter(region=DISTRICT).values_list("mark", "year", "serial"))
    last = Counter((mark, year) for mark, year, _serial in numbers)
    assert all(serial <= last[mark, year] for mark, year, serial in numbers)


def test_lists_of_oversight_are_worked_on_with_every_action(built):
    kinds = set(Fact.objects.values_list("kind", flat=True))
    asked = {f"findings.{row.action}" for row in FINDINGS.transitions}
    asked |= {f"projects.{row.action}" for machine in (PROJECTS, MILESTONES) for row in machine.transitions}
    asked |= {f"conduct.{name}" for name in ("drafted", "publish", "examined", "comment")}
    asked |= {f"handovers.{name}" for name in ("given", "sign", "report", "send_back", "settle", "take_back")}
    asked |= {f"mandates.{row.action}" for machine in (MANDATES, TASKS) for row in machine.transitions}
    asked |= {"mandates.window_opened", "mandates.window_close", "mandates.appointed"}
    # Each unclear duty would bring a matter that nobody planned; among sixty none may be open to block a project.
    assert asked - kinds - {"projects.block"} == {"findings.coordinate", "findings.follow_case"}


def test_orders_and_lists_of_supervision_are_worked_on(built):
    kinds = Counter(Fact.objects.filter(kind__startswith="oversight.").values_list("kind", flat=True))
    course = ("approve", "issue", "sign", "report", "verify", "close")
    assert all(kinds[f"oversight.order_{step}"] for step in course), kinds
    assert kinds["oversight.entry_acknowledge"] >= 2, kinds
    orders, _entries = oversight.waiting(region=DISTRICT)
    drafted = [one for one in orders if one.state == "drafted" and one.case.lead_department_id]
    assert all(one.drafted_at > NOW - dt.timedelta(days=5) for one in drafted)


def test_signs_are_answered_and_inquiries_take_their_course(built):
    kinds = Counter(Fact.objects.filter(kind__startswith="accountability.").values_list("kind", flat=True))
    named = {kind.removeprefix("accountability.") for kind in kinds}
    shown = {row.action for machine in (INQUIRIES, CHECKS, POINTS) for row in machine.transitions}
    assert shown - named == set(), kinds
    assert named >= {"sign_seen", "explain", "dismiss", "take_further", "grant"}, kinds
    found = accountability.waiting(region=DISTRICT)
    assert {one.state for one, _duties in found.inquiries} >= {"not_accepted", "cleared", "written_off", "referred"}
    assert all(one.applied_at > NOW - dt.timedelta(days=3) for one, _d in found.inquiries if one.state == "applied")


def test_refusals_are_reviewed_with_every_action(built):
    kinds = set(Fact.objects.filter(kind__startswith="refusals.").values_list("kind", flat=True))
    named = {kind.removeprefix("refusals.") for kind in kinds}
    # So few matters bring no more than eight refusals: the courses with these actions come after that many.
    assert {row.action for row in REFUSALS.transitions} - named <= {"lapse", "vote_again", "annul"}
    assert {"enrolled", "retired"} <= named
    assert Fact.objects.filter(kind="case.overturned").count() >= 3


def test_a_rule_was_changed_and_the_open_matters_went_along(built):
    first, second = RulebookVersion.objects.filter(region=DISTRICT).order_by("number")
    assert Fact.objects.filter(kind="case.rulebook_changed").exists()
    behind = Case.objects.filter(region=DISTRICT, state__in=OPEN, rulebook_version=first.id)
    assert not behind.exists()
    assert Case.objects.filter(rulebook_version=second.id).exists()


def test_some_matters_went_up_to_the_city_and_answers_came_down(built):
    kinds = Counter(Fact.objects.filter(kind__startswith="escalation.").values_list("kind", flat=True))
    assert kinds["escalation.received"] >= 2, kinds
    assert kinds["escalation.answered"] + kinds["escalation.lapse"] >= 1, kinds
    assert Case.objects.filter(region=CITY, channel="below").count() == kinds["escalation.received"]


def test_meetings_of_every_kind_use_every_action(built):
    kinds = set(Fact.objects.filter(kind__startswith="conference.").values_list("kind", flat=True))
    machines = {"meeting": MEETINGS, "item": ITEMS, "decision": DECISIONS}
    asked = {f"conference.{name}_{row.action}" for name, one in machines.items() for row in one.transitions}
    assert asked - kinds == set()
    assert {"conference.meeting_late", "conference.decision_late"} & kinds == {"conference.decision_late"}


def test_clues_stand_in_every_stage_and_two_officers_work_on_them(built):
    found = clues.counted(regions=[DISTRICT], since=NOW - dt.timedelta(days=200), until=NOW)
    assert set(found.stages) == {stage.value for stage in Stage} - {"filed"}
    assert set(found.forms) == {"first", "second", "third", "fourth"}
    assert vault.verify().ok


def test_cases_are_looked_back_at_with_every_action(built):
    kinds = set(Fact.objects.filter(kind__startswith="retrospectives.").values_list("kind", flat=True))
    asked = {f"retrospectives.{row.action}" for row in RETROSPECTIVES.transitions}
    # What the product does by itself has facts of its own; nothing that is looked back at was withdrawn again.
    assert asked - kinds == {"retrospectives.begin", "retrospectives.lapse"}
    assert "retrospectives.opened" in kinds
    waiting = retrospectives.waiting(region=DISTRICT, now=NOW)
    assert waiting
    assert all(one.case.state != "archived" for one in waiting if one.state != "concluded")


def test_the_district_learns_by_every_action(built):
    kinds = set(Fact.objects.filter(kind__startswith="registers.").values_list("kind", flat=True))
    machines = {
        "institution": INSTITUTIONS,
        "competition": COMPETITIONS,
        "exemplar": EXEMPLARS,
        "warning": WARNINGS,
        "lesson": LESSONS,
    }
    asked = {f"registers.{name}_{row.action}" for name, one in machines.items() for row in one.transitions}
    assert asked - kinds == set()
    assert Institution.objects.filter(source="conference").exists()
    assert not Exemplar.objects.filter(competition=None).exists()


def test_times_are_in_order_and_nothing_lies_in_the_future(built):
    for row in Case.objects.all():
        course = [row.raised_at, row.accepted_at, row.dispatched_at]
        known = [instant for instant in course if instant]
        assert known == sorted(known)
        assert all(at is None or at <= NOW for at in (row.closed_at, row.archived_at, row.replied_at))
        assert NOW - building.PERIOD - dt.timedelta(days=1) <= row.raised_at <= NOW
    assert Fact.objects.order_by("-at").first().at <= NOW


def test_numbers_are_gapless_and_in_order(built):
    rows = list(Case.objects.filter(region=DISTRICT).order_by("number").values_list("number", "raised_at"))
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
    assert Case.objects.filter(permissions.visible(everything)).count() == Case.objects.filter(region=DISTRICT).count()
    here = Case.objects.filter(region=DISTRICT).exclude(lead_department=None)
    leads = Counter(here.values_list("lead_department__code", flat=True))
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


def test_most_callbacks_were_made_by_people_outside(built):
    supervisor = permissions.Actor(reader=accounts.reader_of(Person.objects.get(username="supervision1").pk))
    rows, _more = evaluation.calls(actor=supervisor, now=NOW, state="", limit=500)
    calls = [row.call for row in rows]
    ended = [call for call in calls if call.state in ("done", "unreached")]
    assert sum(call.state == "done" for call in ended) > len(ended) / 2
    assert len(ended) > len(calls) / 2
    for call in ended:
        assert call.caller not in call.case.verifier_ids
        if call.caller is not None:
            grants = accounts.reader_of(call.caller).grants
            assert not {str(one) for one in call.unit_ids} & {unit for grant in grants for unit in grant.departments}


def test_windows_are_rated_and_enterprises_visited(built):
    with database.writing():
        kinds = Counter(Fact.objects.filter(kind__startswith="outreach.").values_list("kind", flat=True))
    steps = {"code_rated", "code_prompted", "code_hand_out", "follow_send_letter", "follow_call", "visit_report"}
    steps |= {"follow_answer_letter", "follow_write_off", "visit_registered", "visit_rated", "plan_made", "team_set_up"}
    steps |= {"campaign_made", "matter_put_up", "matter_tell_progress", "matter_write_off_matter"}
    assert {f"outreach.{one}" for one in steps} - set(kinds) == set()
    assert not Case.objects.filter(source="outreach.visit").exists()


def test_enterprises_are_asked_checked_and_paid(built):
    kinds = Counter(Fact.objects.values_list("kind", flat=True))
    assert kinds["inspections.check_report"] >= kinds["inspections.check_rated"] > 0
    assert kinds["policies.grant_offered"] > kinds["policies.grant_paid"] > kinds["policies.grant_refuse"] > 0
    steps = {"drafted", "edited", "sent", "answered", "sorted", "problem_found", "problem_settle"}
    assert {f"questionnaires.{one}" for one in steps} - set(kinds) == set()
    assert not Case.objects.filter(source="questionnaires").exists()
