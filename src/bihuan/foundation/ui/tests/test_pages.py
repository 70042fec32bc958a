import re
from pathlib import Path

import pytest
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory, override_settings
from django.utils import translation

from bihuan.foundation.ui import gallery
from bihuan.foundation.ui.gallery import PAGES
from bihuan.foundation.ui.templatetags import ui, ui_parts

pytestmark = pytest.mark.urls("bihuan.foundation.ui.tests.urls")

ERRORS = ("400", "403", "403_csrf", "404", "500")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_gallery_opens_without_a_database(page, language):
    response = Client(headers={"accept-language": language}).get(f"/gallery/{page}/")
    assert response.status_code == 200
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    text = response.content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*src=)", text)
    assert len(re.findall(r"<h1\b", text)) == 1
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


NOT_SEEN = {"nav_entry", "hidden_columns"}
"""Tags that give a template a value and draw nothing."""


def test_every_component_is_in_the_gallery():
    folder = Path(gallery.__file__).parent / "templates" / "ui"
    shown = "".join(path.read_text() for path in [*folder.glob("gallery/*.html"), *folder.glob("*.html")])
    used = set(re.findall(r"{%\s*(\w+)|\|(\w+)", shown))
    used = {name for pair in used for name in pair}
    inner = "".join(path.read_text() for path in folder.glob("components/*.html"))
    used |= set(re.findall(r"{%\s*(\w+)", inner)) | set(re.findall(r"\|(\w+)", inner))
    known = {name for library in (ui.register, ui_parts.register) for name in (*library.tags, *library.filters)}
    assert known - used - NOT_SEEN == set()


def test_the_gallery_is_not_part_of_production():
    with override_settings(MODE="production"):
        assert Client().get("/gallery/").status_code == 404
    assert Client().get("/gallery/nothing/").status_code == 404


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_pages_need_nothing(name, language):
    # Django renders 400 and 500 with no request and no context processors; so must all of them.
    with translation.override(language):
        text = get_template(f"{name}.html").render()
        assert 'lang="en"' in text if language == "en" else 'lang="zh-CN"' in text
    assert "<h1>" in text


def test_pages_offer_the_other_language_and_the_chosen_theme():
    client = Client(headers={"accept-language": "en"})
    client.cookies["bh-theme"], client.cookies["bh-size"] = "dark", "large"
    text = client.get("/gallery/").content.decode()
    assert 'data-bs-theme="dark"' in text
    assert "data-theme-auto" not in text
    assert 'data-bh-type="large"' in text
    assert 'value="zh-hans" lang="zh-CN"' in text


def test_the_navigation_marks_the_page():
    text = Client().get("/gallery/queue/").content.decode()
    assert re.search(r'href="/gallery/queue/" aria-current="page"', text)


def test_messages_become_notices():
    class Message:
        level, extra_tags = 40, ""

        def __str__(self):
            return "<b>no</b>"

    text = render_to_string("ui/components/toasts.html", {"messages": [Message()]}, RequestFactory().get("/"))
    assert "is-bad" in text
    assert "&lt;b&gt;no" in text
