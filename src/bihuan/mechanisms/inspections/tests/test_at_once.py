"""Two at the same moment: one gets the last place, the other is told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock, errors
from bihuan.mechanisms.inspections.tests.conftest import SOON

ONE = (
    "inspections:\n  gate: {merge_days: 0, repeat_days: 0}\n  classes:\n    unrated: B\n    grades:\n"
    "      - {id: B, name: B, up_to: 5, caps: [{per: all, most: 1}]}\n      - {id: C, name: C}"
)


def at_once(doers):
    """Let all do it at the same moment; return what each says."""
    start = threading.Barrier(len(doers))

    def run(do):
        try:
            with clock.at(NOW):
                start.wait(10)
                return do()
        except errors.Problem as problem:
            return problem.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doers)) as pool:
        return list(pool.map(run, doers))


@pytest.mark.django_db(transaction=True)
def test_of_two_bodies_that_want_the_last_place_exactly_one_gets_it(bureau):
    bureau.rule(ONE)
    said = at_once([lambda one=one: bureau.book(one, on=SOON).state for one in ("housing", "water")])
    assert sorted(said) == ["gate_refused", "registered"]


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_and_go_to_nobody_twice(bureau, firm_of):
    firms = [firm_of(serial) for serial in range(200, 206)]
    said = at_once([lambda firm=firm: bureau.book(firm=firm).serial for firm in firms])
    assert sorted(said) == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db(transaction=True)
def test_a_check_is_reported_once(bureau):
    check = bureau.approve(bureau.book(on=NOW.date()))
    bureau.take(check, "arrive", unscanned="没有码")
    results = {str(one): {"outcome": "fine"} for one in check.items}
    said = at_once([lambda: bureau.take(check, "report", text="完", results=results).state] * 2)
    assert sorted(said) == ["done", "state_forbids"]
