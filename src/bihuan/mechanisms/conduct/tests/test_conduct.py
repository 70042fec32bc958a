"""Lists of conduct: versions and their days, who writes and publishes, the public page; examinations for both sides."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.notifications.models import Notice
from bihuan.mechanisms.conduct import rules, selectors, services, wording
from bihuan.mechanisms.conduct.models import Examination, Sheet
from bihuan.mechanisms.conduct.rules import Version
from bihuan.mechanisms.conduct.states import KINDS, RESULTS, SIDES, SheetState
from bihuan.mechanisms.conduct.tests.conftest import DAY, HOUR

LATER = NOW + 5 * DAY
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def browser(actor=None) -> Client:
    client = Client()
    if actor is not None:
        person = Person.objects.get(pk=actor.reader.person_id)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def api(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}"})


@given(st.lists(DAYS, max_size=6), DAYS)
def test_the_newest_version_whose_day_has_come_is_in_force(days, on):
    versions = [Version(number, day) for number, day in enumerate(days, 1)]
    found = rules.in_force(versions, on)
    due = [one for one in versions if one.effective_on <= on]
    assert found == (due[-1] if due else None)


@given(st.fixed_dictionaries({side: st.text(max_size=80) for side in SIDES}))
def test_each_line_is_an_entry_with_an_id_of_its_own(sides):
    found = rules.entries(sides)
    assert len({one["id"] for one in found}) == len(found)
    assert all(one["text"] == one["text"].strip() != "" for one in found)


def test_words_are_complete():
    assert (set(wording.KINDS), set(wording.SIDES), set(wording.RESULTS)) == (set(KINDS), set(SIDES), set(RESULTS))
    assert set(wording.STATES) == {one.value for one in SheetState}


def test_versions_follow_one_another_and_the_older_stays_until_the_day(scribe):
    first = scribe.published()
    assert [one["id"] for one in first.entries] == ["P1", "P2", "N1", "N2"]
    assert first.entries[-1]["text"] == "借用车辆"
    second = scribe.published(effective_on="2026-12-01", negative="收受礼金")
    assert (first.version, second.version) == (1, 2)
    nobody = Actor()
    for day, expected in (("2026-11-19", []), ("2026-11-20", [first]), ("2026-12-01", [second])):
        assert selectors.in_force(actor=nobody, on=dt.date.fromisoformat(day)) == expected
    assert selectors.versions(sheet=first, actor=nobody) == [second, first]
    scribe.take(second, "withdraw", text="重新征求意见")
    assert selectors.in_force(actor=nobody, on=dt.date(2026, 12, 2)) == [first]
    assert scribe.facts(second) == ["drafted", "publish", "withdraw"]


def test_whoever_drafted_does_not_publish_and_one_draft_is_enough(scribe):
    sheet = scribe.draft()
    with pytest.raises(errors.Forbidden):
        scribe.take(sheet, "publish", actor=scribe.staff("discipline"))
    with pytest.raises(errors.Conflict) as refusal:
        scribe.draft()
    assert refusal.value.code == "draft_open"
    scribe.take(sheet, "edit", title="新题目", effective_on="2026-11-25", positive="公开答复")
    sheet = scribe.take(sheet, "publish", actor=scribe.staff("discipline", "second"))
    assert (sheet.title, len(sheet.entries)) == ("新题目", 1)
    with pytest.raises(errors.Conflict):
        scribe.take(sheet, "drop")
    assert scribe.take(scribe.draft(), "drop").state == "dropped"


def test_a_published_list_never_changes(scribe):
    sheet = scribe.published()
    with pytest.raises(errors.Conflict):
        scribe.take(sheet, "edit", title="改", effective_on="2026-12-01", positive="x")
    with pytest.raises(DatabaseError, match="never changes"), database.writing():
        Sheet.objects.filter(pk=sheet.pk).update(entries=[])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "other"}, "kind"),
        ({"audience": " "}, "audience"),
        ({"title": ""}, "title"),
        ({"positive": "", "negative": " \n "}, "positive"),
        ({"positive": "长" * 401}, "positive"),
        ({"effective_on": "soon"}, "effective_on"),
        ({"effective_on": "2026-11-15"}, "effective_on"),
    ],
)
def test_what_is_wrong_in_a_list_is_named(scribe, given, field):
    with pytest.raises(errors.Invalid) as refusal:
        scribe.draft(**given)
    assert refusal.value.field == field


@pytest.mark.parametrize("who", ["leader", "coordinator", "owner", "liaison"])
def test_others_draft_nothing(scribe, who):
    actor = {"owner": lambda: scribe.owner, "liaison": scribe.liaison}.get(who, lambda: scribe.staff(who))()
    with pytest.raises(errors.Forbidden):
        scribe.draft(actor=actor)


def test_everybody_reads_what_is_in_force_and_nobody_a_draft(scribe):
    sheet = scribe.published()
    draft = scribe.draft(title="还没定的清单")
    with clock.at(LATER):
        for client in (browser(), browser(scribe.owner), browser(scribe.staff("coordinator"))):
            page = client.get("/conduct/").content.decode()
            assert "收受礼金" in page
            assert "还没定的清单" not in page
            assert client.get(f"/conduct/{sheet.id}/").status_code == 200
            assert client.get(f"/conduct/{draft.id}/").status_code == 404
        shown = Client().get("/api/v1/conduct", {"region": DISTRICT}).json()["items"]
        assert [(one["version"], len(one["entries"])) for one in shown] == [(1, 4)]
        assert Client().get(f"/api/v1/conduct/{draft.id}").status_code == 404
        assert "还没定的清单" in browser(scribe.staff("discipline")).get("/conduct/").content.decode()


def test_a_report_can_point_to_the_broken_entry(scribe):
    sheet = scribe.published()
    with clock.at(LATER):
        page = browser().get(f"/conduct/{sheet.id}/").content.decode()
        (link,) = {
            part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:] if "N1" in part.split('"')[0]
        }
        assert "P1" not in [part.split('"')[0][-60:] for part in page.split("about=")]
        form = browser().get(link)
        assert form.status_code == 200
        assert "收受礼金" in form.content.decode()


def test_pages_and_api_do_what_they_say(scribe):
    office, leader = browser(scribe.staff("discipline")), browser(scribe.staff("leader"))
    with clock.at(NOW + HOUR):
        assert office.get("/conduct/new/").status_code == 200
        body = {"kind": "contact", "audience": "窗口", "title": "窗口清单", "basis": "", "effective_on": "2026-11-16",
                "positive": "一次告知", "negative": "", "advocated": ""}  # fmt: skip
        path = office.post("/conduct/new/", body).headers["Location"]
        assert office.get(path).status_code == 200
        assert office.post(f"{path}do/publish/", {"text": "同意"}).status_code == 403
        assert leader.post(f"{path}do/publish/", {"text": "同意"}).status_code == 302
        assert "一次告知" in browser().get("/conduct/").content.decode()
        assert browser(scribe.owner).post(f"{path}do/withdraw/", {"text": "x"}).status_code == 403
        json = {"content_type": "application/json"}
        made = api(scribe.staff("discipline")).post("/api/v1/conduct", body | {"region": DISTRICT}, **json)
        assert (made.status_code, made.json()["version"]) == (201, 2)
        door = f"/api/v1/conduct/{made.json()['id']}/actions/publish"
        assert api(scribe.staff("leader")).post(door, {"text": "同意"}, **json).json()["state"] == "published"


class TestExaminations:
    def test_the_enterprise_reads_its_result_and_comments_once(self, scribe):
        found = scribe.examine(scribe.integrity())
        assert found.results == {"P1": "kept", "P2": "open", "N1": "broken", "N2": "open"}
        with database.writing():
            assert Notice.objects.filter(person_id=scribe.owner.person_id, key="conduct.examined").count() == 1
        given = {"examination_id": found.id, "actor": scribe.owner, "now": LATER, "body": {"text": "已整改"}}
        assert services.comment(**given).comment == "已整改"
        with pytest.raises(errors.Conflict):
            services.comment(**given)
        assert scribe.facts(found) == ["examined", "comment"]

    @pytest.mark.parametrize("who", ["discipline", "supervision_office", "owner", "stranger", "leader", "coordinator"])
    def test_both_sides_read_it_and_nobody_else(self, scribe, who):
        found = scribe.examine(scribe.integrity(), advice="只有双方知道的一句话")
        people = {"owner": lambda: scribe.owner, "stranger": lambda: scribe.stranger}
        actor = people.get(who, lambda: scribe.staff(who))()
        may = who in ("discipline", "supervision_office", "owner")
        with clock.at(LATER):
            client = browser(actor)
            assert (client.get(f"/conduct/examinations/{found.id}/").status_code == 200) == may
            assert (str(found.id) in client.get("/conduct/examinations/").content.decode()) == may
            with database.reading(actor.scope()):
                assert Examination.objects.count() == int(may)
        if who != "owner":
            with pytest.raises(errors.Problem):
                services.comment(examination_id=found.id, actor=actor, now=LATER, body={"text": "x"})

    @pytest.mark.parametrize(
        ("given", "error"),
        [({"enterprise": "x"}, errors.Invalid), ({"advice": ""}, errors.Invalid), ({"N1": "bad"}, errors.Invalid)],
    )
    def test_what_is_wrong_is_refused(self, scribe, given, error):
        with pytest.raises(error):
            scribe.examine(scribe.integrity(), **given)

    def test_only_by_an_integrity_list_in_force_and_by_those_who_may(self, scribe):
        with pytest.raises(errors.Conflict):
            scribe.examine(scribe.published())
        sheet = scribe.integrity()
        with pytest.raises(errors.Forbidden):
            scribe.examine(sheet, actor=scribe.staff("coordinator"))
        with clock.at(LATER):
            office = browser(scribe.staff("discipline"))
            assert office.get(f"/conduct/{sheet.id}/examine/").status_code == 200
            body = {"enterprise": scribe.firm.uscc, "advice": "继续保持", "P1": "kept"}
            path = office.post(f"/conduct/{sheet.id}/examine/", body).headers["Location"]
            owner = browser(scribe.owner)
            assert owner.post(f"{path}comment/", {"text": "谢谢"}).status_code == 302
            assert "谢谢" in office.get(path).content.decode()


def test_the_page_costs_the_same_for_few_and_many(scribe, django_assert_max_num_queries):
    for number in range(5):
        scribe.published(audience=f"岗位{number}", effective_on="2026-11-16")
    client = browser()
    with clock.at(LATER):
        client.get("/conduct/")
        with django_assert_max_num_queries(12):
            client.get("/conduct/")
