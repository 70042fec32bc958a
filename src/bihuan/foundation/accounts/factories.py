"""Persons for tests, as short as a test wants to say them. Never used by the product itself."""

import itertools
from typing import Any

from bihuan.foundation.accounts import services
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory.factories import DISTRICT, NOW, make_region
from bihuan.foundation.directory.permissions import OPERATOR

PASSWORD = "Correct-horse-9"  # noqa: S105 - tests only
_numbers = itertools.count(1)


def make_person(username: str = "", **fields: Any) -> Person:
    """Return a new person with PASSWORD who holds nothing."""
    username = username or f"person{next(_numbers)}"
    given: dict[str, Any] = {"display_name": username, "password": PASSWORD, "must_change_password": False} | fields
    return services.create_person(username=username, actor_id=OPERATOR, now=NOW, **given)


def make_holder(role: str, region: str = DISTRICT, username: str = "", **office: Any) -> Person:
    """Return a new person appointed to a role since long ago (before any clock a test may set)."""
    make_region(region)
    person = make_person(username or f"{role}{next(_numbers)}")
    since = office.pop("since", NOW.replace(year=2020))
    services.appoint(person_id=person.pk, role=role, region=region, actor_id=OPERATOR, now=NOW, since=since, **office)
    return person
