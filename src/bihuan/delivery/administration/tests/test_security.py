"""Tokens of others are seen and taken back; the security record leaves the house masked; the search leads somewhere."""

import csv
import io

from bihuan.casework.cases.factories import NOW
from bihuan.delivery.administration.exports import network
from bihuan.foundation.accounts import selectors, services
from bihuan.foundation.accounts.models import ApiToken

from .conftest import browser


def test_a_token_of_somebody_else_is_taken_back_and_opens_nothing(district, security):
    seat = district.staff("seat").reader.person_id
    plain = services.issue_token(person_id=seat, name="热线对接", now=NOW)
    page = security.get("/administration/tokens/").content.decode()
    assert "热线对接" in page
    assert plain not in page
    token = ApiToken.objects.get(person_id=seat)
    assert selectors.reader_by_token(plain) is not None
    assert security.post(f"/administration/tokens/{token.pk}/revoke/").status_code == 302
    assert selectors.reader_by_token(plain) is None
    assert "热线对接" not in security.get("/administration/tokens/").content.decode()
    assert security.post(f"/administration/tokens/{token.pk}/revoke/").status_code == 404


def test_the_record_leaves_masked_and_attributable(district, audit):
    person = services.create_person(
        username="lixinyu", display_name="李心雨", actor_id=district.staff("system_admin").reader.person_id, now=NOW
    )
    answer = audit.get("/administration/record/export.csv?kind=person_created")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"].startswith("attachment")
    (row,) = [one for one in rows[1:] if one[6] == person.pk.hex[-12:]]
    assert row[5] == "李**"
    assert "李心雨" not in answer.content.decode()
    assert audit.get("/administration/record/export.xlsx").content[:2] == b"PK"
    assert audit.get("/administration/record/export.exe").status_code == 404


def test_an_address_leaves_as_its_network():
    assert network("10.20.30.40") == "10.20.0.0/16"
    assert network("2001:db8::1") == "2001:db8::/32"
    assert network("") == ""


def test_the_search_of_the_frame_leads_where_its_reader_may_go(district):
    for role, action in (("system_admin", "/administration/people/"), ("coordinator", "/cases/")):
        client = browser(district.staff(role))
        assert f'role="search" action="{action}"' in client.get("/inbox/").content.decode()
        assert client.get(action + "?q=a").status_code == 200
    assert 'class="bh-search"' not in browser(district.owner).get("/inbox/").content.decode()
