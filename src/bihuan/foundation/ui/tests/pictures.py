"""Compares a page's picture with the one that was looked at and kept: small and coarse, so that fonts may differ a bit.

`BIHUAN_KEEP_PICTURES=1 pytest -m e2e src/bihuan/foundation/ui` keeps what the pages look like now: look at each, then
commit them.
"""

import os
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

KEPT = Path(__file__).with_name("pictures")
SHARE = 6
"""A kept picture is so many times narrower and lower than the page."""
TILE = 12
"""Compared tile by tile: one of so many points each way is a button, a light, a line of a table."""
WHOLE, ONE = 5.0, 60.0
"""How far the whole, and one tile, may be from what was kept (0 to 255)."""
TALLER = 0.02


def difference(shot: Path) -> str:
    """Say how a page's picture differs from the kept one of the same name; empty if it does not, or was kept now."""
    with Image.open(shot) as picture:
        seen = picture.convert("RGB")
    seen = seen.resize((seen.width // SHARE, seen.height // SHARE), Image.Resampling.BOX)
    place = KEPT / f"{shot.stem}.webp"
    if os.environ.get("BIHUAN_KEEP_PICTURES"):
        KEPT.mkdir(exist_ok=True)
        seen.save(place, lossless=False, quality=90, method=6)
        return ""
    with Image.open(place) as picture:
        kept = picture.convert("RGB")
    if abs(seen.height - kept.height) > max(2, TALLER * kept.height):
        return f"{seen.height * SHARE} px high, not {kept.height * SHARE}"
    apart = ImageChops.difference(seen.resize(kept.size, Image.Resampling.BOX), kept).convert("L")
    whole = ImageStat.Stat(apart).mean[0]
    if whole > WHOLE:
        return f"differs by {whole:.1f} of 255 on the whole"
    tiles = apart.resize((max(apart.width // TILE, 1), max(apart.height // TILE, 1)), Image.Resampling.BOX)
    shades = tiles.tobytes()
    most = max(shades)
    if most > ONE:
        row, column = divmod(shades.index(most), tiles.width)
        return f"differs by {most} of 255 around ({column * TILE * SHARE}, {row * TILE * SHARE})"
    return ""
