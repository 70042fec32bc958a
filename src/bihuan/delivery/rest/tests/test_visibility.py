"""Every endpoint × every role: who may call it, and whose cases they then see."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bihuan.casework.cases import selectors
from bihuan.casework.cases.factories import NOW, District
from bihuan.conftest import undone
from bihuan.delivery.rest.api import api as rest
from bihuan.delivery.rest.tests.conftest import caller, matter_of
from bihuan.foundation.accounts.permissions import ANYONE
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger

pytestmark = pytest.mark.django_db

REGION_WIDE = "seat coordinator catch_all leader supervision_office discipline justice_supervisor".split()
SEES: dict[str, set[str]] = {
    **{role: {"own", "other", "declined", "dispatched", "anonymous"} for role in REGION_WIDE},
    "enterprise": {"own", "declined", "dispatched"},
    "stranger": {"other"},
    "liaison": {"dispatched"},
    "liaison:water": {"dispatched"},
    "liaison:tax": set(),
    "department_head": {"dispatched"},
    "board_head": {"dispatched"},
    "deputy": {"declined"},
    "observer": set(),
    "special_supervisor": set(),
    "system_admin": set(),
    "security_admin": set(),
    "audit_admin": set(),
}
"""The table of `accounts.permissions`, said again by hand."""


@dataclass(frozen=True)
class Populated:
    """A district in which everybody has a token, with one case of each kind that tells roles apart."""

    district: District
    tokens: dict[Any, str]
    cases: dict[str, str]


@pytest.fixture(scope="module")
def populated(shared) -> Populated:
    """Made once: most of what the tests below cost is people and cases to look at."""
    district, tokens = District(), {}
    with clock.at(NOW):
        for who in SEES:
            caller(district, tokens, who)
        return Populated(district, tokens, _cases(district))


@pytest.fixture
def district(populated, db) -> District:
    return populated.district.twin()


@pytest.fixture
def tokens(populated) -> dict[Any, str]:
    return dict(populated.tokens)


@pytest.fixture
def cases(populated) -> dict[str, str]:
    return populated.cases


def _cases(district: District) -> dict[str, str]:
    found = {
        "own": district.raised().number,
        "other": district.raised(actor=district.stranger, enterprise=district.other_firm.uscc).number,
        "declined": district.raised().number,
        "dispatched": district.raised().number,
        "anonymous": district.raised(enterprise=None, anonymous=True, actor=district.staff("seat")).number,
    }
    district.act(found["declined"], "decline", now=NOW)
    district.act(found["dispatched"], "accept", now=NOW)
    district.act(found["dispatched"], "dispatch", now=NOW, co=["water"])
    return found


def test_the_matrix_knows_every_role():
    assert {who.partition(":")[0] for who in SEES} - {"stranger"} == set(Role)


@pytest.mark.parametrize("who", SEES)
def test_what_a_role_sees_is_the_same_everywhere(api, cases, who):
    asking, expected = api(who), {cases[kind] for kind in SEES[who]}
    later = (NOW + dt.timedelta(days=1)).isoformat()
    for query in ({}, {"sort": "-raised_at"}, {"until": later}, {"q": "仓库"}):
        listed = {item["number"] for item in asking.get("/cases", query).json()["items"]}
        assert listed == expected, query
    open_ones = {number for kind, number in cases.items() if kind in SEES[who] - {"declined"}}
    assert {item["number"] for item in asking.get("/cases", {"sort": "due"}).json()["items"]} == open_ones
    assert asking.get("/alerts").json()["counts"]["total"] == len(open_ones)
    for number in cases.values():
        wanted = 200 if number in expected else 404
        for path in ("", "/events", "/proof", "/attachments"):
            assert asking.get(f"/cases/{number}{path}").status_code == wanted, (number, path)


@pytest.mark.parametrize("who", [*SEES, ""])
def test_an_action_on_a_case_out_of_sight_finds_nothing(api, cases, who):
    hidden = set(cases.values()) - {cases[kind] for kind in SEES.get(who, set())}
    for number in hidden:
        for action in ("accept", "sign", "withdraw", "verify_close", "rate"):
            answer = api(who).post(f"/cases/{number}/actions/{action}", {})
            assert answer.status_code == (404 if who else 401)


@pytest.mark.parametrize("who", SEES)
def test_offered_is_what_goes(api, cases, district, who):
    """`available_actions` and what happens agree: what is offered gets as far as its body, the rest is refused."""
    caller = api(who)
    for kind in SEES[who]:
        offered = caller.get(f"/cases/{cases[kind]}").json()["available_actions"]
        for action in (
            "accept",
            "decline",
            "dispatch",
            "sign",
            "reply",
            "verify_close",
            "withdraw",
            "escalate",
            "archive",
        ):
            status = caller.post(f"/cases/{cases[kind]}/actions/{action}", {"nonsense": True}).status_code
            assert (status == 422) == (action in offered), (kind, action, status)


class _Ids(dict[str, str]):
    """What stands for a part of an address that nothing here has: an id of nothing."""

    def __missing__(self, name: str) -> str:
        return "00000000-0000-7000-8000-000000000000"


def _calls() -> list[tuple[str, str, Any]]:
    return sorted((path, method, operation.view_func) for (path, method), operation in rest.operations().items())


UNSIGNED = {
    "/api/v1/conduct": (200,),
    "/api/v1/conduct/{sheet_id}": (404,),
    "/api/v1/exchange/identity": (200,),
    "/api/v1/exchange/messages": (403,),
    "/api/v1/inspections/draws": (200,),
    "/api/v1/inspections/draws/{draw_id}": (404,),
    "/api/v1/inspections/draws/{draw_id}/proof": (404,),
    "/api/v1/inspections/items": (200,),
    "/api/v1/inspections/lenient": (200,),
    "/api/v1/outreach/ratings": (404,),
    "/api/v1/questionnaires/answers/{token}": (404, 422),
}
"""What is asked without a login: what is published for everybody; and by a signature, whose key an installation has, to
take in what another one has signed, to rate by a signed code, and to answer by a signed link.
"""
CALLS = [(method, path, sorted(view.allowed)) for path, method, view in _calls()]


@pytest.mark.parametrize(("method", "path", "allowed"), CALLS, ids=[f"{method} {path}" for method, path, _ in CALLS])
def test_the_door_of_every_operation(api, district, method, path, allowed):
    number = district.raised().number
    known = {"number": number, "action": "accept", "uscc": district.firm.uscc, "name": "999901"}
    address = path.removeprefix("/api/v1").format_map(_Ids(known))
    body = {"data": "{}", "content_type": "application/json"} if method == "POST" else {}
    nobody = api().raw(method, address, **body)
    if ANYONE in allowed:
        assert nobody.status_code in UNSIGNED.get(path, (401, 422)), nobody.content
    else:
        assert nobody.status_code == 401, nobody.content
    for role in Role:
        status = api(role.value).raw(method, address, **body).status_code
        assert status < 500
        assert (status == 401) == path.startswith("/api/v1/track/"), role
    wrong = api().raw(method, address, **body, headers={"Authorization": "Bearer forged"})
    assert wrong.status_code == 401


class TestWhatIsShownOfACase:
    @pytest.fixture(scope="class")
    def closed(self, populated, django_db_blocker) -> Iterator[str]:
        with undone(django_db_blocker), clock.at(NOW):
            yield self._close(populated.district.twin(), dict(populated.tokens))

    @staticmethod
    def _close(district: District, tokens: dict[Any, str]) -> str:
        contact = {"name": "王小明", "phone": "13600000917", "email": "wang@example.org"}
        body = matter_of(district) | {"contact": contact}
        number = caller(district, tokens, "owner").post("/cases", body).json()["number"]
        bodies = {
            "dispatch": {"co": ["water"]},
            "verify_close": {"callback": {"reached": True, "solved": True, "level": 2}},
        }
        for action in "accept dispatch sign submit_plan rate_plan".split():
            district.act(number, action, now=NOW, **bodies.get(action, {}))
        path = f"/cases/{number}/actions/co_reply"
        answer = caller(district, tokens, "liaison:water").post(path, {"text": "between us"})
        assert answer.status_code == 200, answer.content
        for action in "reply confirm rate verify_close".split():
            district.act(number, action, now=NOW, **bodies.get(action, {}))
        return number

    @pytest.mark.parametrize("who", ["liaison", "department_head", "liaison:water"])
    def test_the_rated_side_reads_no_rating_anywhere(self, api, closed, who):
        caller = api(who)
        shown = caller.get(f"/cases/{closed}").json()
        assert shown["ratings"] is None
        assert shown["plan"]["level"] is None
        assert "level" not in (shown["callback"] or {})
        for event in caller.get(f"/cases/{closed}/events").json()["items"]:
            assert event["kind"] != "case.rated"
            assert "level" not in event["data"], event
            assert "level" not in (event["data"].get("callback") or {}), event
        assert caller.get(f"/cases/{closed}/proof", {"facts": "true"}).status_code == 403

    @pytest.mark.parametrize("who", ["coordinator", "leader", "supervision_office", "owner"])
    def test_the_others_do(self, api, closed, who):
        assert api(who).get(f"/cases/{closed}").json()["ratings"] == {"plan": 4, "process": 5, "result": 4}

    @pytest.mark.parametrize("who", ["seat", "coordinator", "liaison", "department_head", "owner"])
    def test_who_needs_the_telephone_gets_it(self, api, closed, who):
        assert api(who).get(f"/cases/{closed}").json()["contact"]["phone"] == "13600000917"

    @pytest.mark.parametrize("who", ["leader", "discipline", "supervision_office", "board_head", "liaison:water"])
    def test_who_does_not_need_it_does_not(self, api, closed, who):
        assert api(who).get(f"/cases/{closed}").json()["contact"] is None

    def test_the_enterprise_reads_no_internal_remark(self, api, closed):
        shown = api("owner").get(f"/cases/{closed}").json()
        assert shown["counters"] is None
        assert [one["text"] for one in shown["co_replies"]] == [None]
        events = api("owner").get(f"/cases/{closed}/events").json()["items"]
        assert all(event["actor"] is None for event in events)
        assert "between us" not in str(events)


def test_an_anonymous_raiser_stays_unknown(api, matter, district):
    body = {key: value for key, value in matter.items() if key != "enterprise"} | {"anonymous": True}
    number = api("observer").post("/cases", body).json()["number"]
    for who in ("seat", "coordinator", "discipline"):
        events = api(who).get(f"/cases/{number}/events").json()["items"]
        assert events[0]["actor"] is None
        assert "observer" not in str(events)
        assert api(who).get(f"/cases/{number}").json()["enterprise"] is None


@pytest.mark.parametrize("who", ["owner", "observer", "seat"])
def test_without_a_name_nobody_is_written_down(api, district, matter, who):
    """Whoever is logged in: not in the row, not in the ledger, not in the answers kept for repeated requests (L2)."""
    from bihuan.casework.cases.models import Case
    from bihuan.delivery.rest.models import GivenAnswer
    from bihuan.delivery.rest.tests.conftest import actor_of

    caller = api(who)
    person = str(actor_of(district, who).person_id)
    body = {key: value for key, value in matter.items() if key != "enterprise"} | {"anonymous": True, "channel": "api"}
    raised = caller.post("/cases", body, Idempotency_Key="once").json()
    number = raised["number"]
    with database.writing():
        case = Case.objects.get(number=number)
        facts = ledger.history(case.id)
    assert case.raised_by is None
    assert [fact.actor_id for fact in facts] == [None]
    assert person not in facts[0].canonical
    assert person not in str(caller.get(f"/cases/{number}", X_Follow_Up_Code=raised["follow_up_code"]).json())
    with database.writing():
        kept = GivenAnswer.objects.get(key="once")
    assert person not in kept.principal
    assert number not in str([value for value in vars(kept).values() if isinstance(value, str)])
    again = caller.post("/cases", body, Idempotency_Key="once")
    assert again.json() == raised
    assert again["Location"] == f"/api/v1/cases/{number}"


def test_what_a_seat_writes_down_has_its_writer(api, matter):
    body = {key: value for key, value in matter.items() if key != "enterprise"} | {"anonymous": True}
    number = api("seat").post("/cases", body | {"channel": "hotline"}).json()["number"]
    event = api("discipline").get(f"/cases/{number}/events").json()["items"][0]
    assert event["actor"] is not None
    assert event["on_behalf_of"] == "anonymous"


def test_a_follow_up_code_sees_its_case_only(api, matter, cases):
    raised = api().post("/cases", matter).json()
    code = raised["follow_up_code"]
    assert api().get(f"/cases/{raised['number']}", X_Follow_Up_Code=code).status_code == 200
    for number in cases.values():
        assert api().get(f"/cases/{number}", X_Follow_Up_Code=code).status_code == 404


def test_no_route_around_the_rule(district, cases):
    """The register's own query agrees with what row-level security lets through."""
    from bihuan.casework.cases.models import Case
    from bihuan.delivery.rest.tests.conftest import actor_of
    from bihuan.foundation.kernel import database

    for who, kinds in SEES.items():
        actor = actor_of(district, who)
        with database.reading(actor.scope()):
            assert set(Case.objects.values_list("number", flat=True)) == {cases[kind] for kind in kinds}, who
        rows, _next = selectors.page(actor=actor, filters=selectors.Filters(), now=NOW)
        assert {row.number for row in rows} == {cases[kind] for kind in kinds}, who
