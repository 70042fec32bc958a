"""Pages and REST of policies: what each role sees at each address, and what comes back when it is wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.policies import services
from bihuan.mechanisms.policies.models import Clause, Policy
from bihuan.mechanisms.policies.tests.conftest import DAY, FITS, LATER, REWARD

TYPED = "规模以上 | above_scale\n服务业 ｜ industry.startsWith('L')"


def browser(actor) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def api(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})


def test_the_pages_do_what_they_say(office):
    page = browser(office.centre)
    given = {
        "region": DISTRICT, "title": "政策20条", "code": "20号", "level": "county", "department": "housing",
        "valid_from": "2026-01-01",
    }  # fmt: skip
    assert page.get("/policies/new/").status_code == 200
    wrong = page.post("/policies/new/", given | {"valid_to": "2025-01-01"})
    assert (wrong.status_code, b"It ends after it begins" in wrong.content) == (422, True)
    made = page.post("/policies/new/", given)["Location"]
    clause = {
        "code": "1", "name": "奖励", "track": "free", "conditions": TYPED, "formula": "200000",
        "shares": "city 50\n区 50%",
    }  # fmt: skip
    wrong = page.post(f"{made}clause/", clause | {"conditions": "x | profit > 3"})
    assert (wrong.status_code, b"no such field: profit" in wrong.content) == (422, True)
    assert "x | profit &gt; 3" in wrong.content.decode()
    assert page.post(f"{made}clause/", clause)["Location"] == made
    page.post(f"{made}do/publish/", {})
    services.match_waiting(now=NOW)
    text = page.get(made).content.decode()
    assert "规模以上" in text
    assert "Enjoyed without applying" in text
    with database.writing():
        kept = Clause.objects.get()
    assert page.get(f"/policies/clauses/{kept.id}/").status_code == 200
    amended = page.post(f"/policies/clauses/{kept.id}/", clause | {"cap": "100000", "since": "2026-12-01"})
    assert amended["Location"] == made
    for path in (f"/policies/clauses/{kept.id}/fits/", f"/policies/clauses/{kept.id}/fits/?result=unknown"):
        assert page.get(path).status_code == 200
    assert "政策20条" in page.get("/policies/?q=20号").content.decode()
    assert "政策20条" not in page.get("/policies/?state=draft").content.decode()


def test_an_enterprise_sees_what_it_is_entitled_to_why_and_what_is_missing(office):
    office.published()
    page = browser(office.owner)
    assert page.get("/policies/mine/")["Location"] == f"/policies/firms/{office.firm.uscc}/"
    path = f"/policies/firms/{office.firm.uscc}/"
    text = page.get(path).content.decode()
    assert "Tell us more, and this may fit" in text
    assert "Above designated size" in text
    page.post(f"{path}fill/", {"above_scale": "true", "above_scale_since": "2024-01-31"})
    assert "Missing:" in page.get(path).content.decode()
    wrong = page.post(f"{path}fill/", {"staff": "many"})
    assert wrong.status_code == 422
    assert browser(office.stranger).get(path).status_code == 404
    assert "Something is missing" in browser(office.centre).get(path).content.decode()
    assert REWARD["name"] in browser(office.centre).get(f"/firms/{office.firm.uscc}/").content.decode()


@pytest.mark.parametrize(
    ("who", "opens"), [("owner", False), ("leader", False), ("seat", False), ("coordinator", True), ("liaison", True)]
)
def test_who_opens_which_page(office, who, opens):
    (clause,) = office.published()
    actor = {"owner": lambda: office.owner, "liaison": office.liaison}.get(who, lambda: office.staff(who))()
    page = browser(actor)
    assert page.get("/policies/").status_code == 200
    assert page.get(f"/policies/{clause.policy_id}/").status_code == 200
    assert (page.get("/policies/new/").status_code == 200) is opens
    assert (page.get(f"/policies/clauses/{clause.id}/").status_code == 200) is opens


def test_the_api_says_the_same(office):
    caller, owner = api(office.centre), api(office.owner)
    given = {"region": DISTRICT, "title": "政策20条", "code": "20号", "level": "county", "department": "housing"}
    bad = caller.post("/api/v1/policies", given, content_type="application/json")
    assert (bad.status_code, bad.json()["field"]) == (422, "valid_from")
    made = caller.post("/api/v1/policies", given | {"valid_from": "2026-01-01"}, content_type="application/json")
    path = f"/api/v1/policies/{made.json()['id']}"
    assert made.status_code == 201
    assert "publish" in made.json()["available_actions"]
    assert owner.get(path).status_code == 404
    caller.post(f"{path}/actions/write_clause", REWARD, content_type="application/json")
    shown = caller.post(f"{path}/actions/publish", {}, content_type="application/json").json()
    clause = shown["clauses"][0]
    assert (clause["state"], clause["terms"]["shares"][0]["percent"]) == ("open", "50")
    checked = {"region": DISTRICT, "conditions": ["staff > 5", "staff < 3"], "formula": "staff * 2"}
    flaws = caller.post("/api/v1/policies/check", checked, content_type="application/json").json()["flaws"]
    assert flaws == [{"code": "contradiction", "word": "staff", "condition": 2}]
    firm = f"/api/v1/enterprises/{office.firm.uscc}"
    filled = owner.post(f"{firm}/profile", {"values": FITS}, content_type="application/json")
    assert filled.json()["sources"]["above_scale"]["source"] == "self"
    assert owner.get(f"{firm}/profile").json()["facts"] == FITS
    found = owner.get(f"{firm}/entitlements").json()["items"][0]
    assert (found["outcome"], found["needs"]) == ("unknown", ["industry"])
    services.match_all(now=NOW)
    matches = f"/api/v1/policies/clauses/{clause['id']}/matches"
    assert [one["uscc"] for one in caller.get(f"{matches}?result=unknown").json()["items"]] == [office.firm.uscc]
    assert owner.get(matches).status_code == 403
    terms = clause["terms"] | {"cap": "5", "since": "2026-12-01"}
    amended = caller.post(f"/api/v1/policies/clauses/{clause['id']}/terms", terms, content_type="application/json")
    assert amended.json()["clauses"][0]["versions"] == 2
    assert len(caller.get("/api/v1/policies?state=in_force").json()["items"]) == 1


def test_the_second_wall_hides_drafts_and_profiles(office):
    policy = office.draft()
    office.clause(policy)
    office.fill(office.firm, staff=5)
    seen = {}
    for name, actor in (("centre", office.centre), ("stranger", office.stranger), ("owner", office.owner)):
        with database.reading(actor.scope()), clock.at(NOW):
            from bihuan.mechanisms.policies.models import Profile, Terms

            seen[name] = (Policy.objects.count(), Terms.objects.count(), Profile.objects.count())
    assert seen == {"centre": (1, 1, 1), "stranger": (0, 0, 0), "owner": (0, 0, 1)}


class TestDelivery:
    @pytest.fixture
    def made(self, office):
        (clause,) = office.published({"conditions": [], "shares": [{"level": "county", "percent": "100"}]})
        services.sync(now=NOW)
        return services.draw(clause_id=clause.id, body={}, actor=office.liaison(), now=NOW)

    def test_the_pages_of_a_delivery(self, office, made):
        owner, unit, centre = browser(office.owner), browser(office.liaison()), browser(office.centre)
        where = f"/policies/rounds/{made.id}/"
        text = owner.get(f"/policies/firms/{office.firm.uscc}/").content.decode()
        assert "You need not apply" in text
        with database.writing():
            mine = made.grants.get(enterprise=office.firm)
        assert mine.known_at is not None
        services.advance_due(now=NOW + 8 * DAY)
        with clock.at(NOW + 8 * DAY):
            assert unit.post(f"{where}do/approve/", {})["Location"] == where
        services.advance_due(now=NOW + 17 * DAY)
        with clock.at(NOW + 17 * DAY):
            word = centre.get(f"{where}notice.docx")
            assert (word.status_code, word.content[:2]) == (200, b"PK")
            assert centre.get(f"{where}notice.pdf").content[:4] == b"%PDF"
            assert centre.get(f"{where}notice.exe").status_code == 404
            good = f"统一社会信用代码,金额,流水号,到账日期\n{office.firm.uscc},200000,R1,2026-12-02\n"
            bad = good + f"{office.other_firm.uscc},5,R2,2026-12-02\n"
            given = {"level": "county", "reference": "B1"}
            shown = centre.post(f"{where}payments/", given | {"file": SimpleUploadedFile("拨付.csv", bad.encode())})
            text = shown.content.decode()
            assert shown.status_code == 200
            assert "Line 3: not the amount that is owed: 200000.00" in text
            again = centre.post(f"{where}payments/", given | {"file": SimpleUploadedFile("拨付.csv", bad.encode())})
            assert "nothing was changed" in again.content.decode()
            other = centre.post(f"{where}payments/", given | {"file": SimpleUploadedFile("拨付.csv", good.encode())})
            assert other.status_code == 409
            assert centre.post(f"{where}payments/", given).status_code == 422
            assert "Paid" in owner.get(f"/policies/firms/{office.firm.uscc}/").content.decode()
            owner.post(f"/policies/grants/{mine.id}/do/confirm/", {})
            for path in ("/policies/rounds/", "/policies/gaps/", where, f"{where}?state=late"):
                assert centre.get(path).status_code == 200
        with database.writing():
            assert made.grants.get(pk=mine.pk).state == "confirmed"
        for who in (office.owner, office.staff("seat")):
            assert browser(who).get(where).status_code == 403

    def test_the_api_of_a_delivery(self, office, made):
        unit, owner = api(office.liaison()), api(office.owner)
        where = f"/api/v1/policies/rounds/{made.id}"
        shown = unit.get(where).json()
        assert (shown["states"], shown["amount"], shown["available_actions"]) == ({"offered": 2}, "400000.00", [])
        assert owner.get(where).status_code == 404
        mine = owner.get(f"/api/v1/enterprises/{office.firm.uscc}/grants").json()["items"][0]
        assert mine["available_actions"] == ["accept", "refuse"]
        path = f"/api/v1/policies/grants/{mine['id']}/actions/accept"
        assert owner.post(path, {}, content_type="application/json").json()["state"] == "willing"
        services.advance_due(now=NOW + 8 * DAY)
        with clock.at(NOW + 8 * DAY):
            unit.post(f"{where}/actions/approve", {}, content_type="application/json")
        services.advance_due(now=NOW + 17 * DAY)
        with clock.at(NOW + 17 * DAY):
            row = {"uscc": office.firm.uscc, "amount": "200000", "receipt": "R", "paid_on": "2026-12-02"}
            body = {"level": "county", "reference": "B", "rows": [row, row | {"receipt": "S"}]}
            taken = unit.post(f"{where}/payments", body, content_type="application/json").json()
            assert (taken["rows"], [one["code"] for one in taken["refused"]]) == (1, ["twice"])
            grants = unit.get(f"{where}/grants?state=paid").json()["items"]
            assert [one["uscc"] for one in grants] == [office.firm.uscc]
            gap = unit.get("/api/v1/policies/gaps?by=department").json()["items"][0]
            assert (gap["offered"], gap["known"], gap["in_time"]) == (2, 1, 1)
            assert unit.get("/api/v1/policies/gaps?by=moon").status_code == 422
        assert len(unit.get("/api/v1/policies/rounds").json()["items"]) == 1
