"""Pages and API: who finds what there, role by role and way by way; and that the forms go where they say."""

import pytest
from django.test import Client

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory import factories as places
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.instruments import permissions, selectors
from bihuan.mechanisms.instruments.models import Instrument
from bihuan.mechanisms.instruments.states import KINDS
from bihuan.mechanisms.instruments.tests.conftest import HOUR

SECRET = "只有当事各方知道的一句话"
LATER = NOW + 2 * HOUR
LINE = {"coordinator", "catch_all", "supervision_office", "leader", "discipline"}
OUTSIDE = ("justice_supervisor", "seat", "deputy", "board_head", "other_department", "owner", "stranger", "observer")
EVERYBODY = (*sorted(LINE), "department", *OUTSIDE)
READERS = {
    "supervision_order": LINE | {"department"},
    "discipline_recommendation": {"discipline", "leader", "department"},
    "interview": {"discipline", "leader", "supervision_office", "department"},
    "circular": LINE | {"department", "other_department", "justice_supervisor", "seat"},
}


def actor_of(desk, who):
    special = {"department": lambda: desk.liaison(), "other_department": lambda: desk.liaison("tax")}
    special |= {"owner": lambda: desk.owner, "stranger": lambda: desk.stranger}
    special["board_head"] = lambda: desk.person("board", "board_head", board="projects")
    return special[who]() if who in special else desk.staff(who)


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def api(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "zh-hans"})


def secret(desk, kind, state="issued", **given):
    parts = dict.fromkeys(KINDS[kind].parts, SECRET)
    return desk.until(desk.draft(kind, title=SECRET, **parts | given), state)


def ways(thing):
    page, door = f"/instruments/{thing.id}/", f"/api/v1/instruments/{thing.id}"
    return {
        "page": [page, f"{page}letter/pdf/", "/instruments/", "/instruments/?state=open", "/instruments/figures/"],
        "api": [door, f"{door}/letter/docx", "/api/v1/instruments", "/api/v1/instruments/figures"],
    }


@pytest.mark.parametrize("kind", READERS)
def test_role_by_role_and_way_by_way_only_its_readers_learn_of_it(desk, kind):
    thing = secret(desk, kind)
    with clock.at(LATER):
        for who in EVERYBODY:
            actor = actor_of(desk, who)
            pages, client = browser(actor), api(actor)
            may = who in READERS[kind]
            told = ways(thing)
            one = pages.get(told["page"][0])
            assert (one.status_code == 200) == may, (who, one.status_code)
            assert client.get(told["api"][0]).status_code == (200 if may else 404), who
            letter = client.get(told["api"][1]).status_code
            assert letter in ({200, 404} if thing.public else {200 if may else 404}), who
            for path in told["page"] + told["api"]:
                answer = (client if path.startswith("/api") else pages).get(path)
                content = answer.content.decode(errors="replace")
                if not may:
                    assert SECRET not in content, (who, path)
                    assert str(thing.id) not in content.replace(path, ""), (who, path)
                if answer.status_code == 200 and path.endswith("figures/"):
                    assert SECRET not in content
            listed = client.get("/api/v1/instruments").json()["items"]
            assert [row["id"] for row in listed] == ([str(thing.id)] if may else []), who
            with database.reading(actor.scope()):
                behind = Instrument.objects.count()
            assert behind == (1 if may else 0), f"second wall: {who}"
            if not may:
                took = client.post(f"{told['api'][0]}/actions/receive", {}, content_type="application/json")
                assert took.status_code == 404, who


@pytest.mark.parametrize("kind", ["advisory_letter", "discipline_recommendation", "clarification"])
def test_the_department_knows_nothing_of_a_draft_and_nothing_of_its_making(desk, kind):
    thing = desk.draft(kind, title=SECRET)
    liaison = desk.liaison()
    with clock.at(LATER):
        assert browser(liaison).get(f"/instruments/{thing.id}/").status_code == 404
        thing = desk.until(thing, "issued")
        facts = selectors.trace(found=desk.seen(thing, liaison), actor=liaison)
        assert "instruments.drafted" not in {fact["kind"] for fact in facts}
        assert not {fact["kind"] for fact in facts} & selectors.INTERNAL
        assert "instruments.drafted" in {
            fact["kind"]
            for fact in selectors.trace(found=desk.seen(thing, desk.drafter(kind)), actor=desk.drafter(kind))
        }


def test_another_place_knows_nothing_and_the_level_above_does(desk):
    thing = secret(desk, "supervision_order")
    places.make_region("999902", "邻区")
    from bihuan.casework.cases.permissions import Actor
    from bihuan.foundation.accounts import selectors as people
    from bihuan.foundation.directory.permissions import OPERATOR

    seen = {}
    for region in ("999902", "999900"):
        person = accounts.create_person(
            username=f"office-{region}", display_name="x", actor_id=OPERATOR, now=NOW, must_change_password=False
        )
        accounts.appoint(
            person_id=person.id,
            role="supervision_office",
            region=region,
            actor_id=OPERATOR,
            now=NOW,
            since=NOW - HOUR,
        )
        actor = Actor(reader=people.reader_of(person.id))
        seen[region] = [row.thing for row in selectors.page(actor=actor, now=LATER)[0]]
    assert seen == {"999902": [], "999900": [thing]}


