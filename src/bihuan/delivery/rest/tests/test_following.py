"""Following a case with its code, without logging in: what is seen and done, and guessing that leads nowhere."""

import datetime as dt
import json

import pytest
from django.db import transaction

from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.rules import numbers
from bihuan.casework.cases.services import following
from bihuan.delivery.rest.tests.test_problems import problem
from bihuan.foundation.kernel import clock
from bihuan.foundation.ledger import keys, standalone_verify
from bihuan.foundation.ledger import services as ledger

pytestmark = pytest.mark.django_db
WRONG = "AAAA-BBBB-CCCC"


@pytest.fixture
def raised(api, matter):
    contact = {"name": "王小明", "phone": "13600000917", "email": "wang@example.org"}
    return api().post("/cases", matter | {"contact": contact}).json()


def test_the_holder_sees_the_case_with_its_trace(api, raised, district):
    district.act(raised["number"], "accept", now=district.fresh(raised["number"]).raised_at)
    shown = api().get(f"/track/{raised['number']}", {"code": raised["follow_up_code"]})
    assert shown.status_code == 200, shown.content
    said = shown.json()
    assert said["state"] == "accepted"
    assert [event["kind"] for event in said["events"]] == ["case.raised", "case.accepted"]
    assert said["events"][0]["text"].startswith("The raiser")
    assert all(event["actor"] is None for event in said["events"])
    assert "withdraw" in said["available_actions"]
    assert said["counters"] is None
    assert said["contact"] == {"name": "王**", "phone": "136****0917", "email": "w***@example.org", "masked": True}


