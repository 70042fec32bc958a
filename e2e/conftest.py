"""A database and a server for browser journeys: a copy of the test database, for what is committed stays for good."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from playwright.sync_api import sync_playwright

from e2e import browsing

# Playwright's loop would make Django believe that its queries run in one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def pattern(django_db_blocker) -> Iterator[str]:
    """A database that was migrated and never used, for copies of it."""
    with django_db_blocker.unblock():
        connections.close_all()
        name, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        before, test["NAME"] = test.get("NAME"), f"{name}_journeys{worker}"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connections.close_all()
        connection.settings_dict["NAME"], made = name, connection.settings_dict["NAME"]
        test["NAME"] = before
        yield made
        _in_no_database(f'drop database if exists "{made}" with (force)')


@pytest.fixture(scope="module")
def own_database(pattern, django_db_blocker) -> Iterator[None]:
    """A database of its own, dropped afterwards: the ledger lets nobody empty one."""
    with django_db_blocker.unblock():
        connections.close_all()
        name, mine = connection.settings_dict["NAME"], f"{pattern}_copy"
        _in_no_database(
            f'drop database if exists "{mine}" with (force)', f'create database "{mine}" template "{pattern}"'
        )
        connection.settings_dict["NAME"] = mine
        yield
        connections.close_all()
        connection.settings_dict["NAME"] = name
        _in_no_database(f'drop database if exists "{mine}" with (force)')


def _in_no_database(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Quiet(WSGIRequestHandler):
    """Serves without a line on the screen for each request."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(own_database) -> Iterator[str]:
    """The product served over real HTTP."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium."""
    with sync_playwright() as playwright:
        started = browsing.launch(playwright)
        yield started
        started.close()


@pytest.fixture
def opened(browser, address) -> Iterator[Callable[..., Any]]:
    """Open windows (browser contexts), logged in as an actor (None: nobody); closed afterwards."""
    contexts = []

    def make(actor=None, *, width=1440, theme="light", locale="zh-CN", **more):
        made = browser.new_context(viewport=browsing.SIZES[width], color_scheme=theme, locale=locale, **more)
        made.set_default_timeout(15_000)
        if actor is not None:
            browsing.log_in(made, actor, address)
        contexts.append(made)
        return made

    yield make
    for one in contexts:
        one.close()
