"""Sums follow the matters and can be proved; what is left out takes two; what is published stays."""

import datetime as dt
import hashlib
import inspect

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.analytics.scoreboard import exports, services
from bihuan.analytics.scoreboard.models import Basis, Edition, Rollup, Tally
from bihuan.analytics.scoreboard.rules import counting
from bihuan.analytics.scoreboard.rules.counting import Level
from bihuan.analytics.scoreboard.services import tallying
from bihuan.casework.cases.factories import DISTRICT
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory import services as places
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice

from .conftest import AFTER, DONE, OCTOBER, THEN


def test_each_matter_counts_once_a_level_and_the_sums_are_what_a_recount_gives(house):
    for _ in range(3):
        house.done("housing", rating=5)
    house.done("water", rating=1)
    house.done("water", until=3)
    services.settle(now=AFTER)
    for level, unit, counted, hits in [
        (Level.DEPARTMENT, "housing", 3, 3),
        (Level.DEPARTMENT, "water", 2, 1),
        (Level.BOARD, "projects", 5, 4),
        (Level.REGION, DISTRICT, 5, 4),
    ]:
        figure = house.figure(unit, "on_time_rate", level=level)
        assert (figure.counted, figure.hits) == (counted, hits), level
    assert house.figure("water", "satisfaction").value == 0
    assert services.check(now=AFTER).ok
    before = exports.document(house.board())
    assert services.fold() > 0
    assert exports.document(house.board()) == before
    assert services.check(now=AFTER).ok
    assert services.rebuild(now=AFTER) == 5
    assert exports.document(house.board()) == before
    assert services.check(now=AFTER).ok


def test_counting_again_changes_nothing_and_another_course_moves_what_was_counted(house):
    case = house.done(rating=1)
    with database.writing():
        rows = Rollup.objects.count()
        assert services.recount(case_id=case.id, now=AFTER) is False
        assert Rollup.objects.count() == rows
    assert house.figure("housing", "satisfaction").hits == 0
    house.act(case.number, "rate", now=THEN + dt.timedelta(hours=2), process=5, result=5)
    assert house.figure("housing", "satisfaction").hits == 1
    house.act(case.number, "reopen", now=THEN + dt.timedelta(hours=3))
    assert house.figure("housing", "achieved_rate").counted == 0
    assert services.check(now=AFTER).ok


def test_a_false_sum_is_found_told_and_mended(house):
    case = house.done()
    with database.writing():
        Rollup.objects.filter(level="department", hits=1).update(hits=0)
        Tally.objects.filter(case=case).update(board="catch")
    report = services.check_nightly(now=AFTER)
    assert report.matters == (case.number,)
    assert report.cells
    with database.writing():
        assert Notice.objects.filter(key="scoreboard.differs").exists()
    services.rebuild(now=AFTER)
    assert services.check(now=AFTER).ok


def test_what_is_left_out_needs_two_people_and_is_counted(house):
    case = house.done()
    desk, office = house.staff("supervision_office"), house.staff("leader")
    with pytest.raises(errors.Invalid):
        services.propose_exclusion(number=case.number, index="beauty", reason="x", actor=desk, now=AFTER)
    made = services.propose_exclusion(
        number=case.number, index="on_time_rate", reason="系统停机", actor=desk, now=AFTER
    )
    assert house.figure("housing", "on_time_rate").counted == 1
    decide = {"exclusion_id": made.id, "action": "grant", "reason": "属实", "now": AFTER}
    with pytest.raises(errors.Forbidden) as own:
        services.decide_exclusion(**decide, actor=desk)
    assert own.value.code == "own_proposal"
    services.decide_exclusion(**decide, actor=office)
    figure = house.figure("housing", "on_time_rate")
    assert (figure.counted, figure.excluded) == (0, 1)
    with pytest.raises(errors.Conflict):
        services.decide_exclusion(**decide, actor=office)
    assert services.check(now=AFTER).ok
    with database.writing():
        kinds = [fact.kind for fact in ledger.history(made.id)]
    assert kinds == ["scoreboard.exclusion_proposed", "scoreboard.exclusion_granted"]
    with pytest.raises(errors.Forbidden):
        services.propose_exclusion(
            number=case.number, index="satisfaction", reason="x", actor=house.liaison(), now=AFTER
        )


def test_a_merged_and_a_renamed_department_go_on_in_their_successor_under_all_names(house):
    house.done("housing")
    house.done("water")
    water, housing = (directory.department(DISTRICT, code) for code in ("water", "housing"))
    on = dt.date(2026, 10, 20)
    by = {"actor_id": OPERATOR, "now": AFTER}
    places.merge_department(department_id=water.id, into_id=housing.id, on=on, **by)
    old = housing.name
    places.update_department(department_id=housing.id, name="住房建设和水务局", **by)
    line = house.board().line("housing")
    assert line.figures["on_time_rate"].counted == 2
    assert set(line.unit.former) == {old, water.name}
    assert house.board().line("water") is None


