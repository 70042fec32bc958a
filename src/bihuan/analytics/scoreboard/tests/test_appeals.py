"""An appeal against a malicious rating that is upheld leaves the rating out of the figures, by the same two people."""

import datetime as dt

import pytest
from django.test import Client

from bihuan.analytics.scoreboard import services, wording
from bihuan.analytics.scoreboard.models import Exclusion
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.mechanisms.evaluation import selectors as evaluation
from bihuan.mechanisms.evaluation import services as marks

from .conftest import AFTER, OCTOBER, THEN

FIGURES = ("satisfaction", "process_satisfaction")


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def appealed(house, *, when=THEN):
    """Return a matter rated badly, and its bad mark, against which the head of the department appeals."""
    case = house.done("housing", now=when, rating=1)
    (mark,) = evaluation.marks(actor=house.staff("coordinator"), now=AFTER)[0]
    for action, who, body in (
        ("verify", house.staff("coordinator"), {}),
        ("contact", house.staff("coordinator"), {"named": "yes"}),
        ("appeal", house.liaison(role="department_head"), {"text": "与本事项无关，系同行恶意差评"}),
    ):
        take(mark, action, who, **body)
    return case, mark


def take(mark, action, actor, *, now=AFTER, text="已核对台账", **body):
    return marks.take_mark(mark_id=mark.id, action=action, actor=actor, now=now, body={"text": text} | body)


def stored(case) -> list[Exclusion]:
    with database.writing():
        return list(Exclusion.objects.filter(case_id=case.id).order_by("index"))


def figures(house):
    return {name: (house.figure("housing", name).counted, house.figure("housing", name).excluded) for name in FIGURES}


def test_an_upheld_appeal_leaves_the_rating_out_and_both_sides_name_each_other(house):
    case, mark = appealed(house)
    assert figures(house) == dict.fromkeys(FIGURES, (1, 0))
    office, head = house.staff("supervision_office"), house.liaison(role="department_head")
    take(mark, "decide_appeal", office, upheld="yes", text="通话录音核实，确系恶意")
    assert figures(house) == dict.fromkeys(FIGURES, (0, 1))
    assert house.figure("housing", "on_time_rate").excluded == 0
    assert services.check(now=AFTER).ok
    rows = stored(case)
    assert {row.index for row in rows} == set(FIGURES)
    for row in rows:
        assert (row.state, row.mark, row.mark_number) == ("granted", mark.id, mark.number)
        assert (row.proposed_by, row.decided_by) == (head.person_id, office.person_id)
        assert (row.reason, row.decision) == ("与本事项无关，系同行恶意差评", "通话录音核实，确系恶意")
        with database.writing():
            facts = [(fact.kind, fact.actor_id) for fact in ledger.history(row.id)]
        assert facts == [
            ("scoreboard.exclusion_proposed", head.person_id),
            ("scoreboard.exclusion_granted", office.person_id),
        ]
    client = browser(house.staff("coordinator"))
    listed, address = client.get("/scoreboard/exclusions/").content.decode(), f"/evaluations/{mark.id}/"
    assert f'href="{address}"' in listed
    page, back = client.get(address).content.decode(), f"/scoreboard/exclusions/?mark={mark.id}"
    assert f'href="{back}"' in page
    assert client.get(back).content.decode().count(address) == len(FIGURES)
    items = client.get("/api/v1/scoreboard/exclusions").json()["items"]
    assert {item["bad_mark"] for item in items} == {str(mark.id)}


def test_the_rated_side_learns_of_no_exclusion_of_a_rating(house):
    _case, mark = appealed(house)
    take(mark, "decide_appeal", house.staff("supervision_office"), upheld="yes")
    client = browser(house.liaison(role="department_head"))
    assert mark.number not in client.get("/scoreboard/exclusions/").content.decode()
    assert "/scoreboard/exclusions/" not in client.get(f"/evaluations/{mark.id}/").content.decode()


def test_an_appeal_that_is_not_upheld_leaves_nothing_out(house):
    case, mark = appealed(house)
    take(mark, "decide_appeal", house.staff("supervision_office"), upheld="no")
    assert stored(case) == []
    assert figures(house) == dict.fromkeys(FIGURES, (1, 0))


@pytest.mark.parametrize("granted", [False, True])
def test_what_was_proposed_before_is_granted_with_it_and_what_was_granted_stays(house, granted):
    case, mark = appealed(house)
    centre, leader, office = (house.staff(role) for role in ("coordinator", "leader", "supervision_office"))
    made = services.propose_exclusion(
        number=case.number, index="satisfaction", reason="疑似误评", actor=centre, now=AFTER
    )
    if granted:
        decide = {"exclusion_id": made.id, "action": "grant", "reason": "属实", "now": AFTER}
        services.decide_exclusion(**decide, actor=leader)
    take(mark, "decide_appeal", office, upheld="yes", now=AFTER + dt.timedelta(minutes=1))
    row = {row.index: row for row in stored(case)}["satisfaction"]
    assert (row.proposed_by, row.decided_by) == (centre.person_id, (leader if granted else office).person_id)
    assert row.mark == (None if granted else mark.id)
    assert figures(house) == dict.fromkeys(FIGURES, (0, 1))
    assert services.check(now=AFTER).ok


def states(case) -> dict[str, str]:
    return {row.index: row.state for row in stored(case)}


