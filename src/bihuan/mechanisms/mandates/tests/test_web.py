"""Who sees mandates and may do what with them; pages and API."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.mandates.models import Mandate, Task, Window
from bihuan.mechanisms.mandates.states import MANDATES, MandateState
from bihuan.mechanisms.mandates.tests.conftest import HOUR

LATER = NOW + 2 * HOUR
KEEP = {"coordinator", "supervision_office", "discipline"}
SEES = KEEP | {"leader", "seat", "housing", "holder"}


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def api(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("who", [*sorted(SEES), "tax", "observer", "deputy", "owner", "special", "system_admin"])
def test_who_sees_it_and_what_they_may_do(bureau, who):
    (window,) = bureau.windows("1 号窗口")
    holder = bureau.person("clerk", "observer")
    (mandate,) = bureau.appoint("clerk", kind="window_staff", window=str(window.id))
    bureau.take(mandate, "ask", day="2026-11-20")
    special = {name: (lambda code=name: bureau.liaison(code)) for name in ("housing", "tax")} | {
        "owner": lambda: bureau.owner,
        "holder": lambda: holder,
        "special": lambda: bureau.staff("special_supervisor", "another"),
    }
    actor = special.get(who, lambda: bureau.staff(who))()
    may = who in SEES
    with clock.at(LATER):
        pages, client = browser(actor), api(actor)
        assert (pages.get(f"/mandates/{mandate.id}/").status_code == 200) == may
        assert client.get(f"/api/v1/mandates/{mandate.id}").status_code == (200 if may else 404)
        assert (str(mandate.id) in client.get("/api/v1/mandates").content.decode()) == may
        assert (str(mandate.id) in pages.get("/mandates/").content.decode()) == (may and who != "holder")
        assert (str(mandate.id) in pages.get("/mandates/mine/").content.decode()) == (who == "holder")
        assert ("1 号窗口" in client.get("/api/v1/mandates/windows").content.decode()) == (may and who != "holder")
        with database.reading(actor.scope()):
            assert (Mandate.objects.count(), Task.objects.count()) == (int(may), int(may))
            assert Window.objects.count() == int(may and who != "holder")
    every = [row.action for row in MANDATES.allowed(MandateState.SERVING) if "system" not in row.roles]
    theirs = {row.action for row in MANDATES.transitions if "holder" in row.roles}
    allowed = [one for one in every if (one in theirs) == (who == "holder")] if who in {*KEEP, "holder"} else []
    if may:
        assert bureau.seen(mandate, actor).available_actions == allowed
    for action in set(every) - set(allowed):
        with pytest.raises(errors.Problem):
            bureau.take(mandate, action, actor=actor, day="2026-11-20", outcome="nothing", holder="coordinator")
    with pytest.raises(errors.NotFound):
        bureau.take(mandate, "expire", actor=actor)


def test_nobody_keeps_a_mandate_of_their_own(bureau):
    (window,) = bureau.windows("1 号窗口")
    keeper = bureau.staff("discipline")
    (mandate,) = bureau.appoint("discipline", kind="window_staff", window=str(window.id))
    assert bureau.seen(mandate, keeper).available_actions == ["report", "resign"]
    with pytest.raises(errors.Forbidden):
        bureau.take(mandate, "renew", actor=keeper, until="2027-12-31")


def test_pages_and_api_do_what_they_say(bureau, django_assert_max_num_queries):
    keeper, holder = browser(bureau.staff("coordinator")), bureau.person("clerk", "seat")
    bureau.person("successor", "seat")
    with clock.at(LATER):
        assert "o-names" in keeper.get("/mandates/windows/").content.decode()
        body = {"department": "housing", "names": "政务大厅“办不成事”窗口\n市场监管窗口"}
        assert keeper.post("/mandates/windows/", body).status_code == 302
        with database.writing():
            first = Window.objects.get(name="市场监管窗口")
        assert "市场监管窗口" in keeper.get("/mandates/new/").content.decode()
        body = {"kind": "window_staff", "holders": "clerk", "since": "2026-11-01", "until": "", "window": str(first.id)}
        path = keeper.post("/mandates/new/", body).headers["Location"]
        assert keeper.post(f"{path}do/ask/", {"text": "看叫号", "day": "2026-11-20"}).status_code == 302
        own = browser(holder)
        assert path in own.get("/mandates/mine/").content.decode()
        with database.writing():
            task = Task.objects.get()
        door = f"/mandates/tasks/{task.id}/do/answer/"
        assert own.post(door, {"text": "没有问题", "outcome": "nothing"}).status_code == 302
        assert "没有问题" in keeper.get(path).content.decode()
        wrong = keeper.post(f"{path}do/hand_over/", {"text": "轮岗", "holder": "nobody"})
        assert wrong.status_code == 422
        after = keeper.post(f"{path}do/hand_over/", {"text": "轮岗", "holder": "successor"}).headers["Location"]
        assert after != path
        json = {"content_type": "application/json"}
        client = api(bureau.staff("discipline"))
        shown = client.get("/api/v1/mandates?state=serving").json()
        assert (len(shown["items"]), shown["figures"]["reports"], shown["figures"]["serving"]) == (1, 1, 1)
        given = {"region": DISTRICT, "kind": "monitoring_point", "holders": [bureau.firm.uscc, bureau.other_firm.uscc]}
        made = client.post("/api/v1/mandates", given, **json)
        assert (made.status_code, len(made.json())) == (201, 2)
        door = f"/api/v1/mandates/{made.json()[0]['id']}/actions/release"
        assert client.post(door, {"text": "迁走了"}, **json).json()["state"] == "ended"
        assert client.post(door, {"text": "迁走了"}, **json).status_code == 409
        assert client.post("/api/v1/mandates", given | {"holders": []}, **json).status_code == 422
        assert api(bureau.owner).get("/api/v1/mandates/mine").json()[0]["kind"] == "monitoring_point"
        keeper.get("/mandates/")
        with django_assert_max_num_queries(31):
            keeper.get("/mandates/?kind=monitoring_point")


def test_the_register_reads_with_as_many_statements_for_twenty_as_for_two(bureau, django_assert_max_num_queries):
    names = [f"s{number}" for number in range(20)]
    for name in names:
        bureau.person(name, "special_supervisor")
    bureau.appoint(*names[:2])
    with clock.at(LATER):
        keeper = browser(bureau.staff("coordinator"))
        keeper.get("/mandates/")
        with CaptureQueriesContext(connection) as few:
            keeper.get("/mandates/")
        bureau.appoint(*names[2:])
        with django_assert_max_num_queries(len(few)):
            keeper.get("/mandates/")
        client = api(bureau.staff("coordinator"))
        first = client.get("/api/v1/mandates").json()
        assert (len(first["items"]), first["next"]) == (20, None)
