"""A district with the three administrators, and a browser for each."""

import pytest
from django.test import Client

from bihuan.casework.cases.factories import NOW, District
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock


@pytest.fixture
def district(db):
    with clock.at(NOW):
        yield District()


def browser(actor) -> Client:
    """A client logged in as an actor of the district."""
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def system(district):
    return browser(district.staff("system_admin"))


@pytest.fixture
def security(district):
    return browser(district.staff("security_admin"))


@pytest.fixture
def audit(district):
    return browser(district.staff("audit_admin"))
