from types import SimpleNamespace

import pytest

from bihuan.foundation.ui import lights


def test_every_known_light_has_its_own_shape():
    faces = [lights.face(light) for light in ("blue", "green", "yellow", "orange", "red", "pause", "done")]
    assert len({face.shape for face in faces}) == len({face.tone for face in faces}) == 7


def test_a_place_may_invent_lights():
    assert lights.face("violet") == lights.Face(tone="plain", shape="dot", word="violet")
    theirs = SimpleNamespace(id="violet", name="紫灯", tone="red")
    assert lights.face(theirs) == lights.Face(tone="red", shape="octagon", word="紫灯")


def test_a_place_may_rename_a_light_on_one_page():
    assert lights.face("red", label="没办").word == "没办"
    assert lights.face(lights.face("red"), label="没办").tone == "red"


def test_no_light_is_drawn_that_the_style_sheet_does_not_have():
    with pytest.raises(ValueError, match="violet"):
        lights.register("violet", tone="violet", word="x")
    assert lights.face(SimpleNamespace(id="x", tone="gold", shape="star")).tone == "plain"


def test_nothing_is_a_light_without_a_word():
    assert lights.face(None).word == ""
    assert lights.face("").tone == "plain"
