"""Pages and API of upward escalation: what each reader finds there, and that the forms go where they say."""

import pytest
from django.test import Client

from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.escalation import services
from bihuan.mechanisms.escalation.tests.conftest import CITY, HOUR, NOW

AT = NOW + 2 * HOUR


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_it_is_sent_from_the_page_of_the_case_and_seen_at_both_levels(levels):
    case = levels.case("accept", "dispatch", "sign")
    county, city = browser(levels.staff("coordinator")), browser(levels.city("coordinator"))
    with clock.at(AT):
        assert f"/escalations/send/{case.number}/" in county.get(f"/cases/{case.number}/").content.decode()
        sent = county.post(f"/escalations/send/{case.number}/", {"to": CITY, "reason": "市级事权"})
        assert sent.status_code == 302
        services.deliver_due(now=AT)
        page = county.get(sent.headers["Location"]).content.decode()
        assert "市级事权" in page
        assert sent.headers["Location"] in county.get(f"/cases/{case.number}/").content.decode()
        assert case.title in city.get("/escalations/below/").content.decode()
        assert case.title in county.get("/escalations/").content.decode()
        again = county.post(f"/escalations/send/{case.number}/", {"to": CITY, "reason": "再报"})
        assert again.status_code == 409
        act = sent.headers["Location"] + "do/take_back/"
        assert county.post(act, {"text": ""}).status_code == 422
        assert county.post(act, {"text": "区里办好了"}).status_code == 302
        for path in ("", "?state=", "?state=withdrawn", "?before=x", "below/?state="):
            assert county.get(f"/escalations/{path}").status_code == 200
        assert browser(levels.owner).get("/escalations/").status_code == 403


def test_the_administrator_registers_an_installation_on_its_page(levels):
    admin = browser(levels.staff("system_admin"))
    form = {"name": "市平台", "url": "https://example.gov.cn", "public_key": "ed25519:" + "a" * 64, "region": CITY}
    with clock.at(AT):
        assert "ed25519:" in admin.get("/escalations/peers/").content.decode()
        assert admin.post("/escalations/peers/", form | {"public_key": "x"}).status_code == 422
        assert admin.post("/escalations/peers/", form).status_code == 302
        page = admin.get("/escalations/peers/").content.decode()
        assert "市平台" in page
        peer_id = page.split("/key/")[0].rpartition("/")[2]
        key = f"/escalations/peers/{peer_id}/key/"
        assert "a" * 64 in admin.get(key).content.decode()
        assert admin.post(key, {"public_key": "x", "until": "2026-12-31"}).status_code == 422
        assert admin.post(key, {"public_key": "ed25519:" + "d" * 64, "until": "2026-12-31"}).status_code == 302
        assert "d" * 64 in admin.get(key).content.decode()
        assert browser(levels.staff("coordinator")).get(key).status_code == 403
        assert browser(levels.staff("coordinator")).get("/escalations/peers/").status_code == 403


@pytest.mark.parametrize(("who", "status"), [("coordinator", 201), ("supervision_office", 403), ("stranger", 404)])
def test_the_api_does_what_the_pages_do(levels, who, status):
    case = levels.case("accept", "dispatch", "sign")
    actor = levels.stranger if who == "stranger" else levels.staff(who)
    with clock.at(AT):
        token = accounts.issue_token(person_id=actor.person_id, name="t", now=AT)
        client = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})
        body = {"case": case.number, "to": CITY, "reason": "市级事权"}
        made = client.post("/api/v1/escalations", body, content_type="application/json")
        assert made.status_code == status
        listed = client.get("/api/v1/escalations?state=open").json()["items"]
        assert [one["here"]["number"] for one in listed] == ([case.number] if status == 201 else [])
        if status == 201:
            path = f"/api/v1/escalations/{made.json()['id']}"
            services.deliver_due(now=AT)
            shown = client.get(path).json()
            assert (shown["state"], shown["there"]["state"]) == ("received", "submitted")
            assert shown["available_actions"] == ["take_back"]
            took = client.post(f"{path}/actions/take_back", {"text": "不必了"}, content_type="application/json")
            assert took.json()["state"] == "withdrawn"


def test_lists_cost_the_same_for_few_and_many(levels, django_assert_max_num_queries):
    for _one in range(4):
        levels.sent()
    office = browser(levels.staff("coordinator"))
    with clock.at(AT):
        office.get("/escalations/")
        with django_assert_max_num_queries(24):
            office.get("/escalations/")
