"""一企一策: one page of an enterprise, a section from each context, each as visible as it is elsewhere."""

import datetime as dt

import pytest
from django.test import Client

from bihuan.casework.cases import factories, panels
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.panels import FirmEntry, FirmSection
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory import rules
from bihuan.foundation.kernel import clock

LATER = NOW + dt.timedelta(hours=2)


@pytest.fixture
def place(db):
    with clock.at(NOW):
        made = factories.District()
        made.liaison("water")
    with clock.at(LATER):
        yield made


@pytest.fixture
def secret():
    """A section that only discipline inspection sees."""

    def known(firm, actor, now):
        sees = actor.reader is not None and "discipline" in actor.reader.roles
        return [FirmEntry(at=now.date(), what="只给纪检看", state="x", note=firm.uscc)] if sees else None

    section = FirmSection(name="secret", title="Secret", known=known, order=5)
    panels.register_firm(section)
    yield section
    del panels._firm["secret"]


def page(actor, firm):
    client = Client(headers={"Accept-Language": "en"})
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(f"/firms/{firm.uscc}/")


ROLES = {
    "coordinator": lambda made: made.staff("coordinator"),
    "discipline": lambda made: made.staff("discipline"),
    "lead": lambda made: made.liaison(),
    "other unit": lambda made: made.liaison("water"),
    "owner": lambda made: made.owner,
    "stranger": lambda made: made.stranger,
    "observer": lambda made: made.staff("observer"),
    "admin": lambda made: made.staff("system_admin"),
}


@pytest.mark.parametrize("who", ROLES)
def test_each_section_shows_what_its_reader_may_see(place, secret, who):
    case = place.case("accept", "dispatch")
    other = place.raised(enterprise=place.other_firm.uscc, actor=place.stranger, now=NOW)
    actor = ROLES[who](place)
    found = page(actor, place.firm)
    opens = who not in {"stranger", "admin"}
    assert found.status_code == (200 if opens else 404)
    text = found.content.decode()
    sees = who in {"coordinator", "discipline", "lead", "owner"}
    assert (case.number in text) is sees
    assert other.number not in text
    assert ("只给纪检看" in text) is (who == "discipline")
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    api = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})
    answer = api.get(f"/api/v1/enterprises/{place.firm.uscc}/ledger")
    assert answer.status_code == (200 if opens else 404)
    if opens:
        sections = {one["name"]: one["entries"] for one in answer.json()["sections"]}
        assert ("secret" in sections) is (who == "discipline")
        assert bool(sections["cases"]) is sees
        assert ("questionnaires" in sections) is (who in {"coordinator", "discipline", "owner"})


def test_no_such_enterprise(place):
    nobody = type("Firm", (), {"uscc": rules.compose_uscc(region=factories.DISTRICT, serial=4711)})
    assert page(place.staff("leader"), nobody).status_code == 404


def test_the_page_stays_cheap(place, django_assert_max_num_queries):
    reader = place.staff("coordinator")
    counted = []
    for many in (2, 6):
        for _one in range(many):
            place.case("accept", "dispatch", "sign", "submit_plan")
        page(reader, place.firm)
        with django_assert_max_num_queries(75) as asked:
            page(reader, place.firm)
        counted.append(len(asked))
    # As many for eight matters as for two.
    assert counted[0] == counted[1]


def test_a_name_is_taken_once(secret):
    with pytest.raises(ValueError, match="twice"):
        panels.register_firm(FirmSection(name="secret", title="x", known=lambda *_given: None))
