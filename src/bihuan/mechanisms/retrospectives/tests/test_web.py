"""Pages and REST: who sees what of a retrospective, and that nothing leaks to whom it does not concern."""

import pytest
from django.test import Client

from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.retrospectives.models import Cause, Retrospective
from bihuan.mechanisms.retrospectives.tests.conftest import KEPT, LATER, REHEARSED

SECRET = "根源在窗口人员轮换太快"


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def caller(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})


def test_the_pages_go_from_the_closing_to_the_report(bench):
    one = bench.opened()
    where = f"/retrospectives/{one.id}/"
    with clock.at(LATER):
        office, leader = browser(bench.office), browser(bench.leader)
        for path in (
            "",
            "?state=open",
            "?state=late",
            "?branch=process&cause=x",
            "?department=housing",
            "analysis/",
            "mine/",
        ):
            assert office.get(f"/retrospectives/{path}").status_code == 200, path
        assert where in office.get(f"/cases/{one.number}/").content.decode()
        posts = (
            ("assign", {"leader": "leader"}),
            ("find_cause", {"branch": "process", "cause": "多部门重复审图"}),
            ("presume", KEPT | {"solvable": "departed", "solvable_why": "上位法明令禁止"}),
            ("dissect", {"text": SECRET}),
            ("rehearse", {"text": "一次会审", "side_effects": "甲\r\n乙", "touched": "丙"}),
            ("propose_output", {"kind": "institution", "title": "会审办法", "text": "一次会审"}),
            ("draft", {}),
            ("submit", {}),
        )
        for action, body in posts:
            assert office.post(f"{where}do/{action}/", body).status_code == 302, action
        page = office.get(where).content.decode()
        assert "do/approve/" not in page
        assert leader.post(f"{where}do/approve/", {}).status_code == 302
        page = leader.get(where).content.decode()
        assert all(word in page for word in (SECRET, "会审办法", "上位法明令禁止"))
        for form, start in (("docx", b"PK"), ("pdf", b"%PDF")):
            assert leader.get(f"{where}report/{form}/").content.startswith(start)
        assert leader.get(f"{where}report/exe/").status_code == 404
        assert leader.post(f"{where}do/check/", {"text": "看过", "occurred": ["1", "2"]}).status_code == 302
        assert "多部门重复审图" in leader.get("/retrospectives/analysis/").content.decode()
        assert leader.get("/retrospectives/analysis/?since=x").status_code == 422


def test_a_person_may_open_one_from_the_case_page_and_only_once(bench):
    case = bench.closed(tier="ordinary")
    with clock.at(LATER):
        office = browser(bench.office)
        assert "/retrospectives/open/" in office.get(f"/cases/{case.number}/").content.decode()
        body = {"number": case.number, "text": "疑难"}
        assert office.post("/retrospectives/open/", body).status_code == 302
        assert office.post("/retrospectives/open/", body).status_code == 409
        assert "/retrospectives/open/" not in office.get(f"/cases/{case.number}/").content.decode()
        assert "retrospectives" not in browser(bench.owner).get(f"/cases/{case.number}/").content.decode()
        assert browser(bench.owner).post("/retrospectives/open/", body).status_code == 403


ROLES = {
    "office": lambda bench: bench.office,
    "leader": lambda bench: bench.leader,
    "centre": lambda bench: bench.centre,
    "catch_all": lambda bench: bench.staff("catch_all"),
    "discipline": lambda bench: bench.staff("discipline"),
    "justice": lambda bench: bench.staff("justice_supervisor"),
    "seat": lambda bench: bench.staff("seat"),
    "board_head": lambda bench: bench.person("board", "board_head", board="projects"),
    "unit": lambda bench: bench.liaison(),
    "unit_head": lambda bench: bench.liaison(role="department_head"),
    "guest": lambda bench: bench.guest,
    "other_unit": lambda bench: bench.liaison("water"),
    "raiser": lambda bench: bench.owner,
    "stranger": lambda bench: bench.stranger,
    "deputy": lambda bench: bench.staff("deputy"),
    "observer": lambda bench: bench.staff("observer"),
    "special_supervisor": lambda bench: bench.staff("special_supervisor"),
    "system_admin": lambda bench: bench.staff("system_admin"),
    "security_admin": lambda bench: bench.staff("security_admin"),
    "audit_admin": lambda bench: bench.staff("audit_admin"),
}
BY_OFFICE = {
    "office",
    "leader",
    "centre",
    "catch_all",
    "discipline",
    "justice",
    "seat",
    "board_head",
    "unit",
    "unit_head",
}
TEAM = {"office", "leader", "centre", "catch_all"}
HANDLED_IT = {"unit", "unit_head"}