def test_a_withdrawn_circular_is_public_no_longer(desk):
    thing = secret(desk, "circular")
    tax = desk.liaison("tax")
    assert desk.seen(thing, tax).thing == thing
    desk.take(thing, "take_back", actor=desk.drafter("circular"))
    assert selectors.page(actor=tax, now=LATER) == ([], None)


def test_pages_show_it_and_forms_do_what_they_say(desk):
    case = desk.case("accept", "dispatch", "sign")
    office, liaison = browser(desk.drafter("supervision_order")), browser(desk.liaison())
    with clock.at(LATER):
        assert office.get("/instruments/new/").status_code == 200
        form = office.get(f"/instruments/new/?kind=supervision_order&case={case.number}").content.decode()
        assert case.number in form
        body = {"department": "housing", "title": "限期办结", "text": "请三日内办结", "case": case.number}
        made = office.post("/instruments/new/?kind=supervision_order", body)
        path = made.headers["Location"]
        assert office.get(path).status_code == 200
        assert "限期办结" not in liaison.get(f"/cases/{case.number}/").content.decode()
        assert path in office.get(f"/cases/{case.number}/").content.decode()
        assert office.post(f"{path}do/approve/", {"text": "同意"}).status_code == 403
        leader = browser(desk.approver("supervision_order"))
        assert leader.post(f"{path}do/approve/", {"text": "同意"}).status_code == 302
        assert office.post(f"{path}do/issue/", {"text": "请签收"}).status_code == 302
        assert "/letter/pdf/" in office.get(path).content.decode()
        assert liaison.post(f"{path}do/receive/").status_code == 302
        page = liaison.get(path).content.decode()
        assert "系统" not in page.split('id="tl-h"')[1]
        assert f"{path}do/reply/" in page
        assert f"{path}do/assess/" not in page
        assert office.get(f"{path}letter/ofd/").status_code == 404
        for query in ("", "?state=open", "?only=late", "?kind=reminder", "?before=x", "?only=nonsense"):
            assert office.get(f"/instruments/{query}").status_code == 200
        assert office.get("/instruments/figures/").status_code == 200
        assert browser(desk.owner).get("/instruments/").status_code == 403
        assert liaison.get("/instruments/new/").status_code == 403


def test_the_api_does_what_the_pages_do(desk):
    office, liaison = api(desk.drafter("advisory_letter")), api(desk.liaison())
    with clock.at(LATER):
        body = {"kind": "advisory_letter", "region": DISTRICT, "department": "housing", "title": "t", "text": "x"}
        made = office.post("/api/v1/instruments", body, content_type="application/json")
        assert made.status_code == 201
        door = f"/api/v1/instruments/{made.json()['id']}"
        refused = liaison.post("/api/v1/instruments", body, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        took = api(desk.approver("advisory_letter")).post(
            f"{door}/actions/approve", {"text": "同意"}, content_type="application/json"
        )
        assert took.json()["state"] == "approved"
        issued = office.post(f"{door}/actions/issue", {"text": "请阅"}, content_type="application/json").json()
        assert issued["number"] == "督查函〔2026〕1号"
        assert office.get(f"{door}/letter/pdf").content[:5] == b"%PDF-"
        assert liaison.get(door).json()["available_actions"] == ["receive"]
        assert office.get("/api/v1/instruments/figures").json()["kinds"]["advisory_letter"]["issued"] == 1


def test_buttons_are_exactly_what_is_allowed(desk):
    from bihuan.foundation.kernel import errors

    thing = secret(desk, "supervision_order", "received")
    for actor in (desk.liaison(), desk.drafter(thing.kind), desk.staff("leader"), desk.staff("coordinator")):
        shown = desk.seen(thing, actor).available_actions
        for action in ("reply", "object", "assess", "close", "take_back", "remind", "decide_objection"):
            if action not in shown:
                with pytest.raises((errors.Forbidden, errors.Conflict)):
                    desk.take(thing, action, actor=actor)
            assert (action in shown) <= permissions.can(actor, action, thing)


def test_lists_cost_the_same_for_few_and_many(desk, django_assert_max_num_queries):
    for _one in range(6):
        desk.until(desk.draft("reminder"), "issued")
    office = browser(desk.staff("coordinator"))
    with clock.at(LATER):
        office.get("/instruments/")
        with django_assert_max_num_queries(25):
            office.get("/instruments/")
        with django_assert_max_num_queries(25):
            office.get("/instruments/figures/")


def test_pages_of_the_register_follow_one_another(desk):
    things = [desk.draft("reminder") for _one in range(3)]
    first, following = selectors.page(actor=desk.staff("leader"), now=LATER, limit=2)
    rest, end = selectors.page(actor=desk.staff("leader"), now=LATER, limit=2, before=following)
    assert [row.thing for row in first + rest] == things[::-1]
    assert end is None
