"""The short way gives the same answers as the whole stack, and only programs take it."""

import io
from typing import Any

import orjson
import pytest
from django.core import signals
from django.db import close_old_connections
from django.test import Client

from bihuan.delivery.rest import lean

pytestmark = pytest.mark.django_db


def call(
    path: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    """Send one request through the fork, as a WSGI server does."""
    path, _sep, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}
    heard: dict[str, Any] = {}

    def start_response(status: str, fields: list[tuple[str, str]], _info: Any = None) -> None:
        heard.update(status=int(status.split()[0]), headers=dict(fields))

    # As Django's own test client does: a request that ends would close the connection of the test.
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    content = b"".join(lean.Fork()(environ, start_response))
    return heard["status"], heard["headers"], content


def test_the_same_answer_either_way(api, matter):
    caller = api("owner")
    number = caller.post("/cases", matter).json()["number"]
    for path in (f"/api/v1/cases/{number}", "/api/v1/cases?limit=1", "/api/v1/nowhere", "/api/v1/me", "/healthz"):
        whole = Client().get(path, headers=caller.headers)
        status, headers, content = call(path, headers=caller.headers)
        assert (status, content) == (whole.status_code, whole.content), path
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_matter_can_be_raised(api, matter):
    status, headers, content = call(
        "/api/v1/cases", method="POST", headers=api("owner").headers, body=orjson.dumps(matter)
    )
    assert status == 201, content
    assert headers["Location"].endswith(orjson.loads(content)["number"])


def test_pages_and_sessions_take_the_whole_way(monkeypatch):
    fork = lean.Fork()
    monkeypatch.setattr(fork, "_lean", lambda environ, start: ["lean"])
    monkeypatch.setattr(fork, "_whole", lambda environ, start: ["whole"])
    ways = {
        ("/api/v1/cases", ""): "lean",
        ("/api/v1/cases", "bh-theme=dark"): "lean",
        ("/api/v1/cases", "sessionid=abc"): "whole",
        ("/api/v1/docs", ""): "whole",
        ("/healthz", ""): "lean",
        ("/open311/v2/services.json", ""): "lean",
        ("/", ""): "whole",
        ("/cases/", ""): "whole",
    }
    assert {key: fork({"PATH_INFO": key[0], "HTTP_COOKIE": key[1]}, None)[0] for key in ways} == ways


class TestSession:
    def test_a_session_is_as_good_as_a_token(self, api, district):
        client = Client()
        client.force_login(_person(district))
        assert client.get("/api/v1/me").json()["name"] == "seat"

    def test_a_session_needs_its_csrf_token_to_change_anything(self, api, matter, district):
        client = Client(enforce_csrf_checks=True)
        client.force_login(_person(district))
        refused = client.post("/api/v1/cases", matter, content_type="application/json")
        assert refused.status_code == 403
        assert refused.json()["code"] == "csrf_failed"
        client.cookies["csrftoken"] = "a" * 32
        done = client.post("/api/v1/cases", matter, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
        assert done.status_code == 201, done.content

    def test_a_token_needs_none(self, api, matter):
        client = Client(enforce_csrf_checks=True)
        answer = client.post("/api/v1/cases", matter, content_type="application/json", headers=api("owner").headers)
        assert answer.status_code == 201


def _person(district: Any) -> Any:
    from bihuan.foundation.accounts.selectors import person

    return person(district.staff("seat").person_id)
