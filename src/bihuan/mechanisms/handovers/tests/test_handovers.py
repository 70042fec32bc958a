"""A matter handed to both sides: two accounts, two clocks, feedback to both; and who learns what, way by way."""

import pytest
from django.test import Client

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.handovers import selectors, services, wording
from bihuan.mechanisms.handovers.models import Account, Handover
from bihuan.mechanisms.handovers.states import ACCOUNTS, AccountState
from bihuan.mechanisms.handovers.tests.conftest import DAY, HOUR

SECRET = "主管单位才知道的一句话"
LATER = NOW + 3 * HOUR


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def api(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "zh-hans"})


def test_words_are_complete():
    assert set(wording.STATES) == {one.value for one in AccountState}
    assert {row.action for row in ACCOUNTS.transitions} - {"lapse"} == set(wording.ACTIONS)


def test_both_sides_have_an_account_a_clock_and_the_feedback(twin):
    handover = twin.give()
    department, supervisor = (twin.account(handover, side) for side in ("department", "supervisor"))
    assert (department.department.code, supervisor.department.code) == ("housing", "tax")
    assert department.due_at is not None
    assert supervisor.due_at is not None
    assert (twin.told(twin.liaison(), "given"), twin.told(twin.liaison("tax"), "given")) == (1, 1)
    twin.take(handover, "department", "sign")
    assert twin.account(handover, "supervisor").state == "handed"
    twin.take(handover, "department", "report", text="已约现场")
    twin.take(handover, "department", "send_back")
    twin.take(handover, "department", "report", text="已办结")
    twin.take(handover, "department", "settle", text="属实")
    assert twin.told(twin.liaison("tax"), "ended") == 0
    twin.take(handover, "supervisor", "sign")
    twin.take(handover, "supervisor", "report", text="已督促到位")
    twin.take(handover, "supervisor", "settle", text="督促有效")
    assert (twin.told(twin.liaison(), "ended"), twin.told(twin.liaison("tax"), "ended")) == (1, 1)
    with database.writing():
        assert Handover.objects.get().ended_at is not None
    assert twin.facts(department) == ["given", "sign", "report", "send_back", "report", "settle"]
    assert twin.facts(supervisor) == ["given", "sign", "report", "settle"]
    assert [side.account.report for side in twin.seen(handover, twin.liaison()).sides] == ["已办结", "已督促到位"]


def test_each_side_is_late_for_itself(twin):
    handover = twin.give()
    twin.take(handover, "department", "sign")
    twin.sweep(NOW + 3 * DAY)
    assert twin.facts(twin.account(handover, "supervisor"))[-1] == "late"
    assert twin.facts(twin.account(handover, "department"))[-1] == "sign"
    assert (twin.told(twin.liaison("tax"), "late"), twin.told(twin.liaison(), "late")) == (1, 0)
    assert selectors.counts(actor=twin.staff("coordinator")) == {"open": 1, "late": 1}


def test_the_rulebook_names_the_supervisor_and_discipline_is_the_last(twin):
    twin.rule("handovers: {supervisors: {housing: water}}")
    assert twin.account(twin.give(supervisor=""), "supervisor").department.code == "water"
    other = twin.account(twin.give(supervisor="discipline"), "supervisor")
    assert other.department is None
    assert selectors.available_actions(other, twin.staff("discipline")) == ["sign"]
    assert twin.take(other.handover, "supervisor", "sign").state == "signed"


def test_what_the_other_side_reports_is_closed_until_it_is_settled(twin):
    handover = twin.give()
    twin.take(handover, "supervisor", "sign")
    twin.take(handover, "supervisor", "report", text=SECRET)
    with clock.at(LATER):
        for content in (
            browser(twin.liaison()).get(f"/handovers/{handover.id}/").content.decode(),
            api(twin.liaison()).get(f"/api/v1/handovers/{handover.id}").content.decode(),
        ):
            assert SECRET not in content
        assert SECRET in browser(twin.liaison("tax")).get(f"/handovers/{handover.id}/").content.decode()
        twin.take(handover, "supervisor", "settle", now=LATER)
        assert SECRET in browser(twin.liaison()).get(f"/handovers/{handover.id}/").content.decode()


@pytest.mark.parametrize("action", ["withdraw", "take_back"])
def test_it_ends_for_both_at_once(twin, action):
    case = twin.case("accept", "dispatch", "sign")
    handover = twin.give(number=case.number)
    twin.take(handover, "department", "sign")
    if action == "withdraw":
        twin.act(case.number, "withdraw", now=NOW + 3 * HOUR)
    else:
        twin.take(handover, "supervisor", "take_back", text="已另行安排")
    assert {twin.account(handover, side).state for side in ("department", "supervisor")} == {"taken_back"}
    with database.writing():
        assert Handover.objects.get().ended_at is not None
        assert not Account.objects.filter(due_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"supervisor": "housing"}, "supervisor_same"),
        ({"supervisor": "nowhere"}, None),
        ({"text": " "}, "invalid_body"),
    ],
)
def test_what_is_wrong_is_named(twin, given, code):
    with pytest.raises(errors.Invalid) as refusal:
        twin.give(**given)
    assert code in (None, refusal.value.code)


