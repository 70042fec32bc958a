"""定海的五色灯: Dinghai's article as a story, from the direct code to the bodies that follow a red light (Z3)."""

import datetime as dt

import pytest

from bihuan.casework.cases import selectors
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import selectors as ledger

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
BODIES = ("notify_discipline", "notify_supervision")


@pytest.fixture
def dinghai(watch):
    watch.rule("dinghai")
    watch.staff("discipline")
    return watch


def bodies_told(district) -> list[int]:
    """How often discipline inspection and the supervision office were told of a red light."""
    people = (district.staff("discipline"), district.staff("supervision_office"))
    return [district.told(who, f"case.follows.{what}") for who, what in zip(people, BODIES, strict=True)]


def lights(case) -> list[str]:
    with database.writing():
        return [
            ledger.content(fact)["data"]["light"]
            for fact in ledger.history(case.id)
            if fact.kind == "case.light_changed"
        ]


def light_at(district, case, at: dt.datetime) -> str:
    return selectors.light_of(district.fresh(case.number), at)


def test_five_colours_one_after_the_other_and_red_reaches_both_bodies_at_once(dinghai):
    case = dinghai.case("accept", "dispatch", "sign", "report_progress", channel="enterprise_code")
    assert light_at(dinghai, case, NOW + HOUR) == "yellow"
    for day, shown in ((1, "yellow"), (2, "blue"), (3, "green"), (4, "orange")):
        dinghai.pass_time(NOW + day * DAY + 9 * HOUR, NOW + (day - 1) * DAY + 9 * HOUR)
        assert light_at(dinghai, case, NOW + day * DAY + 9 * HOUR) == shown
        assert bodies_told(dinghai) == [0, 0]
    dinghai.pass_time(NOW + 9 * DAY, NOW + 4 * DAY + 9 * HOUR)
    assert lights(case) == ["blue", "green", "orange", "red"]
    assert bodies_told(dinghai) == [1, 1]
    assert dinghai.told(dinghai.liaison(), "case.follows.remind") == 1
    dinghai.pass_time(NOW + 30 * DAY, NOW + 9 * DAY)
    assert bodies_told(dinghai) == [1, 1]
    seen = selectors.dossier(number=case.number, actor=dinghai.staff("discipline"), now=NOW + 30 * DAY)
    assert (seen.light, seen.overdue) == ("red", True)


@pytest.mark.parametrize(
    ("word", "said"),
    [("rate", {"process": 2, "result": 1}), ("deny", {"reason": "水还是没通"})],
    ids=["unsatisfied", "denied"],
)
def test_a_word_of_dissatisfaction_is_red_at_once_though_all_was_in_time(dinghai, word, said):
    case = dinghai.case("accept", "dispatch", "sign", "reply", "verify_close", channel="mobile")
    assert bodies_told(dinghai) == [0, 0]
    dinghai.act(case.number, word, now=NOW + 2 * HOUR, **said)
    assert light_at(dinghai, case, NOW + 3 * HOUR) == "red"
    assert bodies_told(dinghai) == [1, 1]
    dinghai.pass_time(NOW + 20 * DAY, NOW + 2 * HOUR)
    assert bodies_told(dinghai) == [1, 1]


def test_a_satisfied_enterprise_makes_no_light_red(dinghai):
    case = dinghai.case("accept", "dispatch", "sign", "reply", "verify_close", "confirm", channel="web")
    dinghai.act(case.number, "rate", now=NOW + 2 * HOUR, process=5, result=5)
    dinghai.pass_time(NOW + 20 * DAY, NOW + 2 * HOUR)
    assert "red" not in lights(case)
    assert bodies_told(dinghai) == [0, 0]


def test_the_handling_side_is_not_told_who_was_dissatisfied(dinghai):
    case = dinghai.case("accept", "dispatch", "sign", "reply", "verify_close")
    dinghai.act(case.number, "rate", now=NOW + 2 * HOUR, process=1, result=1)
    trace = selectors.trace(case=dinghai.fresh(case.number), actor=dinghai.liaison())
    assert "case.rated" not in {fact["kind"] for fact in trace}
