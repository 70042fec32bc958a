"""Whatever is wrong with a request is told as a problem document, and nothing is lost or half done."""

import json
from typing import Any

import pytest

from bihuan.casework.cases.models import Case
from bihuan.delivery.rest import problems
from bihuan.foundation.kernel import database, errors

pytestmark = pytest.mark.django_db


def problem(answer: Any, status: int, code: str, field: str | None = None) -> dict[str, Any]:
    """Return the problem document, after checking what every one of them has."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == status
    assert document["code"] == code
    assert document["type"] == f"urn:bihuan:problem:{code}"
    assert document["title"]
    assert document["detail"]
    if field is not None:
        assert document["field"] == field
    assert "Traceback" not in answer.content.decode()
    return document


def _cases() -> int:
    with database.writing():
        return Case.objects.count()


WRONG_MATTERS = [
    ({"title": ""}, "required", "title"),
    ({"title": "\u202e\u200b\x00"}, "required", "title"),
    ({"title": "x" * 201}, "too_long", "title"),
    ({"title": "x" * 1_000_000}, "too_long", "title"),
    ({"title": None}, "invalid_body", "title"),
    ({"title": 7}, "invalid_body", "title"),
    ({"description": " "}, "required", "description"),
    ({"description": "x" * 20_001}, "too_long", "description"),
    ({"enterprise": "91330108MA27XXXXXX"}, "uscc_invalid", "enterprise"),
    ({"enterprise": "é" * 18}, "uscc_invalid", "enterprise"),
    ({"region": "abc"}, "region_invalid", "region"),
    ({"region": "110000"}, "region_unknown", "region"),
    ({"region": "999901\x00"}, "region_invalid", "region"),
    ({"channel": "telepathy"}, "channel_unknown", "channel"),
    ({"board": "nowhere"}, "board_unknown", "board"),
    ({"anonymous": True}, "anonymous_and_named", "anonymous"),
    ({"anonymous": "perhaps"}, "invalid_body", "anonymous"),
    ({"contact": {"fax": "1"}}, "invalid_body", None),
    ({"surprise": 1}, "invalid_body", "surprise"),
]


@pytest.mark.parametrize(("wrong", "code", "field"), WRONG_MATTERS)
def test_a_wrong_matter_names_its_field_and_is_not_kept(api, matter, wrong, code, field):
    answer = api().post("/cases", matter | wrong)
    problem(answer, 422, code, field)
    assert _cases() == 0


def test_hidden_characters_are_taken_out(api, matter):
    answer = api("owner").post("/cases", matter | {"title": "a\u202eb\u200bc\x07d"})
    assert api("owner").get(f"/cases/{answer.json()['number']}").json()["title"] == "abcd"


class TestBody:
    def test_no_json(self, api):
        problem(api("owner").raw("POST", "/cases", data="{", content_type="application/json"), 400, "json_invalid")

    def test_no_text(self, api):
        problem(
            api("owner").raw("POST", "/cases", data=b"\xff\xfe", content_type="application/json"), 400, "json_invalid"
        )

    def test_lone_surrogates_are_no_text(self, api):
        body = '{"title": "\\ud800"}'
        problem(api("owner").raw("POST", "/cases", data=body, content_type="application/json"), 400, "json_invalid")

    def test_no_object(self, api):
        problem(
            api("owner").raw("POST", "/cases", data="[]", content_type="application/json"), 422, "invalid_body", "body"
        )

    def test_nothing(self, api):
        problem(api("owner").raw("POST", "/cases", data="", content_type="application/json"), 422, "invalid_body")

    def test_another_media_type(self, api, matter):
        answer = api("owner").raw("POST", "/cases", data=json.dumps(matter), content_type="text/plain")
        assert problem(answer, 415, "unsupported_media_type")["accepted"] == ["application/json"]

    @pytest.mark.parametrize("path", ["/cases", "/cases/BH-1/actions/accept"])
    def test_too_much(self, api, path):
        body = json.dumps({"title": "x" * (1 << 20)})
        problem(api("seat").raw("POST", path, data=body, content_type="application/json"), 413, "too_large")

    def test_deeply_nested(self, api):
        body = "[" * 100_000 + "]" * 100_000
        problem(api("owner").raw("POST", "/cases", data=body, content_type="application/json"), 400, "json_invalid")


class TestAddress:
    def test_nowhere(self, api):
        problem(api().get("/nowhere"), 404, "unknown_address")

    def test_the_root(self, api):
        problem(api().get("/"), 404, "unknown_address")

    def test_a_wrong_method(self, api):
        answer = api("seat").raw("DELETE", "/cases")
        assert problem(answer, 405, "method_not_allowed")["allowed"] == ["GET", "POST"]
        assert answer["Allow"] == "GET, POST"

    @pytest.mark.parametrize("number", ["BH-000000-0000-00000", "%00", "x" * 500, "../../etc/passwd", "%E2%80%AE"])
    def test_no_such_case(self, api, number):
        answer = api("seat").get(f"/cases/{number}")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"

    def test_no_such_action(self, api, district):
        number = district.raised().number
        problem(api("seat").post(f"/cases/{number}/actions/explode"), 404, "unknown_action", "action")


class TestCredentials:
    def test_nobody(self, api):
        answer = api().get("/cases")
        problem(answer, 401, "unauthenticated")
        assert answer["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize(
        "header",
        ["Bearer", "Bearer nonsense", f"Bearer bh_{'A' * 43}", "Basic dTpw", "Bearer \x00", "bearer " + "x" * 9000],
    )
    def test_a_forged_token(self, api, header):
        problem(api().get("/cases", Authorization=header), 401, "token_invalid")

    def test_a_forged_token_does_not_fall_back_to_nobody(self, api, matter):
        problem(api().post("/cases", matter, Authorization="Bearer forged"), 401, "token_invalid")

    def test_an_expired_token(self, api, district, at_work):
        import datetime as dt

        from bihuan.foundation.accounts import services
        from bihuan.foundation.kernel import clock

        expires = at_work + dt.timedelta(minutes=5)
        token = services.issue_token(person_id=district.owner.person_id, name="short", now=at_work, expires_at=expires)
        header = f"Bearer {token}"
        assert api().get("/cases", Authorization=header).status_code == 200
        from bihuan.foundation.directory import recent

        recent.forget_all()
        with clock.at(expires + dt.timedelta(seconds=1)):
            problem(api().get("/cases", Authorization=header), 401, "token_invalid")


class TestAction:
    def test_a_state_that_forbids_says_what_would_go(self, api, district):
        number = district.raised().number
        document = problem(api("seat").post(f"/cases/{number}/actions/decline", {}), 422, "invalid_body")
        district.act(number, "accept", now=district.fresh(number).raised_at)
        document = problem(
            api("seat").post(f"/cases/{number}/actions/decline", {"reason": "not_in_scope", "basis": "x"}),
            409,
            "state_forbids",
        )
        assert document["state"] == "accepted"
        assert "merge" in document["allowed_actions"]

    def test_a_role_that_may_not(self, api, district):
        number = district.raised().number
        problem(
            api("leader").post(f"/cases/{number}/actions/accept", {"tier": "ordinary", "board": "projects"}),
            403,
            "forbidden",
        )

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "tier"),
            ({"tier": "soft", "board": "projects"}, "tier"),
            ({"tier": "ordinary", "board": "projects", "urgent": "maybe"}, "urgent"),
            ({"tier": "ordinary", "board": "projects", "extra": 1}, "extra"),
            ({"tier": "ordinary", "board": "x" * 65}, "board"),
            ({"tier": "ordinary", "board": "nowhere"}, "board"),
            ({"tier": "ordinary", "board": "\x00"}, "board"),
        ],
    )
    def test_a_wrong_body(self, api, district, body, field):
        number = district.raised().number
        answer = api("seat").post(f"/cases/{number}/actions/accept", body)
        assert answer.status_code == 422
        assert answer.json()["field"] == field
        assert district.fresh(number).state == "submitted"


class TestLanguage:
    def test_as_asked(self, api):
        assert api(language="en").get("/cases").json()["title"] == "Please log in first"
        assert api(language="en").get("/cases")["Content-Language"] == "en"

    def test_without_a_wish_the_language_of_the_place(self, api, settings):
        settings.LANGUAGE_CODE = "zh-hans"
        assert api(language="").get("/cases")["Content-Language"] == "zh-hans"

    def test_nonsense_is_no_wish(self, api):
        assert api(language="x" * 5000).get("/cases").status_code == 401


class TestUnforeseen:
    def test_is_told_without_saying_how(self, api, district, monkeypatch):
        from bihuan.casework.cases import selectors

        def broken(**_: Any) -> None:
            raise KeyError("the secret inside")

        monkeypatch.setattr(selectors, "page", broken)
        answer = api("seat").get("/cases")
        document = problem(answer, 500, "internal")
        assert "secret" not in answer.content.decode()
        assert document["reference"]

    def test_a_database_that_is_gone(self):
        from django.db import OperationalError

        found = problems.as_problem(OperationalError("gone"))
        assert isinstance(found, errors.Unavailable)
        assert found.extra["retry_after"] == 2
