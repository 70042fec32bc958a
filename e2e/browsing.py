"""What the journeys share: Chromium, windows, logging in, the time of the server, and what is wrong with a page."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.models import Person

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --use-fake-device-for-media-stream --use-fake-ui-for-media-stream"
).split()
SIZES = {1440: {"width": 1440, "height": 900}, 390: {"width": 390, "height": 844}}
STILL = 0.1
"""The most that may move while a page loads (cumulative layout shift)."""
_WATCH = """
window.moved = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => {
  if (!one.hadRecentInput) window.moved += one.value;
}))
  .observe({type: 'layout-shift', buffered: true});
"""
_SETTLED = """new Promise((done) => {
  const until = performance.now() + 5000;
  const busy = () => document.fonts.status !== 'loaded' || document.querySelector('.htmx-request');
  const look = () => (performance.now() < until && busy() ? setTimeout(look, 20) : done());
  look();
})"""
_DARK = "on => document.documentElement.setAttribute('data-bs-theme', on ? 'dark' : 'light')"

MARKS = [
    pytest.mark.e2e,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium here"),
]
"""For `pytestmark` of every journey."""


def launch(playwright: Playwright) -> Browser:
    """Start a Chromium whose microphone hums."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


def shots(journey: str) -> Path:
    """Return the folder for the pictures of a journey, for people to look at."""
    folder = Path(os.environ.get("BIHUAN_ARTIFACTS") or Path(__file__).resolve().parent / "artifacts") / journey
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def log_in(context: BrowserContext, actor: Actor, address: str) -> None:
    """Make whoever sits before `context` the person of `actor`, without the page for it."""
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


@contextmanager
def server_time(now: datetime, *, runs: bool = False) -> Iterator[pytest.MonkeyPatch]:
    """Tell the server's threads the time, by the environment; it stands still unless it `runs` on from there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BIHUAN_NOW", now.isoformat())
        if not runs:
            patch.setenv("BIHUAN_NOW_FIXED", "1")
        yield patch


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """Return a page and the list of what its console complains about (the policy complains there)."""
    page, complaints = context.new_page(), []
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def too_wide(page: Page) -> bool:
    """Tell whether the page has to be pushed sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def barriers(page: Page, *, only: str | None = None) -> list[Any]:
    """Return what keeps people out of the page: axe's serious and critical findings, or those of one rule `only`."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": [only]} if only else {})
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in {"serious", "critical"}]


def do(page: Page, action: str, text: str = "", **fields: str) -> None:
    """Fill in and send the form of one action of a page; what is folded away is opened first. A box takes "on"."""
    form = page.locator(f"form[action$='/do/{action}/']").first
    if not form.is_visible():
        page.locator(f"details:has(form[action$='/do/{action}/']) > summary").first.click()
    for name, value in ({"text": text} if text else {}).items() | fields.items():
        field = form.locator(f"[name={name}]")
        kind = field.first.evaluate("field => field.type")
        if kind.startswith("select"):
            field.select_option(value)
        elif kind in {"checkbox", "radio"}:
            field.and_(form.locator(f"[value={value}], :not([value])")).check()
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()


def faults(page: Page, folder: Path, name: str) -> list[tuple[Any, ...]]:
    """Look at the page before us on desk, phone and at 200 %, in both themes, and return what is wrong with it.

    Its pictures are one of the desk by day and one of the phone by night: pictures are half of what a look costs.
    """
    size, found = page.viewport_size, []
    # Without motion, so that no colour is looked at on its way to another.
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(_SETTLED)
    page.set_viewport_size(SIZES[1440])
    page.evaluate(_DARK, False)
    found += [(name, "light", *one) for one in barriers(page)]
    picture(page, folder, f"{name}-1440-light")
    # Only colours differ in the dark.
    page.evaluate(_DARK, True)
    found += [(name, "dark", *one) for one in barriers(page, only="color-contrast")]
    page.set_viewport_size(SIZES[390])
    picture(page, folder, f"{name}-390-dark")
    page.evaluate(_DARK, False)
    # A telephone, and a window of 1280 px at 200 %.
    for width in (390, 640):
        page.set_viewport_size({"width": width, "height": 844})
        if too_wide(page):
            found.append((name, width, "is too wide"))
    if size:
        page.set_viewport_size(size)
    return found


def picture(page: Page, folder: Path, name: str) -> None:
    """Take a picture of the whole page.

    Hiding the caret would leave style attributes behind, which htmx copies and the policy of pages then blocks.
    """
    page.screenshot(path=folder / f"{name}.png", full_page=True, caret="initial")


def faults_of(
    opened: Callable[..., Any],
    address: str,
    places: Iterable[tuple[str, Actor | None, str]],
    *,
    folder: Path,
    before: Callable[[Page, str], None] = lambda _page, _name: None,
) -> list[Any]:
    """Look at each of `places` (name, who opens it, path), say what is wrong; `before` may change a page first.

    Each reader has one window, and each page is loaded once.
    """
    wrong: list[Any] = []
    readers: dict[Actor | None, list[tuple[str, str]]] = {}
    for name, actor, path in places:
        readers.setdefault(actor, []).append((name, path))
    for actor, theirs in readers.items():
        window = opened(actor, reduced_motion="reduce")
        window.add_init_script(_WATCH)
        page, complaints = watched(window)
        for name, path in theirs:
            page.goto(f"{address}{path}", wait_until="load")
            page.evaluate(_SETTLED)
            before(page, name)
            if (moved := page.evaluate("window.moved")) >= STILL:
                wrong.append((name, "moves", round(moved, 3)))
            wrong += faults(page, folder, name)
            wrong += [(name, "complains", one) for one in complaints]
            complaints.clear()
        window.close()
    return wrong
