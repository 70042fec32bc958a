"""Nobody learns what does not concern them: every role at every endpoint, the exact answer, and no person's name."""

import io
import json
import re
import uuid
import zipfile

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.accountability import selectors, services
from bihuan.mechanisms.accountability.api import router
from bihuan.mechanisms.accountability.tests.conftest import DAY, HOUR

LATER = NOW + 9 * DAY
SECRET = "办案组的内部判断"
NAMED = "姓名·"
"""How the name of everybody begins in these tests."""
UNIT, OTHER = "liaison", "liaison of another unit"
ROLES = [*(role.value for role in Role), OTHER]
WATCHERS = {"coordinator", "catch_all", "discipline", "supervision_office", "leader"}
SPEAKERS = {"liaison", "department_head", OTHER}
READERS = WATCHERS | SPEAKERS
CENTRE = {"coordinator", "catch_all"}


@pytest.fixture
def world(bench):
    """An inquiry that found something, one that was only applied for, a sign, a relief, a round, a point."""
    bench.staff("observer")
    point = services.open_point(
        region=DISTRICT, actor=bench.centre, now=NOW, body={"name": "某某公司", "kind": "enterprise"}
    )
    services.take_point(point_id=point.id, action="appoint", actor=bench.centre, now=NOW, body={"username": "observer"})
    check = services.open_round(region=DISTRICT, title="三季度自查", actor=bench.centre, now=NOW)
    found = bench.take(bench.applied(), "take_on", text=SECRET)
    for action, body in (("split", {}), ("find", {"outcome": "warned"})):
        bench.take(found, action, **body)
    bench.take(found, "relieve", actor=bench.liaison(), kind="tolerance", section="建管科", post="handler")
    relief = selectors.reliefs(actor=bench.office)[0][0][0]
    services.take_relief(
        relief_id=relief.id, action="grant", actor=bench.office, now=NOW + 3 * HOUR, body={"text": "同意"}
    )
    case = bench.case("accept", "dispatch", "sign", title="第二件")
    services.look(now=NOW + 8 * DAY)
    sign = next(one for one in bench.signs("silence") if one.case_id == case.pk)
    fresh = bench.applied(case=bench.case("accept", "dispatch", "sign", title="第三件"), now=NOW + HOUR)
    last = bench.case("accept", "dispatch", "sign", title="第四件")
    entry = selectors.checks(actor=bench.centre)[0][1][0]
    return {
        "found": found.id, "fresh": fresh.id, "sign": sign.id, "relief": relief.id, "check": check.id,
        "point": point.id, "case": last.number, "entry": str(entry.id),
    }  # fmt: skip


def actor_of(bench, role):
    if role == OTHER:
        return bench.liaison("water")
    if role in {"liaison", "department_head"}:
        return bench.liaison(role=role)
    if role == "board_head":
        return bench.person("board", "board_head", board="projects")
    return bench.owner if role == "enterprise" else bench.staff(role)


def caller(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})


def words_of(answer) -> str:
    """Return what an answer says; of a word-processing file its text."""
    if answer.content.startswith(b"PK"):
        return zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    return answer.content.decode(errors="replace")


def among(allowed, yes, no=403, **special):
    """Role → status: special ones first, then whether the role is among the allowed."""
    return lambda role: special.get(role, yes if role in allowed else no)


def concerned(allowed, yes, *, other=404, **special):
    """The same for one thing: those who may open the door and are not concerned do not find it."""
    return lambda role: special.get(role, other if role == OTHER else (yes if role in allowed else 403))


