"""Another rulebook: put into force with its effect on record; open cases move to it when asked, each for itself."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories, services
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import CoDepartment
from bihuan.casework.cases.rules import facts
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.accounts.models import SecurityEvent
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LATER = NOW + 3 * DAY
SHORT = "tiers: {ordinary: {due: 1wd, sign_within: 8wh}}\n"


@pytest.fixture
def district():
    made = factories.District()
    for role in ("supervision_office", "coordinator", "catch_all"):
        made.staff(role)
    return made


def put_into_force(text=SHORT, *, now=LATER, **more):
    with clock.at(now):
        return services.apply_rulebook(region=DISTRICT, text=text, name="短时限", actor_id=OPERATOR, now=now, **more)


def move_all(version, *, now=LATER):
    with clock.at(now):
        ids = services.to_move(version_id=version.id, after=None, now=now, limit=100)
        return [services.move_to_rulebook(case_id=one, version_id=version.id, actor_id=None, now=now) for one in ids]


def recorded(case, kind):
    with database.writing():
        return [ledger.content(fact)["data"] for fact in ledger.history(case.id) if fact.kind == kind]


def test_what_it_would_do_is_on_record_with_it_and_open_cases_keep_theirs(district):
    case = district.case("accept", "dispatch", "sign", "report_progress")
    done = put_into_force()
    assert (done.effect.seen, dict(done.effect.relit)) == (1, {("green", "red"): 1})
    said = SecurityEvent.objects.get(kind="rulebook.applied").data
    assert (said["open"], said["relit"], said["due_earlier"], said["would_be_overdue"]) == (1, 1, 1, 1)
    assert said["moves_open"] is False
    assert ["tiers.ordinary.due", "5wd", "1wd"] in said["values"]
    held = district.fresh(case.number)
    assert (held.rulebook_version, held.due_at) == (case.rulebook_version, case.due_at)


def test_open_cases_move_when_asked_and_their_lights_come_on_with_the_next_sweep(district):
    case = district.case("accept", "dispatch", "sign", "report_progress")
    closed = district.case("accept", "dispatch", "sign", "withdraw")
    done = put_into_force(move_open=True)
    assert move_all(done.version) == [True]
    moved = district.fresh(case.number)
    assert moved.rulebook_version == done.version.id
    assert moved.due_at < case.due_at
    assert moved.original_due_at == case.original_due_at
    assert district.fresh(closed.number).rulebook_version == closed.rulebook_version
    (said,) = recorded(case, "case.rulebook_changed")
    assert said["version"] == "短时限 1"
    assert (said["was_due_at"], said["due_at"]) == (facts.to_plain(case.due_at), facts.to_plain(moved.due_at))
    services.sweep(now=LATER)
    services.sweep(now=LATER + DAY)
    assert [one["light"] for one in recorded(case, "case.light_changed")] == ["yellow", "orange", "red"]
    with database.writing():
        assert Notice.objects.filter(key="case.follows.supervision_order", subject=case.number).count() == 2
        told = Notice.objects.filter(key="case.rulebook_changed.lead", person_id=district.liaison().person_id)
        assert told.count() == 1
        row = facts.replay(ledger.content(fact) for fact in ledger.history(case.id))
    assert row == {name: facts.to_plain(value) for name, value in facts.snapshot(district.fresh(case.number)).items()}
    assert move_all(done.version) == []


def test_what_was_granted_and_what_stood_still_stay(district):
    case = district.case("accept", "dispatch", "sign", "request_extension", "decide_extension", "ask_enterprise")
    days = case.extensions and recorded(case, "case.extension_decided")[0]["days"]
    done = put_into_force("tiers: {ordinary: {due: 4wd}}\n", now=NOW + DAY)
    assert move_all(done.version, now=NOW + DAY) == [True]
    moved = district.fresh(case.number)
    assert (moved.held_at, moved.extensions, days > 0) == (case.held_at, 1, True)
    answered = district.act(case.number, "answer", now=NOW + 2 * DAY)
    plain = district.case("accept", "dispatch", now=NOW)
    assert answered.due_at > plain.due_at


@pytest.mark.parametrize("asked", [False, True])
def test_a_co_department_is_drawn_in_with_a_shorter_whole_and_never_let_out(district, asked):
    case = district.case("accept")
    district.act(case.number, "dispatch", now=NOW + HOUR / 2, co=["water"])
    if asked:
        for action, hours in (("sign", 1), ("ask_enterprise", 26)):
            district.act(case.number, action, now=NOW + hours * HOUR)
    done = put_into_force("tiers: {ordinary: {due: 3wd}}\n", now=NOW + 29 * HOUR)
    before = co_reply(case)
    assert move_all(done.version, now=NOW + 29 * HOUR) == [True]
    if asked:
        district.act(case.number, "answer", now=NOW + 30 * HOUR)
    moved = district.fresh(case.number)
    shorter, row = co_reply(case)
    assert moved.due_at - shorter == DAY
    assert shorter < before[0]
    assert row < before[1]
    longer = put_into_force("tiers: {ordinary: {due: 9wd}}\n", now=NOW + 31 * HOUR)
    assert move_all(longer.version, now=NOW + 31 * HOUR) == [True]
    assert co_reply(case)[0] == shorter


def co_reply(case):
    """Return when the co-department's clock ends, and what its row says."""
    with database.writing():
        return Clock.objects.get(subject=case.id, kind="co_reply").due_at, CoDepartment.objects.get(case=case).due_at


def test_a_matter_moves_only_while_the_version_is_in_force_and_not_against_a_nearer_one(district):
    case = district.case("accept")
    first = put_into_force()
    second = put_into_force("tiers: {ordinary: {due: 2wd}}\n", now=LATER + dt.timedelta(hours=1))
    later = LATER + dt.timedelta(hours=2)
    assert move_all(first.version, now=later) == [False]
    with clock.at(later):
        above = services.apply_rulebook(region=DISTRICT[:4] + "00", text=SHORT, actor_id=OPERATOR, now=later)
    assert above.effect.seen == 0
    assert move_all(above.version, now=later) == []
    assert move_all(second.version, now=later) == [True]
    assert district.fresh(case.number).rulebook_version == second.version.id
