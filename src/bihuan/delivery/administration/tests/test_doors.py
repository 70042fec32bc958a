"""Who may open which page and do what: every page and every post, for every role."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import ApiToken
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.rulebooks import services as rulebooks

from .conftest import browser

SYSTEM, SECURITY, AUDIT = {Role.SYSTEM_ADMIN}, {Role.SECURITY_ADMIN}, {Role.AUDIT_ADMIN}
STAFF = set(Role) - {Role.ENTERPRISE}
PAGES = {
    "": ADMINISTRATORS,
    "people/": ADMINISTRATORS,
    "people/{person}/": ADMINISTRATORS,
    "people/new/": SYSTEM,
    "people/{person}/correct/": SYSTEM,
    "people/{person}/appoint/": SECURITY,
    "departments/": ADMINISTRATORS,
    "departments/new/": SYSTEM,
    "departments/{department}/": ADMINISTRATORS,
    "boards/": ADMINISTRATORS,
    "boards/new/": SYSTEM,
    "boards/{board}/": ADMINISTRATORS,
    "calendar/": ADMINISTRATORS,
    "calendar/import/": SYSTEM,
    "rulebooks/": STAFF,
    f"rulebooks/{DISTRICT}/": STAFF,
    "rulebooks/versions/{version}/": STAFF,
    f"rulebooks/{DISTRICT}/edit/": SYSTEM,
    "record/": AUDIT,
    "record/export.csv": AUDIT,
    "record/export.xlsx": AUDIT,
    "tokens/": SECURITY,
}
POSTS = {
    "people/new/": SYSTEM,
    "people/{person}/correct/": SYSTEM,
    "people/{person}/password/": SYSTEM,
    "people/{person}/do/lock/": SYSTEM,
    "people/{person}/do/unlock/": SYSTEM,
    "people/{person}/do/forgive/": SYSTEM,
    "people/{person}/secure/second-factor/": SECURITY,
    "people/{person}/appoint/": SECURITY,
    "appointments/{appointment}/end/": SECURITY,
    "tokens/{token}/revoke/": SECURITY,
    "departments/new/": SYSTEM,
    "departments/{department}/close/": SYSTEM,
    "departments/{department}/merge/": SYSTEM,
    "boards/new/": SYSTEM,
    "boards/{board}/close/": SYSTEM,
    "calendar/import/": SYSTEM,
    f"rulebooks/{DISTRICT}/edit/": SYSTEM,
    f"rulebooks/{DISTRICT}/check/": SYSTEM,
}


@pytest.fixture
def places(district):
    """What stands in the addresses."""
    seat = district.staff("seat", "a-seat").reader.person_id
    from bihuan.foundation.accounts.selectors import appointments_of
    from bihuan.foundation.directory.selectors import boards

    version = rulebooks.apply(region=DISTRICT, name="qiantang", actor_id=None, now=NOW)
    return {
        "person": seat,
        "appointment": appointments_of(seat)[0].pk,
        "department": district.department("water").pk,
        "board": boards(DISTRICT)[0].pk,
        "version": version.pk,
        "token": _token(seat),
    }


def _token(person_id):
    accounts.issue_token(person_id=person_id, name="接口", now=NOW)
    return ApiToken.objects.get(person_id=person_id).pk


def somebody(district, role):
    """An actor with the role, tied to whatever it needs."""
    if role in (Role.LIAISON, Role.DEPARTMENT_HEAD):
        return district.liaison(role=role)
    if role == Role.BOARD_HEAD:
        return district.person("head", role, board="projects")
    return district.owner if role == Role.ENTERPRISE else district.staff(role)


@pytest.mark.parametrize("role", Role)
def test_each_page_opens_for_its_readers_only(district, places, role):
    client = browser(somebody(district, role))
    found = {path: client.get(f"/administration/{path.format(**places)}").status_code for path in PAGES}
    assert found == {path: 200 if role in who else 403 for path, who in PAGES.items()}


@pytest.mark.parametrize("role", Role)
def test_each_deed_is_for_its_administrator_only(district, places, role):
    client = browser(somebody(district, role))
    refused = {path for path in POSTS if client.post(f"/administration/{path.format(**places)}").status_code == 403}
    assert refused == {path for path, who in POSTS.items() if role not in who}


def test_nobody_known_is_asked_to_log_in(client, places):
    for path in PAGES:
        answer = client.get(f"/administration/{path.format(**places)}")
        assert answer["Location"].startswith("/accounts/login/"), path


LISTS = ["people/", "departments/", "boards/", "calendar/", "rulebooks/", f"rulebooks/{DISTRICT}/"]


@pytest.mark.parametrize("path", LISTS)
def test_longer_lists_ask_no_more(district, places, path):
    client = browser(district.staff("system_admin"))
    client.get(f"/administration/{path}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/administration/{path}")
    for number in range(4):
        district.person(f"more{number}", "seat")
        district.person(f"liaison{number}", "liaison", department_id=district.department("tax").pk)
        rulebooks.apply(region=DISTRICT, text=f"tiers:\n  ordinary: {{due: {number + 6}wd}}\n", actor_id=None, now=NOW)
    # What was remembered is forgotten by every change; the page itself is counted.
    client.get(f"/administration/{path}")
    with CaptureQueriesContext(connection) as many:
        client.get(f"/administration/{path}")
    assert len(many) <= len(few) <= 25


def test_the_record_asks_no_more_for_more_lines(district, audit):
    audit.get("/administration/record/")
    with CaptureQueriesContext(connection) as few:
        audit.get("/administration/record/")
    for number in range(6):
        district.person(f"more{number}", "liaison", department_id=district.department("tax").pk)
    audit.get("/administration/record/")
    with CaptureQueriesContext(connection) as many:
        audit.get("/administration/record/")
    # One more: the names of the departments that the new lines speak of.
    assert len(many) <= len(few) + 1 <= 20


@pytest.mark.parametrize("path", ["people/?cursor=x", "record/?cursor=1", "calendar/?cursor=-1", "rulebooks/xx/"])
def test_a_broken_address_is_no_page(system, audit, path):
    client = audit if path.startswith("record") else system
    assert client.get(f"/administration/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "people/?role=king&department=x&state=y&q=%00",
        "departments/?q=%00%27&past=7",
        "boards/?q=%25",
        "calendar/?year=999999999",
        "calendar/?year=٢٠٢٦",
        f"rulebooks/{DISTRICT}/edit/?from=nowhere",
    ],
)
def test_nonsense_in_the_address_narrows_nothing(system, path):
    assert system.get(f"/administration/{path}").status_code == 200


def test_a_region_of_others_is_not_there(system):
    assert system.get("/administration/departments/?region=330106").status_code == 404
