"""Pages and REST: who sees what of a “no”, and that nothing of the pool or of sealed votes leaks."""

import pytest
from django.test import Client

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.refusals.tests.conftest import HOUR

LATER = NOW + 3 * HOUR
SECRET = "表决理由：企业确有困难"


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def caller(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})


def test_pool_review_figures_and_votes_are_there_for_whom_they_are(court):
    refusal = court.until(court.refused(), "voting")
    member = court.panel(refusal)[0]
    with clock.at(LATER):
        office = browser(court.organiser)
        for path in ("", "?state=pool", "?state=review", "?cause=explained", "figures/", "proposals/", "panelists/"):
            assert office.get(f"/refusals/{path}").status_code == 200, path
        page = office.get("/refusals/?state=review").content.decode()
        assert "<mark" in page
        assert refusal.title in page
        assert "refusals/" in office.get(f"/cases/{refusal.number}/").content.decode()
        assert refusal.title in browser(member).get("/refusals/mine/").content.decode()
        voted = browser(member).post(f"/refusals/{refusal.id}/do/vote/", {"outcome": "can", "text": SECRET})
        assert voted.status_code == 302
        shown = [browser(who).get(f"/refusals/{refusal.id}/") for who in (court.organiser, member, court.owner)]
        assert [one.status_code for one in shown] == [200, 200, 200]
        assert not any(SECRET in one.content.decode() for one in shown)
        enrolled = office.post("/refusals/panelists/", {"username": "seat", "group": "expert"})
        assert enrolled.status_code == 302
        body = {"title": "电费返还", "text": "无差别加收", "refusals": [str(refusal.id)]}
        assert office.post("/refusals/proposals/", body).status_code == 302
        assert "电费返还" in office.get("/refusals/proposals/").content.decode()


ROLES = {
    "organiser": lambda court: court.organiser,
    "unit": lambda court: court.liaison(),
    "deputy outside": lambda court: court.members[3][1],
    "raiser": lambda court: court.owner,
    "other unit": lambda court: court.liaison("water"),
    "admin": lambda court: court.staff("system_admin"),
    "observer": lambda court: court.staff("observer"),
}
SEES_POOL = {"organiser", "unit", "deputy outside"}
SEES_REVIEW = SEES_POOL | {"raiser"}


@pytest.mark.parametrize("who", ROLES)
def test_each_role_finds_by_rest_what_concerns_it_and_no_more(court, who):
    pooled = court.refused()
    decided = court.until(court.refused("declined", title="第二件"), "voting")
    for member in court.panel(decided):
        court.take(decided, "vote", actor=member, outcome="can", text=SECRET)
    actor = ROLES[who](court)
    sits = actor.person_id in {one.person_id for one in court.panel(decided)}
    with clock.at(LATER):
        client = caller(actor)
        listed = {one["id"] for one in client.get("/api/v1/refusals").json()["items"]}
        unit_of_pooled = who in SEES_POOL
        assert (str(pooled.id) in listed) is unit_of_pooled
        assert client.get(f"/api/v1/refusals/{pooled.id}").status_code == (200 if unit_of_pooled else 404)
        answer = client.get(f"/api/v1/refusals/{decided.id}")
        visible = (who in SEES_REVIEW and who != "unit") or sits
        assert answer.status_code == (200 if visible else 404)
        if visible:
            told = answer.json()
            assert bool(told["votes"]) is (who == "organiser" or sits)
            assert (SECRET in answer.content.decode()) is bool(told["votes"])
            assert (told["evidence"] is None) is (who == "raiser")
        took = client.post(f"/api/v1/refusals/{pooled.id}/actions/draw", {}, content_type="application/json")
        assert took.status_code == {"organiser": 409}.get(who, 403 if unit_of_pooled else 404)
        body = {"region": pooled.region, "title": "x", "text": "y", "refusals": [str(pooled.id)]}
        proposed = client.post("/api/v1/refusals/proposals", body, content_type="application/json")
        assert proposed.status_code == (201 if who == "organiser" else 403)
        assert bool(client.get("/api/v1/refusals/proposals").json()["items"]) is (who == "organiser")


def test_the_register_costs_the_same_for_few_and_many(court, django_assert_max_num_queries):
    for _one in range(4):
        court.refused()
    office = browser(court.organiser)
    with clock.at(LATER):
        office.get("/refusals/")
        with django_assert_max_num_queries(25):
            office.get("/refusals/")
