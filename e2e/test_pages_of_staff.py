"""Every page that the staff open first (`walk`), and how light a first visit to them is."""

import zlib

import pytest

from e2e import browsing, walk
from e2e.test_staff_pages import district  # noqa: F401

pytestmark = browsing.MARKS

HEAVIEST = 200_000
"""Bytes that a first visit to a page of the staff may transfer, compressed, without charts."""


@pytest.fixture(scope="module")
def found(district):  # noqa: F811
    return walk.addresses(*district)


def test_nothing_in_an_address_is_unknown(found):
    _addresses, unknown = found
    assert unknown - walk.ABSENT - walk.NO_PAGES == set()


def test_every_page_of_the_staff_is_clean_in_both_themes_and_nothing_moves(opened, address, district, found):  # noqa: F811
    made, _main = district
    places = [place for place in walk.places_of(made, found[0]) if place[1] in walk.STAFF]
    assert len(places) > 20
    assert walk.walk(opened, address, made, found[0], places) == []


def test_a_first_visit_is_light(opened, address, district):  # noqa: F811
    made, main = district
    for path in ("/queue/?view=all", f"/cases/{main.number}/", "/desk/"):
        page, sent = opened(made.staff("coordinator")).new_page(), []
        page.on(
            "requestfinished", lambda request, sent=sent: sent.append(len(zlib.compress(request.response().body(), 6)))
        )
        page.goto(address + path, wait_until="networkidle")
        assert 10_000 < sum(sent) <= HEAVIEST, (path, sum(sent))
