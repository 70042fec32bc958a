"""`bihuan demo`: a fictional district with six months of cases, ready to click through."""

import datetime as dt
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from bihuan.foundation import postgres

from . import setting_up
from .output import progress

HOST = "127.0.0.1"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Data folder; default as for serve.")
@click.option("--cases", type=click.IntRange(1, 100_000), default=3300, show_default=True, help="How many cases.")
@click.option("--no-serve", is_flag=True, help="Prepare only, then stop the database and exit.")
def demo(port: int, data: Path | None, cases: int, no_serve: bool) -> int:
    """Prepare the demonstration district, print its accounts, and serve it until Ctrl-C.

    What is there already is used again; what was interrupted is finished. Mode is `demo`, whatever BIHUAN_MODE says.
    """
    embedded = not os.environ.get("BIHUAN_DATABASE_URL")
    folder = setting_up.prepare(data=data, mode="demo")
    setting_up.lend_vault_key(folder)
    from . import processes

    served = False
    try:
        if not no_serve:
            processes.check_port(HOST, port, None)
        accounts = _prepared(folder, cases)
        setting_up.collect_static()
        _forget_connections()
        _print(accounts, folder)
        if no_serve:
            return 0
        served = True
        address = f"http://{HOST}:{port}"
        return processes.run(
            host=HOST, port=port, workers=2, data_dir=folder, on_ready=lambda: _print_address(address, accounts)
        )
    finally:
        if embedded and not served:
            postgres.stop(folder)


def _prepared(folder: Path, cases: int) -> list[dict[str, str]]:
    """Return the accounts of a demonstration that is complete, after building what is missing."""
    from bihuan.delivery.demo import building, lanes
    from bihuan.foundation.kernel import clock

    with _terminated_like_interrupted(), _told(cases) as told:
        try:
            setting_up.migrate()
            return building.build(folder=folder, cases=cases, now=clock.now(), progress=told, processes=lanes.default())
        except KeyboardInterrupt:
            click.echo("\nStopped. The same command goes on from here.", err=True)
            raise


@contextmanager
def _told(cases: int) -> Iterator[Callable[[int, int, dt.datetime], None]]:
    """Show how far it is: a bar on a terminal, else a line for each simulated month."""
    month = ""

    with progress(f"Six months, {cases} cases") as bar:

        def step(done: int, total: int, at: dt.datetime) -> None:
            nonlocal month
            bar(done, total)
            if not sys.stderr.isatty() and f"{at:%Y-%m}" != month:
                month = f"{at:%Y-%m}"
                click.echo(f"{month}: {done} of {total} steps", err=True)

        yield step


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM end the build as cleanly as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _forget_connections() -> None:
    """Close this process's connections: from here on only web and worker use the database."""
    from django.db import connection

    connection.close()
    getattr(connection, "close_pool")()  # noqa: B009 -- Django's stubs do not know it yet


def _print(accounts: list[dict[str, str]], folder: Path) -> None:
    width = max(len(account["username"]) for account in accounts)
    for account in accounts:
        click.echo(f"{account['role']:<19}{account['username']:<{width + 2}}{account['token']}")
    click.echo(f"Password of all: {accounts[0]['password']}")
    click.echo(f"Also in {folder / 'demo-accounts.json'}")


def _print_address(address: str, accounts: list[dict[str, str]]) -> None:
    click.echo(f"Bihuan answers at {address}; log in as coordinator1 with {accounts[0]['password']}. Ctrl-C stops it.")


COMMANDS = {"demo": demo}
