"""The second wall: what the database itself shows, whatever a query forgets to ask."""

import pytest

from bihuan.casework.cases.factories import DISTRICT, EVERYBODY, NOW, everybody
from bihuan.foundation.kernel import database
from bihuan.mechanisms.accountability import permissions, services
from bihuan.mechanisms.accountability.models import (
    Answered,
    Check,
    Duty,
    Entry,
    Inquiry,
    Observer,
    Point,
    Relief,
    Sign,
    Visit,
    Watch,
)
from bihuan.mechanisms.accountability.selectors import reliefs_seen, signs_seen
from bihuan.mechanisms.accountability.selectors import seen as inquiries_seen
from bihuan.mechanisms.accountability.tests.conftest import DAY
from bihuan.mechanisms.accountability.tests.test_network import act, opened

OPEN = (Inquiry, Relief, Sign)
SHUT = (Duty, Visit, Watch, Answered, Observer)


@pytest.fixture
def rows(bench):
    """One row at least of every kind, all of them about housing."""
    bench.staff("observer")
    act(bench, opened(bench), "appoint", username="observer")
    inquiry = bench.until("rectified")
    bench.take(inquiry, "visit", done=False)
    bench.take(inquiry, "relieve", actor=bench.liaison(), kind="tolerance", section="建管科", post="handler")
    case = bench.case("accept", "dispatch", "sign", title="第二件")
    services.look(now=NOW + 8 * DAY)
    bench.act(case.number, "reply", now=NOW + 8 * DAY)
    services.open_round(region=DISTRICT, title="自查", actor=bench.centre, now=NOW)
    return bench


def seen(actor) -> dict:
    with database.reading(actor.scope()):
        return {model: model.objects.count() for model in (*OPEN, *SHUT, Point, Check, Entry)}


def test_those_concerned_see_the_open_tables_and_nobody_the_shut_ones(rows):
    for actor in (rows.centre, rows.office, rows.liaison()):
        found = seen(actor)
        assert all(found[model] for model in OPEN), actor
        assert not any(found[model] for model in SHUT), actor
    assert seen(rows.centre)[Point] == 1
    assert seen(rows.liaison())[Point] == 0
    with database.writing():
        assert all(model.objects.exists() for model in SHUT)


@pytest.mark.parametrize("who", ["other unit", "enterprise", "observer", "deputy"])
def test_nobody_else_sees_any_row(rows, who):
    actor = {"other unit": rows.liaison("water"), "enterprise": rows.owner}.get(who) or rows.staff(who)
    assert set(seen(actor).values()) == {0}


def test_a_board_sees_its_own_self_check_only(rows):
    found = seen(rows.person("board", "board_head", board="projects"))
    assert (found[Check], found[Entry]) == (1, 1)
    assert not any(found[model] for model in (*OPEN, *SHUT, Point))


@pytest.mark.parametrize("role", EVERYBODY)
def test_the_database_shows_exactly_what_the_selectors_show(rows, role):
    """Also of an inquiry that was only applied for, which the unit is not to know of."""
    rows.applied(case=rows.case("accept", "dispatch", "sign", title="第三件"))
    actor = everybody(rows, role)
    with database.reading(actor.scope()):
        for model, chosen in (
            (Inquiry, inquiries_seen(actor)),
            (Sign, signs_seen(actor)),
            (Relief, reliefs_seen(actor)),
            (Point, Point.objects.filter(region__in=permissions.regions(actor))),
        ):
            shown = set(model.objects.values_list("id", flat=True))
            assert shown == set(chosen.values_list("id", flat=True)), (role, model)
