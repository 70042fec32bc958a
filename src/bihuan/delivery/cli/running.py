"""`bihuan serve`, `bihuan worker`, `bihuan migrate`: the running product."""

import click

from . import setting_up
from .output import json_option, progress, put


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Web processes.")
def serve(port: int, host: str, workers: int) -> int:
    """Run web, API and one worker until Ctrl-C."""
    folder = setting_up.prepare()
    setting_up.collect_static()
    from . import processes

    return processes.run(host=host, port=port, workers=workers, data_dir=folder)


@click.command()
@click.option("--concurrency", type=click.IntRange(1, 32), default=4, show_default=True)
def worker(concurrency: int) -> None:
    """Run background jobs: timers, notices, checkpoints. Any number of workers may run."""
    setting_up.prepare()
    from django.core.management import call_command

    call_command("procrastinate", "worker", f"--concurrency={concurrency}")


@click.command()
@click.option("--recount/--no-recount", default=True, help="Make sums anew that an older definition made.")
@json_option
def migrate(recount: bool, as_json: bool) -> None:
    """Bring the database up to date: tables, official days, regions, default rulebook, sums. Safe to run again."""
    setting_up.prepare()
    with progress("recount") as step:
        recounted = setting_up.migrate(recount=recount, progress=step)
    lines = ["The database is up to date."]
    if recounted:
        lines.append(f"The scoreboard counts by another definition now: {recounted} matters were counted anew.")
    put({"ok": True, "recounted": recounted}, as_json=as_json, lines=lines)


COMMANDS = {"serve": serve, "worker": worker, "migrate": migrate}