def test_an_edition_is_checked_published_frozen_and_never_changed(house):
    house.done(rating=5)
    centre, leader = house.staff("coordinator"), house.staff("leader")
    with pytest.raises(errors.Invalid):
        services.draft(region=DISTRICT, month=OCTOBER + 1, actor=centre, now=AFTER)
    made = house.edition(until="send_for_check")
    with pytest.raises(errors.Conflict) as early:
        services.take(edition_id=made.id, action="publish", actor=leader, now=AFTER, body={"audience": "public"})
    assert early.value.code == "check_runs"
    services.take(edition_id=made.id, action="remark", actor=house.liaison(), now=AFTER, body={"text": "少算一件"})
    later = AFTER + dt.timedelta(days=7)
    publish = {
        "edition_id": made.id,
        "action": "publish",
        "actor": leader,
        "now": later,
        "body": {"audience": "public"},
    }
    with pytest.raises(errors.Conflict) as open_:
        services.take(**publish)
    assert open_.value.code == "remarks_open"
    with database.writing():
        remark = Edition.objects.get(pk=made.id).remarks.get()
    answer = {"remark": str(remark.id), "text": "已核实"}
    services.take(edition_id=made.id, action="answer_remark", actor=centre, now=later, body=answer)
    published = services.take(**publish)
    assert services.freeze_due(now=later + dt.timedelta(days=3)) == 0
    assert services.freeze_due(now=later + dt.timedelta(days=14)) == 1
    with database.writing():
        frozen = Edition.objects.get(pk=made.id)
        assert exports.digest(frozen.content) == frozen.sha256 == published.sha256
        facts = [ledger.content(fact) for fact in ledger.history(made.id)]
    assert facts[-1]["kind"] == "scoreboard.edition_frozen"
    assert facts[-1]["data"]["sha256"] == frozen.sha256
    for change in ("content = '{}'", "version = 9", "audience = 'internal'"):
        with pytest.raises(DatabaseError), transaction.atomic(), database.writing(), connection.cursor() as cursor:
            cursor.execute(f"update scoreboard_edition set {change} where id = %s", [made.id])
    with pytest.raises(errors.Conflict):
        services.take(edition_id=made.id, action="take_back", actor=leader, now=later, body={"reason": "x"})


def test_a_correction_is_a_new_version_with_a_reason(house):
    house.done()
    first = house.edition()
    with pytest.raises(errors.Invalid):
        services.draft(region=DISTRICT, month=OCTOBER, actor=house.staff("coordinator"), now=AFTER)
    again = services.draft(
        region=DISTRICT, month=OCTOBER, actor=house.staff("coordinator"), now=AFTER, reason="补记两件"
    )
    assert (first.version, again.version, again.reason) == (1, 2, "补记两件")
    with pytest.raises(errors.Conflict):
        services.draft(region=DISTRICT, month=OCTOBER, actor=house.staff("coordinator"), now=AFTER, reason="x")


@pytest.mark.parametrize(("role", "action"), [("seat", "send_for_check"), ("coordinator", "publish")])
def test_only_those_whose_office_it_is_act_on_editions(house, role, action):
    house.done()
    made = services.draft(region=DISTRICT, month=OCTOBER, actor=house.staff("coordinator"), now=AFTER)
    with pytest.raises(errors.Forbidden):
        services.take(edition_id=made.id, action=action, actor=house.staff(role), now=AFTER, body={})


def test_every_step_of_the_way_is_counted_as_a_recount_counts_it(house):
    for steps in range(1, len(DONE)):
        house.done(until=steps)
    house.case("decline", now=THEN)
    house.case("accept", "dispatch", "object", "rule_objection", now=THEN)
    house.case("accept", "dispatch", "sign", "suspend", now=THEN)
    house.case("accept", "withdraw", now=THEN)
    services.settle(now=AFTER)
    assert services.check(now=AFTER).ok
    assert services.settle(now=AFTER) == 0


def test_sums_of_an_older_definition_are_made_anew_once(house):
    house.done("housing")
    house.done("water")
    with database.writing():
        Basis.objects.all().delete()
        Rollup.objects.filter(level="region").update(hits=0)
    assert services.outdated()
    assert services.renew(now=AFTER) == 2
    assert not services.outdated()
    assert services.check(now=AFTER).ok
    assert services.renew(now=AFTER) is None
    with database.writing():
        Basis.objects.update(definition=0)
    assert services.outdated()


def test_the_definition_is_raised_with_what_it_defines():
    """Sums are made anew only where DEFINITION says so: whoever changes the rules below raises it, and this digest."""
    names = ("count", "_times", "_closing", "_ratings", "cells", "_units", "_counts", "key", "_Sheet", "Index")
    text = "".join(inspect.getsource(getattr(counting, name)) for name in names)
    text += inspect.getsource(tallying._matter)
    assert (counting.DEFINITION, hashlib.sha256(text.encode()).hexdigest()[:12]) == (1, "bdeb718986df")
