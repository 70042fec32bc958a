"""What is raised again and again: found, taken by a leader, answered on the spot, or ordered; and who sees it."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bihuan.casework.cases import events as told
from bihuan.casework.cases.factories import DISTRICT
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database, errors, events
from bihuan.mechanisms.frequent import rules, selectors, services, wording
from bihuan.mechanisms.frequent.models import Frequent
from bihuan.mechanisms.frequent.rules import Raised
from bihuan.mechanisms.frequent.states import FREQUENT, FrequentState
from bihuan.mechanisms.frequent.tests.conftest import DAY, HOUR, NIGHT

LATER = NIGHT + 2 * HOUR
ROWS = st.lists(
    st.builds(
        Raised, st.sampled_from("abc"), st.sampled_from("xy"), st.uuids().map(str), st.sampled_from(["", "p", "q"])
    ),
    max_size=40, unique_by=lambda row: row.case,
)  # fmt: skip


@given(ROWS, st.integers(2, 6), st.integers(1, 4))
def test_only_groups_of_enough_matters_of_several_raisers_are_frequent(rows, least, most):
    found = rules.frequent(rows, least=least, most=most)
    assert len(found) <= most
    sizes = [len(group.cases) for group in found]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size >= least for size in sizes)
    assert all(2 <= group.firms <= len(group.cases) for group in found)
    every = [case for group in found for case in group.cases]
    assert len(every) == len(set(every))
    assert rules.frequent(rows, least=least, most=most, counted=every) == rules.frequent(
        [row for row in rows if row.case not in every], least=least, most=most
    )


def test_one_enterprise_with_one_worry_is_no_frequent_matter():
    alone = [Raised("a", "x", str(n), "p") for n in range(9)]
    assert rules.frequent(alone, least=3, most=5) == []
    nameless = [Raised("a", "x", str(n), "") for n in range(3)]
    assert rules.frequent(nameless, least=3, most=5)[0].firms == 3


def test_words_are_complete():
    assert set(wording.STATES) == {one.value for one in FrequentState}
    assert {row.action for row in FREQUENT.transitions} - {"order"} == set(wording.ACTIONS)


def test_a_leader_takes_it_on_and_the_head_answers_on_the_spot(chorus):
    thing = chorus.listed()
    assert (len(thing.cases), thing.firms, thing.department_id) == (3, 2, chorus.department("housing").id)
    assert chorus.told(chorus.staff("leader"), "listed") == 1
    thing = chorus.take(thing, "take_on", on="2026-11-20")
    assert thing.due_at.date().isoformat() == "2026-11-20"
    thing = chorus.take(thing, "answer")
    thing = chorus.take(thing, "send_back")
    thing = chorus.take(thing, "answer", actor=chorus.liaison())
    thing = chorus.take(thing, "settle", actor=chorus.staff("supervision_office"))
    assert (thing.state, thing.due_at) == ("settled", None)
    assert chorus.facts(thing) == ["listed", "take_on", "answer", "send_back", "answer", "settle"]


def test_it_is_found_once_and_again_only_by_new_matters(chorus):
    thing = chorus.listed()
    assert services.find(region=DISTRICT, now=NIGHT) == []
    chorus.take(thing, "set_aside", text="已有统一办法")
    assert services.find(region=DISTRICT, now=NIGHT + DAY) == []
    chorus.again(3)
    assert len(services.find(region=DISTRICT, now=NIGHT + 2 * DAY)) == 1
    assert services.find_all(now=NIGHT + 2 * DAY) == 0


def test_too_few_or_too_long_ago_are_not_frequent(chorus):
    chorus.again(2)
    assert services.find(region=DISTRICT, now=NIGHT) == []
    chorus.again(1)
    assert services.find(region=DISTRICT, now=NIGHT + 60 * DAY) == []


def test_without_an_answer_a_supervision_order_is_set_going(chorus):
    thing = chorus.take(chorus.listed(), "take_on")
    asked = []
    events.subscribe(told.ConsequenceFollowed, asked.append)
    try:
        chorus.sweep(NIGHT + 9 * DAY)
    finally:
        events._handlers[told.ConsequenceFollowed].remove(asked.append)
    with database.writing():
        thing = Frequent.objects.select_related("department").get(pk=thing.pk)
    ours = [event for event in asked if event.cause == "frequent_answer"]
    assert [event.number for event in ours] == [thing.order_on]
    assert ours[0].consequence == "supervision_order"
    assert thing.state == "ordered"
    assert chorus.facts(thing) == ["listed", "take_on", "late", "order"]
    assert chorus.told(chorus.liaison(), "order") == 1
    assert chorus.take(thing, "answer", now=NIGHT + 10 * DAY).state == "answered"


def test_a_list_that_no_leader_takes_is_late_and_nothing_more(chorus):
    thing = chorus.listed()
    chorus.sweep(NIGHT + 6 * DAY)
    assert chorus.facts(thing) == ["listed", "late"]


@pytest.mark.parametrize("on", ["2026-11-01", "soon", "2027-06-01"])
def test_a_wrong_day_is_named(chorus, on):
    with pytest.raises(errors.Invalid) as refusal:
        chorus.take(chorus.listed(), "take_on", on=on)
    assert refusal.value.field == "on"


SEES = {"coordinator", "supervision_office", "leader", "discipline", "catch_all", "housing"}
OTHERS = ["tax", "seat", "observer", "deputy", "owner", "system_admin"]


@pytest.mark.parametrize("who", [*sorted(SEES), *OTHERS])
def test_who_sees_it_and_what_they_may_do(chorus, who):
    thing = chorus.listed()
    special = {name: (lambda code=name: chorus.liaison(code)) for name in ("housing", "tax")}
    actor = (special | {"owner": lambda: chorus.owner}).get(who, lambda: chorus.staff(who))()
    person = Person.objects.get(pk=actor.reader.person_id)
    pages = Client()
    pages.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    api = Client(headers={"Authorization": f"Bearer {token}"})
    may = who in SEES
    with clock.at(LATER):
        assert (pages.get(f"/frequent/{thing.id}/").status_code == 200) == may
        assert api.get(f"/api/v1/frequent/{thing.id}").status_code == (200 if may else 404)
        for client, path in ((pages, "/frequent/"), (pages, "/frequent/?state=all"), (api, "/api/v1/frequent")):
            assert (str(thing.id) in client.get(path).content.decode()) == may, path
        with database.reading(actor.scope()):
            # The second wall is as wide as that of matters; who opens these pages is the first one.
            assert Frequent.objects.count() == (1 if may or who == "seat" else 0)
    asked = {"leader": ["take_on", "set_aside"], "supervision_office": ["set_aside"]}.get(who, [])
    assert selectors.available_actions(thing, actor) == asked
    for action in {"take_on", "set_aside", "answer"} - set(asked):
        with pytest.raises(errors.Problem):
            services.take(frequent_id=thing.id, action=action, actor=actor, now=LATER, body={"text": "x"})


def test_pages_and_api_do_what_they_say(chorus, django_assert_max_num_queries):
    thing = chorus.listed()

    def logged_in(actor):
        client = Client()
        person = Person.objects.get(pk=actor.reader.person_id)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    leader, unit = logged_in(chorus.staff("leader")), logged_in(chorus.liaison())
    path = f"/frequent/{thing.id}/"
    with clock.at(LATER):
        assert f"{path}do/take_on/" in leader.get(path).content.decode()
        assert leader.post(f"{path}do/take_on/", {"text": "请局长到场答疑", "on": ""}).status_code == 302
        assert "请局长到场答疑" in unit.get(path).content.decode()
        assert unit.post(f"{path}do/answer/", {"text": "统一标准，一次告知"}).status_code == 302
        token = accounts.issue_token(person_id=chorus.staff("leader").person_id, name="t", now=LATER)
        api = Client(headers={"Authorization": f"Bearer {token}"})
        door = f"/api/v1/frequent/{thing.id}"
        done = api.post(f"{door}/actions/settle", {"text": "好"}, content_type="application/json").json()
        assert (done["state"], done["matters"], done["firms"]) == ("settled", 3, 2)
        leader.get("/frequent/?state=all")
        with django_assert_max_num_queries(25):
            leader.get("/frequent/?state=all")
