"""A POST with an Idempotency-Key happens once, whoever sends it how often."""

import datetime as dt
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from bihuan.casework.cases.models import Attachment, Case
from bihuan.delivery.rest import idempotency
from bihuan.delivery.rest.models import GivenAnswer
from bihuan.delivery.rest.tests.test_problems import problem
from bihuan.foundation.directory import recent
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger.models import Fact

KEY = {"Idempotency_Key": "0192f0c1-aaaa-7bbb-8ccc-1234567890ab"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
    "e221bc330000000049454e44ae426082"
)


def _counted(model: type) -> int:
    with database.writing():
        return model.objects.count()


@pytest.mark.django_db
class TestOnce:
    def test_the_same_request_hears_the_same(self, api, matter):
        first = api("owner").post("/cases", matter, **KEY)
        again = api("owner").post("/cases", matter, **KEY)
        assert first.status_code == again.status_code == 201
        assert again.json() == first.json()
        assert again["Location"] == first["Location"]
        assert again["Idempotent-Replay"] == "true"
        assert "Idempotent-Replay" not in first
        assert _counted(Case) == 1

    def test_without_login_the_code_is_the_same_too(self, api, matter):
        first, again = (api().post("/cases", matter, **KEY).json() for _ in range(2))
        assert again["follow_up_code"] == first["follow_up_code"]

    def test_the_code_is_not_stored_in_the_clear(self, api, matter):
        code = api().post("/cases", matter, **KEY).json()["follow_up_code"]
        assert code.encode() not in bytes(GivenAnswer.objects.get().body)

    def test_another_body_is_refused(self, api, matter):
        api("owner").post("/cases", matter, **KEY)
        answer = api("owner").post("/cases", matter | {"title": "another"}, **KEY)
        problem(answer, 422, "idempotency_key_reused", "Idempotency-Key")
        assert _counted(Case) == 1

    def test_another_address_is_refused(self, api, matter, district):
        number = district.raised().number
        api("owner").post("/cases", matter, **KEY)
        problem(api("owner").post(f"/cases/{number}/actions/withdraw", {}, **KEY), 422, "idempotency_key_reused")
        assert district.fresh(number).state == "submitted"

    def test_each_caller_has_keys_of_their_own(self, api, matter):
        numbers = {
            api(who).post("/cases", matter | {"channel": "web"}, **KEY).json()["number"]
            for who in ("owner", "seat", "")
        }
        assert len(numbers) == 3

    def test_an_action_twice(self, api, district):
        number = district.raised().number
        body = {"tier": "ordinary", "board": "projects"}
        first, again = (api("seat").post(f"/cases/{number}/actions/accept", body, **KEY) for _ in range(2))
        assert first.status_code == again.status_code == 200
        assert again.json() == first.json()
        assert again["Idempotent-Replay"] == "true"
        assert _counted(Fact) == 2

    def test_a_refusal_is_not_remembered(self, api, matter):
        assert api("owner").post("/cases", matter | {"title": ""}, **KEY).status_code == 422
        assert api("owner").post("/cases", matter, **KEY).status_code == 201

    def test_a_refusal_leaves_nothing(self, api, district):
        number = district.raised().number
        assert api("leader").post(f"/cases/{number}/actions/accept", {}, **KEY).status_code == 403
        assert _counted(GivenAnswer) == 0
        assert _counted(Fact) == 1

    @pytest.mark.parametrize("key", ["", " ", "x" * 201, "é", "a b", "\x00"])
    def test_a_key_that_is_none(self, api, matter, key):
        answer = api("owner").post("/cases", matter, Idempotency_Key=key)
        problem(answer, 422, "idempotency_key_invalid", "Idempotency-Key")
        assert _counted(Case) == 0

    def test_a_get_takes_no_notice(self, api):
        assert api("seat").get("/cases", Idempotency_Key="x" * 500).status_code == 200

    def test_files_too(self, api, district, settings, tmp_path):
        settings.DATA_DIR = tmp_path
        number = district.raised().number
        answers = [
            api("owner").upload(f"/cases/{number}/attachments", {"file": SimpleUploadedFile("a.png", PNG)}, **KEY)
            for _ in range(2)
        ]
        assert [answer.status_code for answer in answers] == [201, 201], answers[0].content
        assert answers[1]["Idempotent-Replay"] == "true"
        other = SimpleUploadedFile("b.png", PNG)
        problem(
            api("owner").upload(f"/cases/{number}/attachments", {"file": other}, **KEY), 422, "idempotency_key_reused"
        )
        assert _counted(Attachment) == 1

    def test_a_wrong_code_hears_nothing(self, api, matter, district):
        raised = api().post("/cases", matter).json()
        path = f"/track/{raised['number']}/actions/withdraw"
        assert api().post(f"{path}?code={raised['follow_up_code']}", {}, **KEY).status_code == 200
        problem(api().post(f"{path}?code=AAAA-BBBB-CCCC", {}, **KEY), 404, "code_wrong")

    def test_old_answers_are_forgotten(self, api, matter, at_work):
        api("owner").post("/cases", matter, **KEY)
        assert idempotency.forget(now=at_work + dt.timedelta(hours=24)) == 0
        assert idempotency.forget(now=at_work + dt.timedelta(hours=49)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["raise", "action"])
def test_twins_at_once_happen_once(api, matter, district, kind):
    number = district.raised().number
    path, body, who = ("/cases", matter, "owner")
    if kind == "action":
        path, body, who = f"/cases/{number}/actions/accept", {"tier": "ordinary", "board": "projects"}, "seat"
    caller, start, heard = api(who), threading.Barrier(4), []

    def twin() -> None:
        from bihuan.casework.cases.factories import NOW
        from bihuan.foundation.kernel import clock

        try:
            with clock.at(NOW):
                start.wait()
                heard.append(caller.post(path, body, **KEY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=twin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in heard} == {201 if kind == "raise" else 200}, [a.content for a in heard]
    assert len({answer.content for answer in heard}) == 1
    assert sum("Idempotent-Replay" in answer for answer in heard) == 3
    assert _counted(Case) == (2 if kind == "raise" else 1)
    recent.forget_all()
