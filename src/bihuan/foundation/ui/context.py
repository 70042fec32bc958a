"""What every page knows about its frame. Nothing is asked of the database until a template shows it."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import translation

from bihuan.foundation.kernel import clock
from bihuan.foundation.ui import navigation

THEMES = ("light", "dark")
THEME_COOKIE, SIZE_COOKIE = "bh-theme", "bh-size"
OTHER_LANGUAGE = {"zh-hans": ("en", "English", "en"), "en": ("zh-hans", "中文", "zh-CN")}


class Frame:
    """The frame of one page, for templates as `frame`. Everything is worked out on first use."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def visitor(self) -> navigation.Visitor | None:
        """Who reads, or None."""
        return navigation.visitor_of(self._request)

    @cached_property
    def nav(self) -> tuple[navigation.Section, ...]:
        """Sections of the side navigation for the visitor's roles."""
        return navigation.build(self._request, self.visitor)

    @cached_property
    def unread(self) -> int:
        """How many messages wait."""
        return navigation.unread_of(self._request) if self.visitor else 0

    @cached_property
    def url(self) -> dict[str, str]:
        """Addresses of the frame's places (home, search, inbox …); an empty text when there is none."""
        roles = self.visitor.roles if self.visitor else frozenset()
        return {place: navigation.url_of(place, roles) for place in navigation.PLACES}

    @cached_property
    def now(self) -> dt.datetime:
        """The instant of this page, the same for all its words."""
        return clock.now()

    @property
    def theme(self) -> str:
        """light or dark as chosen before; empty when not chosen (then theme.js follows the system)."""
        chosen = self._request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @property
    def size(self) -> str:
        """large when the reader chose larger type, else empty."""
        return "large" if self._request.COOKIES.get(SIZE_COOKIE) == "large" else ""

    @property
    def lang(self) -> str:
        """Language of the page as the html element wants it: zh-CN or en."""
        return "en" if translation.get_language() == "en" else "zh-CN"

    @property
    def other_language(self) -> dict[str, str]:
        """The language to switch to: code, own name, and tag for the lang attribute."""
        code, name, tag = OTHER_LANGUAGE["en" if self.lang == "en" else "zh-hans"]
        return {"code": code, "name": name, "tag": tag}

    @property
    def path(self) -> str:
        """Address of this page, to come back to."""
        return self._request.get_full_path()


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: puts `frame` into every template."""
    return {"frame": Frame(request)}