def test_once_at_a_time_and_only_where_somebody_leads(twin):
    case = twin.case("accept")
    with pytest.raises(errors.Conflict) as refusal:
        twin.give(number=case.number)
    assert refusal.value.code == "no_lead"
    handover = twin.give()
    with pytest.raises(errors.Conflict) as refusal:
        twin.give(number=handover.number)
    assert refusal.value.code == "handed_already"
    twin.take(handover, "department", "take_back")
    assert twin.give(number=handover.number).id != handover.id
    over = twin.case("accept", "dispatch", "sign", "submit_plan", "reply", "verify_start", "verify_close")
    with pytest.raises(errors.Conflict) as refusal:
        twin.give(number=over.number)
    assert refusal.value.code == "case_over"


@pytest.mark.parametrize("who", ["seat", "discipline", "liaison", "owner"])
def test_others_hand_nothing_to_both_sides(twin, who):
    actor = {"liaison": twin.liaison, "owner": lambda: twin.owner}.get(who, lambda: twin.staff(who))()
    with pytest.raises(errors.Forbidden):
        twin.give(actor=actor)


INSIDE = {"coordinator", "supervision_office", "leader", "discipline", "catch_all"}


@pytest.mark.parametrize(
    "who",
    [*sorted(INSIDE), "housing", "tax", "water", "seat", "observer", "deputy", "owner", "system_admin"],
)
def test_who_sees_it_page_by_page_and_what_they_may_do(twin, who):
    handover = twin.give(text=SECRET)
    special = {name: (lambda code=name: twin.liaison(code)) for name in ("housing", "tax", "water")}
    actor = (special | {"owner": lambda: twin.owner}).get(who, lambda: twin.staff(who))()
    may = who in INSIDE | {"housing", "tax"}
    with clock.at(LATER):
        pages, client = browser(actor), api(actor)
        assert (pages.get(f"/handovers/{handover.id}/").status_code == 200) == may
        assert client.get(f"/api/v1/handovers/{handover.id}").status_code == (200 if may else 404)
        for path in ("/handovers/", "/handovers/?only=all", "/api/v1/handovers"):
            content = (client if path.startswith("/api") else pages).get(path).content.decode()
            assert (str(handover.id) in content) == may, path
        with database.reading(actor.scope()):
            # The second wall is as wide as that of the matter itself; who opens these pages is the first one.
            assert Account.objects.count() == (2 if may or who == "seat" else 0)
    signs = {"housing": "department", "tax": "supervisor"}.get(who, "")
    for side in ("department", "supervisor"):
        account = twin.account(handover, side)
        gives = who in ("coordinator", "supervision_office", "leader")
        asked = (["sign"] if side == signs else []) + (["take_back"] if gives else [])
        assert selectors.available_actions(account, actor) == asked
        for action in {"sign", "take_back"} - set(asked):
            with pytest.raises(errors.Problem):
                services.take(account_id=account.id, action=action, actor=actor, now=LATER, body={"text": "x"})


def test_pages_and_api_do_what_they_say(twin):
    case = twin.case("accept", "dispatch", "sign")
    centre, unit = browser(twin.staff("coordinator")), browser(twin.liaison("tax"))
    with clock.at(LATER):
        assert f"/handovers/give/{case.number}/" in centre.get(f"/cases/{case.number}/").content.decode()
        assert centre.get(f"/handovers/give/{case.number}/").status_code == 200
        path = centre.post(f"/handovers/give/{case.number}/", {"text": "请办", "supervisor": "tax"}).headers["Location"]
        account = twin.account(path.strip("/").split("/")[-1], "supervisor")
        act = f"/handovers/accounts/{account.id}/do"
        assert f"{act}/sign/" in unit.get(path).content.decode()
        assert unit.post(f"{act}/sign/").status_code == 302
        json = {"content_type": "application/json"}
        door = f"/api/v1/handovers/accounts/{account.id}/actions"
        assert api(twin.liaison("tax")).post(f"{door}/report", {"text": "已督"}, **json).status_code == 200
        done = api(twin.staff("coordinator")).post(f"{door}/settle", {"text": "好"}, **json).json()
        assert [one["state"] for one in done["accounts"]] == ["handed", "settled"]
        assert path in centre.get(f"/cases/{case.number}/").content.decode()
        assert path not in browser(twin.owner).get(f"/cases/{case.number}/").content.decode()
        again = twin.case("accept", "dispatch")
        made = api(twin.staff("leader")).post(f"/api/v1/cases/{again.number}/handover", {"text": "请办"}, **json)
        assert (made.status_code, made.json()["accounts"][1]["department"]) == (201, None)


def test_lists_cost_the_same_for_few_and_many(twin, django_assert_max_num_queries):
    for _one in range(4):
        twin.give()
    centre = browser(twin.staff("coordinator"))
    with clock.at(LATER):
        centre.get("/handovers/")
        with django_assert_max_num_queries(25):
            centre.get("/handovers/")
