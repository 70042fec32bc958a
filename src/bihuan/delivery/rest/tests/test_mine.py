"""The caller: offices, inbox, webhooks."""

import pytest

from bihuan.casework.cases.factories import NOW
from bihuan.delivery.rest.tests.test_problems import problem

pytestmark = pytest.mark.django_db
URL = "https://93.184.215.14/hook"


def test_who_i_am(api):
    me = api("liaison:water").get("/me").json()
    assert me["offices"] == [
        {"role": "liaison", "region": "999901", "department": "water", "board": None, "enterprise": None}
    ]


def test_the_inbox_fills_and_is_read(api, district):
    liaison = api("liaison")
    number = district.raised().number
    district.act(number, "accept", now=NOW)
    district.act(number, "dispatch", now=NOW)
    entries = liaison.get("/inbox").json()["items"]
    assert [entry["subject"] for entry in entries] == [number]
    assert entries[0]["title"]
    assert liaison.get("/me").json()["unread"] == 1
    assert liaison.post(f"/inbox/{entries[0]['id']}/actions/read").status_code == 200
    assert liaison.get("/inbox", {"unread": "true"}).json()["items"] == []
    assert liaison.post("/inbox/actions/read_all").json() == {"read": 0}
    assert api("liaison:water").get("/inbox").json()["items"] == []


def test_a_webhook_from_beginning_to_end(api, district):
    seat = api("seat")
    made = seat.post("/webhooks", {"url": URL, "events": ["case.raised"]})
    assert made.status_code == 201, made.content
    hook = made.json()
    assert hook["secret"].startswith("whsec_")
    assert [one["secret"] for one in seat.get("/webhooks").json()["items"]] == [None]
    district.raised()
    sent = seat.get(f"/webhooks/{hook['id']}/deliveries").json()["items"]
    assert [one["event"] for one in sent] == ["case.raised"]
    again = seat.post(f"/webhooks/deliveries/{sent[0]['id']}/actions/replay")
    assert again.status_code == 201
    assert again.json()["replay_of"] == sent[0]["id"]
    assert seat.raw("DELETE", f"/webhooks/{hook['id']}").status_code == 204
    assert seat.get("/webhooks").json()["items"][0]["active"] is False
    assert seat.post(f"/webhooks/{hook['id']}/actions/start").json()["active"] is True


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"url": "http://93.184.215.14/", "events": ["*"]}, "url_refused", "url"),
        ({"url": "https://10.0.0.1/", "events": ["*"]}, "url_refused", "url"),
        ({"url": URL, "events": ["nothing"]}, "events_unknown", "events"),
        ({"url": URL, "events": []}, "invalid_body", "events"),
        ({"url": URL, "events": ["*"], "enterprise": "x"}, "uscc_invalid", None),
    ],
)
def test_a_wrong_webhook(api, body, code, field):
    problem(api("seat").post("/webhooks", body), 422, code, field)


def test_nobody_else_sees_or_stops_it(api):
    hook = api("seat").post("/webhooks", {"url": URL, "events": ["*"]}).json()
    other = api("coordinator")
    assert other.get("/webhooks").json()["items"] == []
    assert other.get(f"/webhooks/{hook['id']}/deliveries").json()["items"] == []
    assert other.raw("DELETE", f"/webhooks/{hook['id']}").status_code == 404
    assert other.post(f"/webhooks/{hook['id']}/actions/start").status_code == 404


def test_an_enterprise_hears_of_its_own_matters_only(api, district):
    hook = api("owner").post("/webhooks", {"url": URL, "events": ["*"]})
    assert hook.status_code == 201, hook.content
    district.raised(actor=district.stranger, enterprise=district.other_firm.uscc)
    assert api("owner").get(f"/webhooks/{hook.json()['id']}/deliveries").json()["items"] == []
    district.raised()
    assert len(api("owner").get(f"/webhooks/{hook.json()['id']}/deliveries").json()["items"]) == 1
