"""Pictures with words are drawn with a font that knows Chinese, or not at all."""

import io

import pytest
from PIL import Image, ImageDraw

from bihuan.foundation.documents import pictures
from bihuan.foundation.kernel import errors


@pytest.fixture(autouse=True)
def afresh():
    pictures._found.cache_clear()
    yield
    pictures._found.cache_clear()


@pytest.mark.skipif(pictures._found("") is None, reason="no Chinese font here")
def test_each_sign_has_a_shape_of_its_own():
    shapes = {bytes(pictures.font(24).getmask(sign)) for sign in "办结率晾晒榜"}
    assert len(shapes) == 6
    picture = Image.new("RGB", (60, 30), "#ffffff")
    ImageDraw.Draw(picture).text((2, 2), "榜", fill="#000000", font=pictures.font(24))
    assert Image.open(io.BytesIO(pictures.packed(picture))).size == (60, 30)


def test_a_font_without_chinese_and_none_at_all_are_refused(monkeypatch, tmp_path):
    latin = tmp_path / "latin.ttf"
    latin.write_bytes(b"no font")
    for chosen, folders in ((str(latin), pictures.FOLDERS), ("", (str(tmp_path),))):
        monkeypatch.setenv("BIHUAN_FONT", chosen)
        monkeypatch.setattr(pictures, "FOLDERS", folders)
        pictures._found.cache_clear()
        with pytest.raises(errors.Unavailable) as refused:
            pictures.font(12)
        assert refused.value.code == "no_chinese_font"
