"""Pictures with words: fonts of this machine that know Chinese, for what has to be drawn without a browser.

PDF readers and browsers bring Chinese fonts; a picture of dots is drawn here, and needs one here.
"""

import functools
import io
import os
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image, ImageFont

from bihuan.foundation.kernel import errors

PNG = "image/png"
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
"""Where the systems that the product runs on keep their fonts."""
NAMES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "NotoSansSC[wght].ttf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSans.ttc",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "PingFang.ttc",
    "msyh.ttc",
    "simsun.ttc",
)
"""Files of fonts for simplified Chinese, the best first."""


def font(size: int) -> ImageFont.FreeTypeFont:
    """Return a font for Chinese at a size in dots. Raises Unavailable `no_chinese_font` where this machine has none."""
    found = _found(os.environ.get("BIHUAN_FONT", ""))
    if found is None:
        sentence = _("No Chinese font is installed here (Debian: fonts-noto-cjk). The SVG file needs none.")
        raise errors.Unavailable(sentence, code="no_chinese_font")
    path, face = found
    return ImageFont.truetype(path, size, index=face)


def packed(picture: Image.Image) -> bytes:
    """Return a picture as a PNG file."""
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True)
    return made.getvalue()


@functools.lru_cache(maxsize=4)
def _found(chosen: str) -> tuple[str, int] | None:
    """Return the file of a font and the face in it: the one `chosen`, else the best there is."""
    there = {path.name: path for folder in reversed(FOLDERS) for path in _files(Path(folder).expanduser())}
    for path in [Path(chosen)] if chosen else [there[name] for name in NAMES if name in there]:
        for face in _faces(path):
            return str(path), face
    return None


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name in NAMES] if folder.is_dir() else []


def _faces(path: Path) -> list[int]:
    """Return the faces of a file that know Chinese, the one for simplified Chinese first."""
    names: list[tuple[bool, int]] = []
    for face in range(16):
        try:
            opened = ImageFont.truetype(str(path), 16, index=face)
        except OSError:
            break
        if bytes(opened.getmask("办")) != bytes(opened.getmask("\uffff")):
            names.append((" SC" not in str(opened.getname()[0]), face))
    return [face for _other, face in sorted(names)]