TEXT = {"text": "说明"}
APPLY = {"text": "久拖不决"}
STAFF = {role.value for role in Role} - {"enterprise", "system_admin", "security_admin", "audit_admin"} | {OTHER}
CHECKED = READERS | {"board_head"}
ENDPOINTS = {
    ("GET", "/inquiries"): ({}, among(READERS, 200)),
    ("POST", "/inquiries"): (APPLY, among(CENTRE, 201, **{OTHER: 404})),
    ("GET", "/inquiries/{found}"): ({}, concerned(READERS, 200)),
    ("GET", "/inquiries/{fresh}"): ({}, concerned(READERS, 200, liaison=404, department_head=404)),
    ("POST", "/inquiries/{found}/actions/rectify"): (
        TEXT, concerned(READERS, 403, liaison=200, department_head=200)
    ),
    ("POST", "/inquiries/{fresh}/actions/take_on"): (
        TEXT,
        concerned(READERS, 403, discipline=200, supervision_office=200, liaison=404, department_head=404),
    ),
    ("GET", "/inquiries/{found}/papers/finding/docx"): ({}, concerned(READERS, 200)),
    ("GET", "/inquiries/{found}/papers/application/pdf"): (
        {}, concerned(WATCHERS, 200, liaison=404, department_head=404)
    ),
    ("GET", "/reliefs"): ({}, among(READERS, 200)),
    ("POST", "/reliefs/{relief}/actions/grant"): (
        TEXT, concerned(READERS, 403, discipline=409, leader=409)
    ),
    ("GET", "/reliefs/{relief}/letter/pdf"): ({}, concerned(READERS, 200)),
    ("GET", "/signs"): ({}, among(READERS, 200)),
    ("POST", "/signs/{sign}/actions/explain"): (TEXT, concerned(READERS, 403, liaison=200, department_head=200)),
    ("POST", "/signs/{sign}/actions/dismiss"): (
        TEXT, concerned(READERS, 200, liaison=403, department_head=403, leader=403)
    ),
    ("GET", "/checks"): ({}, among(CHECKED, 200)),
    ("POST", "/checks"): ({"region": DISTRICT, "title": "自查"}, among(CENTRE, 201)),
    ("POST", "/checks/{check}/actions/close_round"): (
        {}, concerned(CHECKED, 403, coordinator=200, catch_all=200)
    ),
    ("GET", "/points"): ({}, among(WATCHERS, 200)),
    ("POST", "/points"): ({"region": DISTRICT, "name": "新点", "kind": "other"}, among(CENTRE, 201)),
    ("POST", "/points/{point}/actions/close_point"): (TEXT, among(CENTRE, 200)),
    ("GET", "/hints"): ({}, among({"observer", "special_supervisor"}, 200)),
    ("GET", "/problems"): ({}, among(STAFF, 200)),
    ("GET", "/figures"): ({}, among(READERS, 200)),
}  # fmt: skip


def test_the_table_names_every_endpoint():
    named = {path for _method, path in ENDPOINTS}

    def shape(path):
        path = re.sub(r"\{\w+\}", "{}", path)
        path = re.sub(r"/actions/\w+", "/actions/{}", path)
        path = re.sub(r"/papers/\w+/\w+", "/papers/{}/{}", path)
        return re.sub(r"/letter/\w+", "/letter/{}", path)

    routes = {re.sub(r"\{\w+\}", "{}", path.removeprefix("/accountability")) for path in router.path_operations}
    assert {shape(path) for path in named} == routes


@pytest.mark.parametrize("role", ROLES)
def test_every_role_at_every_endpoint(bench, world, role):
    """One world for all endpoints of a role: those that only read come first, then those that change."""
    actor = actor_of(bench, role)
    Person.objects.update(display_name=Concat(Value(NAMED), F("username")))
    with clock.at(LATER):
        client = caller(actor)
        for method, path in sorted(ENDPOINTS, key=lambda one: one[0]):
            body, expected = ENDPOINTS[method, path]
            if path == "/inquiries" and method == "POST":
                body = body | {"case": world["case"]}
            where = "/api/v1/accountability" + path.format(**world)
            if method == "GET":
                answer = client.get(where)
            else:
                answer = client.post(where, json.dumps(body), content_type="application/json")
            assert answer.status_code == expected(role), (method, path, role, answer.content[:300])
            told = words_of(answer)
            assert NAMED not in told, (path, role)
            if role not in WATCHERS:
                assert SECRET not in told, (path, role)


@pytest.mark.parametrize("path", ["/inquiries", "/inquiries/{found}", "/hints", "/problems", "/points", "/figures"])
def test_strangers_have_to_log_in(world, path):
    assert Client().get("/api/v1/accountability" + path.format(**world)).status_code == 401


def test_another_unit_sees_nothing_of_it_in_lists(bench, world):
    with clock.at(LATER):
        client = caller(bench.liaison("water"))
        for path in ("inquiries", "reliefs", "signs"):
            assert client.get(f"/api/v1/accountability/{path}").json()["items"] == []
        assert client.get("/api/v1/accountability/figures").json()["all"] == 0
        unknown = client.get(f"/api/v1/accountability/inquiries/{uuid.uuid4()}")
        assert unknown.status_code == 404


def test_the_unit_sees_its_own_responsibility_but_not_the_application(bench, world):
    with clock.at(LATER):
        told = caller(bench.liaison()).get(f"/api/v1/accountability/inquiries/{world['found']}").json()
    assert (told["application"], told["answer"]) == (None, None)
    assert [one["would_apply_if_established"] for one in told["duties"]] == ["reminder_talk"]
