"""The side that is rated learns nothing: what it can open is the same to the byte before and after it was rated."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from bihuan.casework.cases.factories import NOW, District
from bihuan.delivery.rest.api import api as rest
from bihuan.delivery.rest.tests.conftest import actor_of
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock
from tests.architecture.test_doors import _views

pytestmark = pytest.mark.django_db

RATED = ("department_head", "liaison:water")
LATER = NOW.replace(day=17)
MOVING = {"/metrics", "/raise/"}
"""Addresses whose answer differs from one second to the next: the state of the process, the key of an empty form."""
_RANDOM = re.compile(rb'csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|"csrf": ?"\w+"|X-CSRFToken[^}]+')


def _operations(number: str) -> list[str]:
    known = {"number": number, "uscc": "0", "name": "999901"}
    paths = sorted(path for path, method in rest.operations() if method == "GET")
    filled = [
        re.sub(r"{(\w+)}", lambda part: known.get(part[1], "0" * 8 + "-0000-7000-8000-" + "0" * 12), path)
        for path in paths
    ]
    return [path for path in filled if "/track/" not in path]


def _pages(number: str) -> list[str]:
    """Every page whose address needs nothing, or the number of a case."""
    found = set()
    for route, _view in _views(get_resolver().url_patterns):
        path = re.sub(r"<(?:str|case_number):number>", number, route)
        if "<" not in path and not path.startswith(("accounts/", "design/", "api/")) and "(?P" not in path:
            found.add("/" + path.removeprefix("^"))
    return sorted(found)


def _seen(actor: Any, paths: list[str]) -> dict[str, bytes]:
    client = Client(raise_request_exception=False, headers={"Accept-Language": "en"})
    client.force_login(
        Person.objects.get(pk=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    seen = {}
    with clock.at(LATER):
        for path in paths:
            answer = client.get(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            told = f"{answer.status_code} {answer.headers.get('ETag', '')}".encode()
            seen[path] = told + _RANDOM.sub(b"", body)
    return seen


@pytest.fixture
def closed(db) -> tuple[District, str]:
    """A matter of two departments that is closed, and not rated yet."""
    district = District()
    number = district.raised().number
    with clock.at(NOW):
        for action in "accept dispatch sign submit_plan reply co_reply verify_close".split():
            body = {"co": ["water"]} if action == "dispatch" else {}
            district.act(number, action, now=NOW, **body)
    return district, number


@pytest.mark.parametrize("who", RATED)
def test_no_endpoint_tells_the_rated_side_that_it_was_rated(closed, who):
    district, number = closed
    actor = actor_of(district, who)
    paths = sorted({*_operations(number), *_pages(number)} - MOVING)
    assert f"/cases/{number}/" in paths
    assert f"/api/v1/cases/{number}/events" in paths
    before = _seen(actor, paths)
    assert before[f"/cases/{number}/"].startswith(b"200")
    with clock.at(NOW):
        district.act(number, "rate_plan", now=NOW.replace(hour=10), level=1)
        district.act(number, "rate", now=NOW.replace(hour=11), process=1, result=1, reasons=["slow"])
        district.act(number, "rate", now=NOW.replace(hour=12), process=2, result=5)
    after = _seen(actor, paths)
    assert [path for path in paths if after[path] != before[path]] == []
