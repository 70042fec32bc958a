"""A district, browsers for its people, and visitors without a login."""

import pytest
from django.test import Client

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock


@pytest.fixture
def district(db):
    with clock.at(NOW):
        yield factories.District()


@pytest.fixture
def visitor(district):
    return Client()


@pytest.fixture
def browser():
    def opened(actor) -> Client:
        client = Client()
        person = Person.objects.get(pk=actor.reader.person_id)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return opened
