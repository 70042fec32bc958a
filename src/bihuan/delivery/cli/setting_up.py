"""What every command needs before it can work: the data folder, a database, Django."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import click

from bihuan.foundation import postgres


def data_dir() -> Path:
    """Return the data folder: BIHUAN_DATA, else the user's own."""
    return Path(os.environ.get("BIHUAN_DATA") or Path.home() / ".local" / "share" / "bihuan").expanduser().absolute()


def prepare(*, data: Path | None = None, mode: str | None = None) -> Path:
    """Find or start the database, load Django, and return the data folder.

    `BIHUAN_DATABASE_URL` names any PostgreSQL from 15 on; without it the embedded one of the data folder is started or
    joined. Raises PostgresProblem.
    """
    folder = (data or data_dir()).expanduser().absolute()
    os.environ["BIHUAN_DATA"] = str(folder)
    if mode:
        os.environ["BIHUAN_MODE"] = mode
    if not os.environ.get("BIHUAN_DATABASE_URL"):
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["BIHUAN_DATABASE_URL"] = postgres.ensure(folder, on_progress=lambda text: click.echo(text, err=True))
    load()
    return folder


def load() -> None:
    """Load Django and nothing else, for what needs no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def lend_vault_key(folder: Path) -> None:
    """Give a demonstration a key for its vault: beside the data folder, not in it, and handed on to all processes."""
    from bihuan.foundation.kernel import sealing

    if os.environ.get(sealing.KEYS) or os.environ.get(sealing.KEY_FILE):
        return
    path = folder.with_name(f"{folder.name}.vault-key")
    with contextlib.suppress(FileExistsError):
        new = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(new, "w") as file:
            file.write(f"{sealing.new_key()}\n")
    os.environ[sealing.KEYS] = path.read_text().strip()


def migrate(*, recount: bool = True, progress: Callable[[int, int], None] | None = None) -> int:
    """Bring tables, official days, regions, the default rulebook and sums up to date. Safe to run again.

    recount: whether sums that were made by an older definition are made anew. Returns how many matters were counted.
    """
    from django.core.management import call_command

    from bihuan.analytics.scoreboard import services as scoreboard
    from bihuan.foundation.directory import services as directory
    from bihuan.foundation.kernel import clock
    from bihuan.foundation.rulebooks import services as rulebooks
    from bihuan.foundation.workcalendar import services as workcalendar

    now = clock.now()
    call_command("migrate", verbosity=0, interactive=False)
    directory.load_packaged_regions(now=now)
    workcalendar.load_official_days(now=now)
    rulebooks.ensure_default(now=now)
    return (scoreboard.renew(now=now, progress=progress) or 0) if recount else 0


def collect_static() -> None:
    """Gather styles, scripts and icons where the web server hands them out."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