@pytest.mark.parametrize("spelling", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_a_code_may_be_typed_carelessly(api, raised, spelling):
    assert api().get(f"/track/{raised['number']}", {"code": spelling(raised["follow_up_code"])}).status_code == 200


def test_the_header_is_as_good_as_the_address(api, raised):
    for path in (f"/track/{raised['number']}", f"/cases/{raised['number']}", f"/cases/{raised['number']}/events"):
        assert api().get(path, X_Follow_Up_Code=raised["follow_up_code"]).status_code == 200, path


def test_the_holder_acts_as_the_raiser(api, raised, district):
    path = f"/track/{raised['number']}/actions"
    code = raised["follow_up_code"]
    district.act(raised["number"], "request_supplement", now=district.fresh(raised["number"]).raised_at)
    answer = api().post(f"{path}/supplement?code={code}", {"text": "here it is"})
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "submitted"
    problem(api().post(f"{path}/accept?code={code}", {"tier": "ordinary", "board": "projects"}), 403, "forbidden")
    assert api().post(f"/cases/{raised['number']}/actions/withdraw", {}, X_Follow_Up_Code=code).status_code == 200
    assert district.fresh(raised["number"]).closed_kind == "withdrawn"


def test_a_code_opens_its_own_case_only(api, raised, district):
    other = district.raised()
    problem(api().get(f"/track/{other.number}", {"code": raised["follow_up_code"]}), 404, "code_wrong")
    problem(api().get("/cases", X_Follow_Up_Code=raised["follow_up_code"]), 401, "unauthenticated")


def test_without_a_code(api, raised):
    problem(api().get(f"/track/{raised['number']}"), 401, "code_required", "code")


def test_a_wrong_code_and_an_unknown_number_sound_alike(api, raised):
    wrong = api().get(f"/track/{raised['number']}", {"code": WRONG})
    unknown = api().get("/track/BH-999901-2611-99999", {"code": WRONG})
    problem(wrong, 404, "code_wrong")
    assert wrong.content == unknown.content


def test_codes_are_compared_in_constant_time_also_for_an_unknown_number(api, raised, monkeypatch):
    compared: list[tuple[str, str]] = []

    def remember(given: str, kept: str) -> bool:
        compared.append((given, kept))
        return given == kept

    monkeypatch.setattr(numbers.hmac, "compare_digest", remember)
    for number in (raised["number"], "BH-999901-2611-99999"):
        problem(api().get(f"/track/{number}", {"code": WRONG}), 404, "code_wrong")
    assert [(len(given), len(kept)) for given, kept in compared] == [(64, 64), (64, 64)]


def test_guessing_is_throttled_by_address(api, raised, at_work):
    number, code = raised["number"], raised["follow_up_code"]
    times = following.WRONG_CODES_BY_ADDRESS.times
    for _ in range(times):
        problem(api().get(f"/track/{number}", {"code": WRONG}), 404, "code_wrong")
    answer = api().get(f"/track/{number}", {"code": code})
    assert problem(answer, 429, "too_many_requests")["retry_after"] == int(answer["Retry-After"]) > 0
    assert api().get("/track/BH-1", {"code": code}).status_code == 429
    with clock.at(at_work + dt.timedelta(seconds=int(answer["Retry-After"]))):
        assert api().get(f"/track/{number}", {"code": code}).status_code == 200


def test_guessing_is_throttled_by_number(api, raised):
    path = f"/api/v1/track/{raised['number']}"
    for guess in range(following.WRONG_CODES_BY_NUMBER.times):
        api()._client.get(path, {"code": WRONG}, REMOTE_ADDR=f"198.51.100.{guess}")
    answer = api()._client.get(path, {"code": raised["follow_up_code"]}, REMOTE_ADDR="203.0.113.1")
    assert answer.status_code == 429


def test_a_wrong_code_counts_also_with_an_idempotency_key(api, raised):
    path = f"/track/{raised['number']}/actions/withdraw?code={WRONG}"
    for guess in range(following.WRONG_CODES_BY_ADDRESS.times):
        problem(api().post(path, {}, Idempotency_Key=f"key-{guess}"), 404, "code_wrong")
    assert api().post(path, {}, Idempotency_Key="last").status_code == 429


def test_right_codes_are_not_counted(api, raised):
    for _ in range(following.WRONG_CODES_BY_ADDRESS.times + 5):
        assert api().get(f"/track/{raised['number']}", {"code": raised["follow_up_code"]}).status_code == 200


def test_raising_without_login_is_throttled(api, matter, settings):
    settings.PUBLIC_INTAKE_PER_HOUR = 2
    assert [api().post("/cases", matter).status_code for _ in range(3)] == [201, 201, 429]
    assert api("owner").post("/cases", matter).status_code == 201


def test_a_raiser_checks_the_receipt_without_us(api, matter, tmp_path, capsys):
    """What comes with the number is enough, later, to prove that the register still holds just that."""
    raised = api().post("/cases", matter).json()
    number, code, receipt = raised["number"], raised["follow_up_code"], raised["receipt"]
    assert json.loads(receipt["canonical"])["data"]["set"]["title"] == matter["title"]
    address = f"/cases/{number}/proof"
    assert api().get(address, {"of": "receipt"}, X_Follow_Up_Code=code).json()["sealed"] is False
    api("seat").post(f"/cases/{number}/actions/accept", {"tier": "ordinary", "board": "projects"})
    with transaction.atomic():
        ledger.checkpoint(now=NOW)
    proof = api().get(address, {"of": "receipt"}, X_Follow_Up_Code=code).json()
    assert proof["head"] == [receipt["stream"], 1, receipt["hash"]]
    kept = [tmp_path / "raised.json", tmp_path / "proof.json"]
    for path, document in zip(kept, (raised, proof), strict=True):
        path.write_text(json.dumps(document, ensure_ascii=False))
    key = f"--public-key={keys.public_key()}"
    assert standalone_verify.main([key, *map(str, kept)]) == 0
    assert "bears out" not in capsys.readouterr().out
    receipt["canonical"] = receipt["canonical"].replace(matter["title"], "别的事")
    kept[0].write_text(json.dumps(raised, ensure_ascii=False))
    assert standalone_verify.main([key, *map(str, kept)]) == 1
    assert api().get(address, {"of": "nothing"}, X_Follow_Up_Code=code).status_code == 422
