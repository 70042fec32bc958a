"""An appeal against a malicious rating that is upheld leaves the rating out of the figures, by the same two people."""

import datetime as dt

import pytest
from django.test import Client

from bihuan.analytics.scoreboard import services
from bihuan.analytics.scoreboard.models import Exclusion
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.mechanisms.evaluation import selectors as evaluation
from bihuan.mechanisms.evaluation import services as marks

from .conftest import AFTER

FIGURES = ("satisfaction", "process_satisfaction")


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def appealed(house):
    """Return a matter rated badly, and its bad mark, against which the head of the department appeals."""
    case = house.done("housing", rating=1)
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
