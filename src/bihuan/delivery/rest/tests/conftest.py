"""A small district and callers of the API: `api("seat")` speaks as a seat, `api()` as nobody."""

import functools
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bihuan.casework.cases.factories import NOW, District
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.kernel import clock

ROOT = "/api/v1"


class Api:
    """Speaks JSON to the API with one caller's token."""

    def __init__(self, token: str = "", language: str = "en") -> None:
        self._client = Client(raise_request_exception=False)
        self.headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {token}"} if token else {})

    def get(self, path: str, params: dict[str, Any] | None = None, **headers: str) -> Any:
        return self._client.get(f"{ROOT}{path}", params, headers=self.headers | _named(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._client.post(
            f"{ROOT}{path}",
            body if body is not None else {},
            content_type="application/json",
            headers=self.headers | _named(headers),
        )

    def raw(self, method: str, path: str, **more: Any) -> Any:
        headers = self.headers | more.pop("headers", {})
        return self._client.generic(method, f"{ROOT}{path}", headers=headers, **more)

    def upload(self, path: str, data: dict[str, Any], **headers: str) -> Any:
        return self._client.post(f"{ROOT}{path}", data, headers=self.headers | _named(headers))


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def district(db) -> District:
    return District()


@pytest.fixture
def at_work():
    """The clock of the district's Monday morning."""
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def tokens() -> dict[Any, str]:
    """Person → the token they call with."""
    return {}


@pytest.fixture
def api(district: District, tokens: dict[Any, str], at_work) -> Callable[[str | Actor], Api]:
    """Return a caller: a role of the district, `housing`/`head` for its liaison and head, an Actor, or nobody."""
    return functools.partial(caller, district, tokens)


def caller(district: District, tokens: dict[Any, str], who: str | Actor = "", language: str = "en") -> Api:
    """Return a caller with a token, which is issued the first time."""
    if not who:
        return Api(language=language)
    actor = who if isinstance(who, Actor) else actor_of(district, who)
    person = actor.person_id
    if person not in tokens:
        tokens[person] = accounts.issue_token(person_id=person, name="test", now=NOW)
    return Api(tokens[person], language)


def actor_of(district: District, who: str) -> Actor:
    """Return an actor of the district by a role id, or by `owner`, `stranger`, `liaison:water` and the like."""
    role, _sep, department = who.partition(":")
    if who in ("owner", "stranger"):
        return getattr(district, who)
    if role == "enterprise":
        return district.owner
    if role in ("liaison", "department_head"):
        return district.liaison(department or "housing", role)
    if role == "board_head":
        return district.person("board_head", role, board="projects")
    return district.staff(role)


@pytest.fixture
def matter(district: District) -> dict[str, Any]:
    """The body of a matter of the district's firm."""
    return matter_of(district)


def matter_of(district: District) -> dict[str, Any]:
    """Return the body of a matter of the district's firm."""
    said = district.matter()
    return {
        "title": said.title,
        "description": said.description,
        "channel": said.channel,
        "region": said.region,
        "enterprise": said.enterprise,
    }
