"""Navigation is data: every context registers its entries; the frame shows a reader those of their roles.

The look knows neither accounts nor notifications: who reads, and how many messages wait, come through callables that
those who know register once, in their AppConfig's `ready()`.
"""

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

Badge = Callable[[HttpRequest], int | str | None]


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who sits before the page: name, one line about the office, the place's name, and role ids.

    key: tells the readers of one device apart; says nothing about them.
    """

    name: str
    office: str = ""
    place: str = ""
    roles: frozenset[str] = frozenset()
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of the side navigation. Empty `roles` means everybody; `badge` returns a number worth showing."""

    section: str
    label: Any
    icon: str
    url_name: str
    roles: frozenset[str] = frozenset()
    badge: Badge | None = None
    order: int = 100
    key: str = ""


@dataclass(kw_only=True)
class _Registry:
    sections: dict[str, Any] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    places: dict[str, list[tuple[str, frozenset[str]]]] = field(default_factory=dict)
    visitor: Callable[[HttpRequest], Visitor | None] | None = None
    unread: Callable[[HttpRequest], int] | None = None


_registry = _Registry(
    sections={"daily": _("Daily"), "oversight": _("Oversight"), "improve": _("Improve"), "manage": _("Administration")},
    places={"language": [("set_language", frozenset())]},
)

PLACES = ("home", "search", "inbox", "account", "login", "logout", "language", "live", "display", "figures", "pulse")
"""Pages the frame links to; unset ones are left out. `live` is the event stream, `language` Django's own view, `pulse`
answers with the numbers of the frame."""


def register_section(name: str, label: Any) -> None:
    """Add a section of the navigation, or rename one. Sections stand in the order of their registration."""
    _registry.sections[name] = label


def register(
    section: str,
    label: Any,
    icon: str,
    url_name: str,
    roles: Iterable[str] = (),
    *,
    badge: Badge | None = None,
    order: int = 100,
    key: str = "",
) -> None:
    """Add an entry (once per `url_name`).

    roles: ids of those who see it, empty for everybody. badge: called at most once a page, or only by `pulse` where
    there is such a page. order: place in the section. key: keyboard sequence such as "g q". Raises KeyError for a
    section nobody registered.
    """
    if section not in _registry.sections:
        raise KeyError(f"no section {section!r} in the navigation")
    _registry.entries[:] = [entry for entry in _registry.entries if entry.url_name != url_name]
    _registry.entries.append(
        Entry(
            section=section,
            label=label,
            icon=icon,
            url_name=url_name,
            roles=frozenset(roles),
            badge=badge,
            order=order,
            key=key,
        )
    )


def register_place(place: str, url_name: str, roles: Iterable[str] = ()) -> None:
    """Tell the frame which page is its home, search, inbox, account, login, logout, language or live stream.

    roles: ids of those for whom it is that page, empty for everybody else; whoever has none does not see the place.
    """
    if place not in PLACES:
        raise KeyError(f"the frame has no place {place!r}")
    known = [(name, held) for name, held in _registry.places.get(place, []) if held and held != frozenset(roles)]
    _registry.places[place] = [*known, (url_name, frozenset(roles))]


def register_visitor(function: Callable[[HttpRequest], Visitor | None]) -> None:
    """Say how to find out who reads. Called at most once a page, and only by pages that show the frame."""
    _registry.visitor = function


def register_unread(function: Callable[[HttpRequest], int]) -> None:
    """Say how to count unread messages. Called at most once a page, and only for a known visitor."""
    _registry.unread = function


def visitor_of(request: HttpRequest) -> Visitor | None:
    """Return who reads this page, or None for nobody known."""
    return _registry.visitor(request) if _registry.visitor else None


def unread_of(request: HttpRequest) -> int:
    """Return how many messages wait for the reader of this page."""
    return _registry.unread(request) if _registry.unread else 0


def url_of(place: str, roles: frozenset[str] = frozenset()) -> str:
    """Return the address of a place of the frame for these roles, or an empty text when there is no such page."""
    fitting = (name for name, held in _registry.places.get(place, ()) if not held or held & roles)
    return _resolve(next(fitting, ""))


def _resolve(url_name: str) -> str:
    try:
        return reverse(url_name) if url_name else ""
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One entry as a page shows it."""

    label: Any
    icon: str
    url: str
    badge: int | str | None
    current: bool
    key: str
    url_name: str = ""
    counted: bool = False

    @property
    def ident(self) -> str:
        """What the page knows the entry by."""
        return self.url_name.replace(":", "-")


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section as a page shows it.

    folds: it can be folded, for there are more entries than fit beside a page. unfolded: it stands open at first.
    close: there are so many entries that they stand closer together.
    """

    name: str
    label: Any
    entries: tuple[Shown, ...]
    folds: bool = False
    unfolded: bool = True
    close: bool = False

    @property
    def current(self) -> bool:
        """Whether the page before the reader is one of its entries."""
        return any(entry.current for entry in self.entries)


def build(request: HttpRequest, visitor: Visitor | None, *, count: bool = False) -> tuple[Section, ...]:
    """Return the sections a visitor sees, with the entry of the current page marked. Empty sections are left out.

    count: also ask for the numbers beside the entries, though there is a page that brings them later (`pulse`).
    """
    count = count or not url_of("pulse")
    roles = visitor.roles if visitor else frozenset()
    visible = [
        (entry, _resolve(entry.url_name)) for entry in _registry.entries if not entry.roles or entry.roles & roles
    ]
    visible = [(entry, url) for entry, url in visible if url]
    here = _current(request.path, [url for _entry, url in visible])
    sections = []
    for name, label in _registry.sections.items():
        mine = sorted((pair for pair in visible if pair[0].section == name), key=lambda pair: pair[0].order)
        shown = tuple(
            Shown(
                label=entry.label,
                icon=entry.icon,
                url=url,
                badge=entry.badge(request) if entry.badge and count else None,
                current=url == here,
                key=entry.key,
                url_name=entry.url_name,
                counted=entry.badge is not None,
            )
            for entry, url in mine
        )
        if shown:
            sections.append(Section(name=name, label=label, entries=shown))
    return _folded(sections)


FITS, LOOSE = 22, 16
"""Entries that stand beside a page of 1440 × 900 without scrolling: at most, and without standing closer together."""


def _folded(sections: list[Section]) -> tuple[Section, ...]:
    """Fold what does not fit; the first section and the one of this page always stand open, then what has room."""
    count = sum(len(one.entries) for one in sections)
    room, close = FITS - count, count > LOOSE
    if room >= 0:
        return tuple(dataclasses.replace(one, close=close) for one in sections)
    shut = set()
    for one in reversed(sections[1:]):
        if room < 0 and not one.current:
            shut.add(one.name)
            room += len(one.entries)
    return tuple(dataclasses.replace(one, close=close, folds=True, unfolded=one.name not in shut) for one in sections)


def _current(path: str, urls: Iterable[str]) -> str:
    """Return the entry the page belongs to: the longest address that the path starts with ("/" only for itself)."""
    fitting = [url for url in urls if path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))]
    return max(fitting, key=len, default="")