@pytest.mark.parametrize("who", ROLES)
def test_each_role_finds_by_rest_what_concerns_it_and_no_more(bench, who):
    one = bench.until(bench.opened(), "led")
    bench.take(one, "invite", username="professor")
    bench.take(one, "find_cause", branch="process", cause="多部门重复审图")
    bench.take(one, "presume", **KEPT)
    bench.take(one, "dissect", text=SECRET)
    bench.take(one, "rehearse", **REHEARSED)
    bench.take(one, "draft")
    actor = ROLES[who](bench)
    sees = who in BY_OFFICE | {"guest"}
    with clock.at(LATER):
        client, base = caller(actor), f"/api/v1/retrospectives/{one.id}"
        listed = client.get("/api/v1/retrospectives")
        assert (str(one.id) in listed.content.decode()) is (who in BY_OFFICE)
        shown = client.get(base)
        assert shown.status_code == (200 if sees else 404)
        assert (SECRET in shown.content.decode()) is sees
        assert client.get(f"{base}/causes").status_code == (200 if sees else 404)
        drafts = sees and who not in HANDLED_IT
        assert client.get(f"{base}/report/pdf").status_code == (200 if drafts else 404)
        if sees:
            assert bool(shown.json()["report"]) is drafts
        took = client.post(f"{base}/actions/submit", {}, content_type="application/json")
        assert took.status_code == (200 if who in TEAM else 403 if sees else 404)
        approved = client.post(f"{base}/actions/approve", {}, content_type="application/json")
        # The office drafted it, so it does not approve it.
        assert approved.status_code == (200 if who == "leader" else 403 if sees else 404)
        assert client.get("/api/v1/retrospectives/analysis").json()["total"] == (1 if who == "leader" else 0)
        opened = client.post("/api/v1/retrospectives", {"case": one.number}, content_type="application/json")
        assert opened.status_code == (
            409 if who in TEAM else 403 if (sees and who != "guest") or who == "raiser" else 404
        )
        page = browser(actor).get(f"/retrospectives/{one.id}/")
        assert (SECRET in page.content.decode()) is sees
        assert str(one.id) not in browser(bench.owner).get(f"/cases/{one.number}/").content.decode()


def test_nobody_without_a_login_gets_in(bench):
    one = bench.opened()
    for path in ("", f"/{one.id}", f"/{one.id}/causes", f"/{one.id}/report/docx", "/analysis"):
        assert Client().get(f"/api/v1/retrospectives{path}").status_code == 401
    assert Client().post("/api/v1/retrospectives").status_code == 401
    for path in ("", "mine/", "analysis/", f"{one.id}/", f"{one.id}/report/pdf/"):
        assert Client().get(f"/retrospectives/{path}").status_code in (302, 401, 403), path


@pytest.mark.parametrize("who", ROLES)
def test_the_database_says_the_same_a_second_time(bench, who):
    one = bench.until(bench.opened(), "dissected")
    actor = ROLES[who](bench)
    with clock.at(LATER), database.reading(actor.scope()):
        assert Retrospective.objects.filter(pk=one.id).exists() is (who in BY_OFFICE)
        assert Cause.objects.exists() is (who in BY_OFFICE)


def test_the_report_tells_no_person_and_no_rating(bench):
    case = bench.closed()
    bench.act(case.number, "rate", now=LATER, process=1, result=2, reasons=["办事人员态度差"])
    one = bench.until(bench.of(case), "drafted")
    text = bench.dissection(one).newest.text
    for name in ("owner", "liaison-housing", "supervision_office", "leader", "态度差", bench.firm.uscc):
        assert name not in text, name


def test_lists_cost_the_same_for_few_and_many(bench, django_assert_max_num_queries):
    office, pages, costs = browser(bench.office), ("/retrospectives/", "/retrospectives/analysis/"), []
    for many in (1, 3):
        for _one in range(many):
            bench.until(bench.opened(), "concluded")
        with clock.at(LATER):
            office.get(pages[0])
            for page in pages:
                with django_assert_max_num_queries(30) as asked:
                    office.get(page)
                costs.append(len(asked))
    assert costs[:2] == costs[2:]


def test_pages_of_a_list_follow_each_other(bench):
    ones = [bench.opened(title=f"第{place}件") for place in range(3)]
    with clock.at(LATER):
        client = caller(bench.office)
        first = client.get("/api/v1/retrospectives?limit=2").json()
        rest = client.get(f"/api/v1/retrospectives?limit=2&cursor={first['next']}").json()
        assert [one["id"] for one in (*first["items"], *rest["items"])] == [str(one.id) for one in reversed(ones)]
        assert rest["next"] is None
        assert client.get("/api/v1/retrospectives?since=soon").status_code == 422
        assert client.get("/api/v1/retrospectives?state=nothing").json()["items"] == []


BODIES = (
    ("led", "assign", {"leader": {"a": 1}}),
    ("led", "invite", {"username": "\0"}),
    ("led", "invite", {"name": "\0"}),
    ("led", "find_cause", {"branch": ["x"], "cause": "y"}),
    ("led", "find_cause", {"branch": "law", "cause": "\0"}),
    ("led", "strike", {"what": "\0", "text": "x"}),
    ("led", "presume", {"reasonable": {}, "solvable": [1]}),
    ("led", "propose_output", {"kind": {}, "title": 1, "text": 2}),
    ("dissected", "rehearse", {"text": "x", "side_effects": {"a": 1}, "touched": 3}),
    ("dissected", "rehearse", {"text": "x", "side_effects": ["a"], "touched": ["b"], "check_on": [1]}),
    ("concluded", "check", {"text": "x", "occurred": 3.5}),
    ("concluded", "check", {"text": "x", "occurred": [["1"], {}]}),
)


def test_wrong_bodies_are_refused_with_a_sentence(bench):
    ones = {state: bench.until(bench.opened(title=state), state) for state in ("led", "dissected", "concluded")}
    with clock.at(LATER):
        client = caller(bench.office)
        for state, action, body in BODIES:
            where = f"/api/v1/retrospectives/{ones[state].id}/actions/{action}"
            answer = client.post(where, body, content_type="application/json")
            assert answer.status_code == 422, (action, body, answer.content)
