import dataclasses

import pytest
from django.test import RequestFactory

from bihuan.foundation.ui import navigation
from bihuan.foundation.ui.context import Frame

pytestmark = pytest.mark.urls("bihuan.foundation.ui.tests.urls")


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    fresh = dataclasses.replace(
        navigation._registry,
        sections={"daily": "Daily", "manage": "Manage"},
        entries=[],
        places={},
        visitor=None,
        unread=None,
    )
    monkeypatch.setattr(navigation, "_registry", fresh)


def sections(path="/", roles=()):
    visitor = navigation.Visitor(name="A", roles=frozenset(roles))
    return navigation.build(RequestFactory().get(path), visitor)


def test_readers_see_the_entries_of_their_roles():
    navigation.register("daily", "Queue", "inbox", "ui_gallery")
    navigation.register("manage", "People", "users", "ui_gallery_again", {"system_admin"})
    navigation.register("manage", "Keys", "key", "set_language", {"security_admin"})
    assert [entry.label for section in sections() for entry in section.entries] == ["Queue"]
    assert [section.name for section in sections(roles={"security_admin"})] == ["daily", "manage"]


def test_entries_stand_in_their_order_and_only_once():
    navigation.register("daily", "Second", "inbox", "ui_gallery", order=2)
    navigation.register("daily", "First", "inbox", "set_language", order=1)
    navigation.register("daily", "Second, renamed", "inbox", "ui_gallery", order=2)
    assert [entry.label for entry in sections()[0].entries] == ["First", "Second, renamed"]


def test_pages_below_an_entry_mark_it():
    navigation.register("daily", "Gallery", "inbox", "ui_gallery")
    assert sections("/gallery/kit/")[0].entries[0].current
    assert not sections("/galleryish/")[0].entries[0].current
    assert navigation._current("/cases/7/", ["/", "/cases/", "/cases/7/x/"]) == "/cases/"
    assert navigation._current("/", ["/", "/cases/"]) == "/"
    assert navigation._current("/elsewhere/", ["/"]) == ""


def test_a_page_that_does_not_exist_yet_is_left_out():
    navigation.register("daily", "Later", "inbox", "not_there")
    assert sections() == ()
    navigation.register_place("inbox", "not_there")
    assert navigation.url_of("inbox") == ""


def many(monkeypatch, **counts):
    """Put so many entries into each section, `daily` being the first; the page of the first of each can be opened."""
    monkeypatch.setattr(navigation, "_resolve", lambda name: f"/{name}/")
    navigation._registry.sections |= {"oversight": "Oversight", "improve": "Improve"}
    for section, count in counts.items():
        for place in range(count):
            navigation.register(section, f"{section} {place}", "inbox", f"{section}{place}")


@pytest.mark.parametrize(
    ("counts", "path", "standing"),
    [
        ({"daily": 9, "oversight": 10, "improve": 3}, "/", None),
        ({"daily": 10, "oversight": 12, "improve": 3}, "/", ["daily", "oversight"]),
        ({"daily": 10, "oversight": 12, "improve": 3}, "/improve0/", ["daily", "improve"]),
        ({"daily": 10, "oversight": 12, "improve": 3}, "/oversight8/", ["daily", "oversight"]),
        ({"daily": 22, "oversight": 2}, "/", ["daily"]),
        ({"daily": 2, "oversight": 22}, "/oversight3/", ["daily", "oversight"]),
    ],
)
def test_what_does_not_fit_is_folded_but_never_where_the_reader_is(monkeypatch, counts, path, standing):
    many(monkeypatch, **counts)
    shown = sections(path)
    assert all(section.folds is (standing is not None) for section in shown)
    assert [section.name for section in shown if section.unfolded] == (standing or list(counts))


def test_mistakes_are_told_at_start():
    with pytest.raises(KeyError):
        navigation.register("dayly", "Queue", "inbox", "ui_gallery")
    with pytest.raises(KeyError):
        navigation.register_place("kitchen", "ui_gallery")


def test_nothing_is_counted_twice_or_in_vain():
    asked: list[str] = []

    def answer(name, value):
        asked.append(name)
        return value

    navigation.register_visitor(lambda request: answer("visitor", navigation.Visitor(name="A")))
    navigation.register_unread(lambda request: answer("unread", 3))
    navigation.register("daily", "Gallery", "inbox", "ui_gallery", badge=lambda request: answer("badge", 5))
    frame = Frame(RequestFactory().get("/"))
    assert asked == []
    assert (frame.nav[0].entries[0].badge, frame.unread, frame.visitor.name) == (5, 3, "A")
    assert (frame.nav[0].entries[0].badge, frame.unread) == (5, 3)
    assert sorted(asked) == ["badge", "unread", "visitor"]


def test_strangers_have_no_messages_and_an_empty_frame():
    frame = Frame(RequestFactory().get("/"))
    assert (frame.visitor, frame.unread, frame.nav) == (None, 0, ())


def test_choices_come_from_cookies_and_nothing_else_passes():
    factory = RequestFactory()
    factory.cookies["bh-theme"], factory.cookies["bh-size"] = "dark", "large"
    assert (Frame(factory.get("/")).theme, Frame(factory.get("/")).size) == ("dark", "large")
    factory.cookies["bh-theme"] = '"><script>'
    assert Frame(factory.get("/")).theme == ""
