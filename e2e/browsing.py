"""What the journeys share: Chromium, windows, logging in, the time of the server, and what is wrong with a page."""

import os
import shutil
from collections.abc import Iterator
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
