"""What is shipped to browsers: as fetched, complete, light, and within what old engines and the strict policy allow."""

import gzip
import json
import re
from pathlib import Path

import pytest

import tools.vendor_frontend as vendor
from bihuan.foundation import ui

HERE = Path(ui.__file__).parent
STATIC = HERE / "static" / "ui"
SOURCE = HERE.parents[1]
OURS = sorted(STATIC.glob("css/*.css"))


def test_third_party_files_are_as_fetched():
    assert vendor.flaws() == []


def test_every_package_carries_its_licence():
    for entry in json.loads(vendor.MANIFEST.read_text()):
        assert any("LICENSE" in name for name in entry["files"]), entry["package"]


def test_every_icon_in_use_is_in_the_sprite():
    have = set(re.findall(r'symbol id="([^"]+)"', (vendor.VENDOR / vendor.SPRITE).read_text()))
    pages = [path.read_text() for path in SOURCE.rglob("templates/**/*.html")]
    used = {name for page in pages for name in re.findall(r'{% icon "([^"]+)"', page)}
    used |= {name for page in pages for name in re.findall(r'(?:mark|action_icon)="([a-z0-9-]+)"', page)}
    assert used - have == set()


MODERN = {
    "color-mix": r"color-mix\(",
    "oklch": r"\bok(?:lch|lab)\(",
    ":has": r":has\(",
    "@layer": "@layer",
    "@container": "@container",
    "a data address": "data:",
    "an address in a variable": r"--[\w-]+:\s*url\(",
    "nesting": r"^\s*&",
}


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_styles_keep_to_chromium_90_and_the_policy(path):
    rules = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    assert [what for what, pattern in MODERN.items() if re.search(pattern, rules, re.M)] == []
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", sorted(STATIC.glob("js/*.js")), ids=lambda path: path.name)
def test_scripts_make_no_code_and_no_markup_from_text(path):
    text = path.read_text()
    assert not re.search(
        r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|setTimeout\(['\"]", text
    )
    assert len(text.splitlines()) <= 400


def test_every_used_picture_exists():
    for path in OURS:
        for name in re.findall(r"url\(([^)]+)\)", path.read_text()):
            assert (path.parent / name).exists(), name


def test_a_first_visit_is_light():
    page = (HERE / "templates/ui/root.html").read_text() + (HERE / "templates/ui/base.html").read_text()
    names = {*re.findall(r'static "ui/([^"]+)"', page), vendor.SPRITE.join(["vendor/", ""]), "img/shapes.svg"}
    weight = sum(len(gzip.compress((STATIC / name).read_bytes(), 6)) for name in names)
    assert weight < 100_000, weight
