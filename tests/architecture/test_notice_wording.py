"""Every notice is worded in both languages for the side it goes to, and says to that side nothing of the other."""

import re

import pytest
from django.utils import translation

from bihuan.foundation.notifications.registry import Kind, kinds
from bihuan.foundation.notifications.rules import Audience

RAISER = {Audience.ENTERPRISE, Audience.OUTSIDE}
HOUSE = set(Audience) - RAISER
OF_THE_HOUSE = {"light", "clock", "offices", "score", "version", "order", "thing", "mark", "person", "actor"}
"""What only the house speaks of: how it judges itself, and who of it did something."""
OF_THE_RAISER = {"enterprise", "rater", "raiser", "contact", "phone", "email", "name", "level", "rating"}
"""What would tell a department who rated it, or how (DOMAIN §0.8)."""
FOR_EVERYBODY = {"notifications.webhook_stopped"}
"""Notices about a person's own settings, which are everybody's."""


def _texts(kind: Kind, language: str) -> tuple[str, ...]:
    with translation.override(language):
        return tuple(str(text) for text in (kind.title, kind.body, kind.many))


def _places(texts: tuple[str, ...]) -> list[set[str]]:
    return [set(re.findall(r"%\((\w+)\)", text)) for text in texts]


@pytest.mark.parametrize("key", sorted(kinds()))
def test_a_notice_is_worded_in_both_languages_and_keeps_to_its_side(key):
    kind = kinds()[key]
    english, chinese = _texts(kind, "en"), _texts(kind, "zh-hans")
    assert _places(english) == _places(chinese)
    for said, meant in zip(english, chinese, strict=True):
        assert bool(said) == bool(meant)
        assert not re.search(r"[\u4e00-\u9fff]", said)
        assert not meant or re.search(r"[\u4e00-\u9fff]", meant), meant
    named = set().union(*_places(english), *_places((kind.path,)))
    if key in FOR_EVERYBODY:
        assert named <= {"subject", "count"}
        return
    assert not (kind.audience & RAISER and named & OF_THE_HOUSE)
    assert not (kind.audience & HOUSE and named & OF_THE_RAISER)