def test_a_matter_that_is_reopened_and_rated_anew_counts_with_the_new_rating(house):
    case, mark = appealed(house, when=AFTER - dt.timedelta(days=4))
    take(mark, "decide_appeal", house.staff("supervision_office"), upheld="yes")
    assert states(case) == dict.fromkeys(FIGURES, "granted")
    house.act(case.number, "reopen", now=AFTER, actor=house.staff("supervision_office"), reason="回访未解决")
    assert states(case) == dict.fromkeys(FIGURES, "granted")
    house.act(case.number, "dispatch", now=AFTER, lead="housing")
    for action in ("sign", "reply"):
        house.act(case.number, action, now=AFTER, actor=house.liaison("housing"))
    for action in ("verify_start", "verify_close"):
        house.act(case.number, action, now=AFTER, actor=house.staff("catch_all"))
    house.act(case.number, "rate", now=AFTER, process=4, result=5)
    assert states(case) == dict.fromkeys(FIGURES, "ended")
    november = {name: house.figure("housing", name, month=OCTOBER + 1) for name in FIGURES}
    assert {(one.counted, one.excluded) for one in november.values()} == {(1, 0)}
    assert services.check(now=AFTER).ok
    for row in stored(case):
        assert (row.ended_at, row.ended_by) == (AFTER, None)
        with database.writing():
            last = ledger.content(list(ledger.history(row.id))[-1])
        assert (last["kind"], last["from"], last["to"]) == ("scoreboard.exclusion_rated_anew", "granted", "ended")
    # The same matter may be left out anew, for the rating it has now.
    again = services.propose_exclusion(
        number=case.number, index="satisfaction", reason="重复", actor=house.staff("coordinator"), now=AFTER
    )
    assert again.state == "proposed"


def left_out(house, index="on_time_rate"):
    """Return a matter that two people left out of an index, and the exclusion."""
    case = house.done("housing")
    centre, leader = house.staff("coordinator"), house.staff("leader")
    made = services.propose_exclusion(number=case.number, index=index, reason="系统停机", actor=centre, now=AFTER)
    services.decide_exclusion(exclusion_id=made.id, action="grant", reason="属实", actor=leader, now=AFTER)
    return case, made


def decide(made, action, actor, reason="复核后不成立"):
    return services.decide_exclusion(exclusion_id=made.id, action=action, reason=reason, actor=actor, now=AFTER)


def test_two_people_end_an_exclusion_each_with_a_reason(house):
    _case, made = left_out(house)
    centre, office, leader = (house.staff(role) for role in ("coordinator", "supervision_office", "leader"))
    assert house.figure("housing", "on_time_rate").excluded == 1
    with pytest.raises(errors.Conflict) as early:
        decide(made, "confirm_end", leader)
    assert early.value.code == "state_forbids"
    assert decide(made, "end", office, "停机不影响该件").state == "ending"
    # Proposed only: it is still out, and whoever proposed does not decide.
    assert house.figure("housing", "on_time_rate").excluded == 1
    with pytest.raises(errors.Forbidden) as own:
        decide(made, "confirm_end", office)
    assert own.value.code == "own_proposal"
    with pytest.raises(errors.Forbidden):
        decide(made, "confirm_end", centre)
    with pytest.raises(errors.Invalid):
        decide(made, "confirm_end", leader, " ")
    ended = decide(made, "confirm_end", leader, "同意恢复")
    assert (ended.state, ended.end_reason, ended.end_decision) == ("ended", "停机不影响该件", "同意恢复")
    assert (ended.end_proposed_by, ended.ended_by) == (office.person_id, leader.person_id)
    figure = house.figure("housing", "on_time_rate")
    assert (figure.counted, figure.excluded) == (1, 0)
    assert services.check(now=AFTER).ok
    client = browser(centre)
    page = client.get("/scoreboard/exclusions/").content.decode()
    assert [text for text in ("停机不影响该件", "同意恢复", str(wording.STATES["ended"])) if text not in page] == []
    (item,) = client.get("/api/v1/scoreboard/exclusions").json()["items"]
    assert (item["state"], item["end_reason"], item["end_decision"]) == ("ended", "停机不影响该件", "同意恢复")
    with pytest.raises(errors.NotFound):
        decide(made, "note_rated_anew", leader)


def test_an_end_that_is_not_confirmed_leaves_it_out(house):
    _case, made = left_out(house)
    decide(made, "end", house.staff("coordinator"))
    assert decide(made, "keep_out", house.staff("leader"), "维持").state == "granted"
    assert house.figure("housing", "on_time_rate").excluded == 1


def test_one_of_another_figure_outlives_a_new_rating(house):
    case, _made = left_out(house)
    house.act(case.number, "rate", now=AFTER, process=5, result=5)
    assert states(case) == {"on_time_rate": "granted"}
    assert house.figure("housing", "satisfaction").counted == 1


def test_the_rated_side_ends_no_exclusion_of_a_rating(house):
    case = house.done("housing", rating=1)
    centre, leader = house.staff("coordinator"), house.staff("leader")
    made = services.propose_exclusion(number=case.number, index="satisfaction", reason="x", actor=centre, now=AFTER)
    decide(made, "grant", leader)
    with pytest.raises(errors.Forbidden):
        decide(made, "end", house.liaison("housing"))
