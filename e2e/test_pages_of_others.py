"""Every page that the public, enterprises and administrators open (`walk`)."""

from e2e import browsing, walk
from e2e.test_staff_pages import district  # noqa: F401

pytestmark = browsing.MARKS


def test_every_page_of_the_others_is_clean_in_both_themes_and_nothing_moves(opened, address, district):  # noqa: F811
    made, main = district
    found, _unknown = walk.addresses(made, main)
    places = [place for place in walk.places_of(made, found) if place[1] in walk.OTHERS]
    assert len(places) > 20
    assert walk.walk(opened, address, made, found, places) == []
