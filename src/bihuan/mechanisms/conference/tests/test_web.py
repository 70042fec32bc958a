"""Pages, papers and API of the conference: what each reader finds there, and that the forms go where they say."""

import io

import docx
import pytest
from django.test import Client

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.conference.models import Decision, Item, Meeting
from bihuan.mechanisms.conference.tests.conftest import DAY, HOUR

LATER = NOW + 3 * DAY


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_pages_are_there_for_staff_and_for_nobody_else(house):
    case, decision = house.decided()
    meeting, item = house.rows(Meeting)[0], house.item(case)
    house.act(case.number, "move_tier", now=NOW + 2 * DAY + 2 * HOUR, tier="complex")
    paths = ["", "meetings/", "meetings/?kind=consultation", "consultations/", "decisions/", "dialogues/", "group/"]
    paths += ["decisions/?state=written_off", f"{meeting.id}/", f"items/{item.id}/", f"decisions/{decision.id}/"]
    paths += [f"consult/{case.number}/"]
    with clock.at(LATER):
        staff = browser(house.staff("coordinator"))
        for path in paths:
            assert staff.get(f"/conferences/{path}").status_code == 200, path
            assert browser(house.owner).get(f"/conferences/{path}").status_code == 403
        assert decision.number in staff.get(f"/cases/{case.number}/").content.decode()
        assert browser(house.liaison("tax")).get(f"/conferences/{meeting.id}/").status_code == 404
        assert browser(house.liaison()).get(f"/conferences/{meeting.id}/").status_code == 200


def test_forms_do_what_they_say(house):
    house.lead()
    _case, item = house.candidate()
    with clock.at(NOW + 2 * HOUR):
        centre = browser(house.staff("coordinator"))
        called = centre.post("/conferences/call/", {"starts_at": "2026-11-18T09:00", "place": "302"})
        meeting = house.rows(Meeting)[0]
        assert (called.status_code, called.headers["Location"]) == (302, f"/conferences/{meeting.id}/")
        do = f"/conferences/do/item/{item.id}"
        assert centre.post(f"{do}/screen/", {"text": "上会"}).status_code == 302
        assert centre.post(f"{do}/screen/", {"text": "上会"}).status_code == 409
        put = {"meeting": str(meeting.id), "minutes": "20"}
        assert centre.post(f"{do}/put_on/", put).status_code == 302
        assert centre.post(f"/conferences/do/nonsense/{item.id}/screen/", {"text": "x"}).status_code == 404
    house.open(meeting)
    with clock.at(NOW + 2 * DAY + HOUR):
        words = {"what": "一次告知", "owner": "housing", "within": "5wd", "due": "", "measures": "出清单\n试一次"}
        assert centre.post(f"{do}/decide/", words).status_code == 302
    assert house.rows(Decision)[0].measures == ["出清单", "试一次"]


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_papers_before_and_minutes_after(house, form):
    case, _decision = house.decided()
    meeting = house.rows(Meeting)[0]
    with clock.at(LATER):
        staff = browser(house.staff("coordinator"))
        before = staff.get(f"/conferences/{meeting.id}/papers/{form}/")
        house.take(meeting, "minute", now=LATER, text="散会")
        after = staff.get(f"/conferences/{meeting.id}/papers/{form}/")
    assert before.content != after.content
    if form == "pdf":
        assert after.content.startswith(b"%PDF-")
        return
    pages, minutes = (docx.Document(io.BytesIO(one.content)) for one in (before, after))
    assert any(case.title in one.text for one in pages.paragraphs)
    assert any("三部门联合到场" in one.text for one in minutes.paragraphs)


@pytest.mark.parametrize(("who", "status"), [("coordinator", 200), ("liaison", 403), ("stranger", 404)])
def test_the_api_does_what_the_pages_do(house, who, status):
    case, item = house.candidate()
    actor = {"stranger": lambda: house.stranger, "liaison": house.liaison}.get(who, lambda: house.staff(who))()
    with clock.at(NOW + 2 * HOUR):
        token = accounts.issue_token(person_id=actor.person_id, name="t", now=NOW)
        client = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})
        path = f"/api/v1/conferences/items/{item.id}"
        took = client.post(f"{path}/actions/screen", {"text": "上会"}, content_type="application/json")
        assert took.status_code == status
        listed = client.get("/api/v1/conferences/items?state=open").json()["items"]
        assert [one["case"] for one in listed] == ([] if who == "stranger" else [case.number])
        assert client.get("/api/v1/conferences").json() == {"items": [], "next": None}


def test_the_api_tells_a_session_whole(house):
    _case, decision = house.decided()
    meeting = house.rows(Meeting)[0]
    with clock.at(LATER):
        token = accounts.issue_token(person_id=house.staff("coordinator").person_id, name="t", now=NOW)
        client = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})
        told = client.get(f"/api/v1/conferences/{meeting.id}").json()
        assert [one["number"] for one in told["decisions"]] == [decision.number]
        assert told["quorum"] == {"needed": 2, "present": 2, "chaired": True, "reached": True}
        assert len(client.get("/api/v1/conferences/members").json()["items"]) == 4
        wrong = client.post(
            f"/api/v1/conferences/{meeting.id}/actions/cancel", {"reason": "x"}, content_type="application/json"
        )
        assert (wrong.status_code, wrong.json()["code"]) == (409, "state_forbids")


def test_the_second_wall_shows_the_same(house):
    _case, decision = house.decided()
    for actor, expected in ((house.staff("coordinator"), 1), (house.liaison(), 1), (house.liaison("tax"), 0)):
        with database.reading(actor.scope()):
            assert Decision.objects.count() == expected
            assert Meeting.objects.count() == expected
            assert Item.objects.count() == expected
    assert decision.region == house.rows(Meeting)[0].region


def test_lists_cost_the_same_for_few_and_many(house, django_assert_max_num_queries):
    house.lead()
    meeting = house.session()
    items = [house.candidate(now=NOW + HOUR)[1] for _one in range(4)]
    for item in items:
        house.on_agenda(item, meeting)
    house.open(meeting)
    for item in items:
        house.take(item, "decide", now=NOW + 2 * DAY, what="办", owner="housing", within="5wd")
    with clock.at(LATER):
        staff = browser(house.staff("coordinator"))
        for path in ("", "decisions/", f"{meeting.id}/"):
            staff.get(f"/conferences/{path}")
            with django_assert_max_num_queries(38):
                staff.get(f"/conferences/{path}")
