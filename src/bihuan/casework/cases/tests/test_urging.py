"""催一下: the raiser's own word reaches whoever has the matter, not more often than it says something new."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories, selectors
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.notifications.models import Notice

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def district():
    with clock.at(NOW):
        yield factories.District()


def told(actor) -> int:
    with database.writing():
        return Notice.objects.filter(person_id=actor.person_id, key__startswith="case.urged").count()


def test_it_reaches_department_and_centre_and_moves_nothing(district):
    liaison, centre = district.liaison(), district.staff("coordinator")
    case = district.case("accept", "dispatch", "sign")
    after = district.act(case.number, "urge", now=NOW + HOUR, text="车间停了两天")
    assert (after.state, after.due_at, after.last_seq) == (case.state, case.due_at, case.last_seq + 1)
    assert (told(liaison), told(centre)) == (1, 1)
    with database.reading(district.owner.scope()):
        trace = selectors.trace(case=after, actor=district.owner)
    assert trace[-1]["kind"] == "case.urged"
    assert trace[-1]["data"]["text"] == "车间停了两天"


def test_a_second_one_has_to_wait_as_long_as_the_rulebook_says(district):
    case = district.case("accept")
    district.act(case.number, "urge", now=NOW + HOUR)
    early, late = NOW + 24 * HOUR, NOW + 25 * HOUR
    with pytest.raises(errors.Conflict) as refused:
        district.act(case.number, "urge", now=early)
    assert refused.value.code == "urged_lately"
    offered = [
        "urge" in selectors.dossier(number=case.number, actor=district.owner, now=at).available_actions
        for at in (early, late)
    ]
    assert offered == [False, True]
    assert district.act(case.number, "urge", now=late).last_seq == case.last_seq + 2


@pytest.mark.parametrize("steps", [("request_supplement",), ("accept", "dispatch", "sign", "ask_enterprise")])
def test_who_is_waited_for_does_not_urge(district, steps):
    case = district.case(*steps)
    with pytest.raises(errors.Conflict) as refused:
        district.act(case.number, "urge", now=NOW + HOUR)
    assert refused.value.code == "state_forbids"


def test_nobody_urges_in_the_name_of_the_raiser(district):
    case = district.case("accept")
    with pytest.raises(errors.Forbidden):
        district.act(case.number, "urge", now=NOW + HOUR, actor=district.staff("coordinator"))
    with pytest.raises(errors.NotFound):
        district.act(case.number, "urge", now=NOW + HOUR, actor=district.stranger)
