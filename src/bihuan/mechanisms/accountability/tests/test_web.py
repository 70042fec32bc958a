"""Pages of simulated accountability: there for whom they are, and what they cost."""

import pytest
from django.test import Client

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.accountability import selectors, services
from bihuan.mechanisms.accountability.tests.conftest import DAY, TEXT

LATER = NOW + 8 * DAY
PAGES = ("", "signs/", "reliefs/", "checks/", "network/", "problems/", "figures/")
OPENS = {
    "coordinator": set(PAGES),
    "discipline": set(PAGES),
    "leader": set(PAGES),
    "liaison": set(PAGES) - {"network/"},
    "board_head": {"checks/", "problems/"},
    "seat": {"problems/"},
    "observer": {"problems/", "hints/"},
    "enterprise": set(),
    "system_admin": set(),
}


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def actor_of(bench, role):
    if role == "liaison":
        return bench.liaison()
    if role == "board_head":
        return bench.person("board", "board_head", board="projects")
    return bench.owner if role == "enterprise" else bench.staff(role)


@pytest.mark.parametrize("role", OPENS)
def test_each_page_opens_for_whom_it_is(bench, role):
    bench.until("found")
    with clock.at(LATER):
        client = browser(actor_of(bench, role))
        got = {path for path in (*PAGES, "hints/") if client.get(f"/accountability/{path}").status_code == 200}
    assert got == OPENS[role]


def test_the_case_page_shows_signs_inquiries_and_the_way_to_apply(bench):
    case = bench.case("accept", "dispatch", "sign")
    services.look(now=LATER)
    with clock.at(LATER):
        centre, unit, owner = browser(bench.centre), browser(bench.liaison()), browser(bench.owner)
        where, apply = f"/cases/{case.number}/", f"/accountability/apply/{case.number}/"
        assert apply in centre.get(where).content.decode()
        told = unit.get(where).content.decode()
        assert "/accountability/signs/" in told
        assert apply not in told
        assert "accountability" not in owner.get(where).content.decode()
        assert centre.get(apply).status_code == 200
        made = centre.post(apply, {"text": TEXT, "unit": "housing"})
        assert made.status_code == 302
        assert TEXT in centre.get(made.url).content.decode()
        assert unit.get(made.url).status_code == 404
        assert apply not in centre.get(where).content.decode()


def test_a_whole_course_by_page(bench):
    inquiry = bench.applied()
    steps = [
        (bench.office, "take_on", {}),
        (bench.office, "split", {"kind": "slow", "section": "科", "post": "handler", "treatment": "criticism"}),
        (bench.liaison(), "state_side", {}),
        (bench.office, "find", {"outcome": "warned"}),
        (bench.liaison(), "rectify", {}),
        (bench.centre, "visit", {"done": "on"}),
        (bench.office, "write_off", {}),
    ]
    with clock.at(LATER):
        for actor, action, body in steps:
            client = browser(actor)
            shown = client.get(f"/accountability/{inquiry.id}/").content.decode()
            assert f"/do/{action}/" in shown
            done = client.post(f"/accountability/{inquiry.id}/do/{action}/", {"text": TEXT} | body)
            assert done.status_code == 302, (action, done.content[:500])
        for kind, form in (("finding", "pdf"), ("rectification", "docx")):
            assert (
                browser(bench.liaison()).get(f"/accountability/{inquiry.id}/papers/{kind}/{form}/").status_code == 200
            )
    assert bench.again(inquiry).state == "written_off"


def test_signs_checks_points_and_letters_by_page(bench):
    inquiry = bench.until("found")
    bench.take(inquiry, "relieve", actor=bench.liaison(), kind="tolerance", section="科", post="handler")
    bench.case("accept", "dispatch", "sign", title="第二件")
    services.look(now=LATER)
    sign = selectors.signs(actor=bench.centre)[0][0][0]
    relief = selectors.reliefs(actor=bench.office)[0][0][0]
    bench.staff("observer")
    with clock.at(LATER):
        assert "/do/grant/" in browser(bench.staff("leader")).get(f"/accountability/{inquiry.id}/").content.decode()
        centre, unit, leader = browser(bench.centre), browser(bench.liaison()), browser(bench.staff("leader"))
        sent = [
            unit.post(f"/accountability/signs/{sign.id}/do/explain/", {"text": TEXT}),
            centre.post(f"/accountability/signs/{sign.id}/do/dismiss/", {"text": TEXT}),
            leader.post(f"/accountability/reliefs/{relief.id}/do/grant/", {"text": TEXT}),
            centre.post("/accountability/network/", {"name": "商会", "kind": "association", "advice": "on"}),
            centre.post("/accountability/checks/", {"title": "三季度自查"}),
        ]
        assert [one.status_code for one in sent] == [302] * 5
        ((point, _seats, _hints),) = selectors.points(actor=bench.centre, now=LATER)
        ((check, entries),) = selectors.checks(actor=bench.centre)
        mine = next(one for one in entries if one.board == "projects")
        answer = {"entry": str(mine.id), "found-slow": "两件超期", "fix-slow": "已补办"}
        sent = [
            centre.post(f"/accountability/network/{point.id}/do/appoint/", {"username": "observer"}),
            unit.post(f"/accountability/checks/{check.id}/do/check_self/", answer),
            centre.post(f"/accountability/checks/{check.id}/do/close_round/"),
        ]
        assert [one.status_code for one in sent] == [302] * 3
        assert "两件超期" in centre.get("/accountability/checks/").content.decode()
        assert leader.get(f"/accountability/reliefs/{relief.id}/letter/pdf/").content.startswith(b"%PDF")
        assert "observer" in centre.get("/accountability/network/").content.decode()


@pytest.mark.parametrize("path", ["", "signs/", "reliefs/", "figures/"])
def test_lists_cost_the_same_for_few_and_many(bench, django_assert_max_num_queries, path):
    for number in range(4):
        inquiry = bench.until("found", case=bench.case("accept", "dispatch", "sign", title=f"第{number}件"))
        bench.take(inquiry, "relieve", kind="tolerance", section="科", post="handler")
    services.look(now=LATER)
    office = browser(bench.office)
    with clock.at(LATER):
        office.get(f"/accountability/{path}")
        with django_assert_max_num_queries(26):
            office.get(f"/accountability/{path}")
