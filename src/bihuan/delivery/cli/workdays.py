"""`bihuan calendar import`: the official days of a year, tried first, then taken."""

from pathlib import Path

import click

from . import setting_up
from .output import json_option, put


@click.group()
def calendar() -> None:
    """Official rest days and make-up days."""


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--year", required=True, type=int, help="The year the file is about.")
@click.option("--document", required=True, help="The notice the days come from.")
@click.option("--amend", is_flag=True, help="Change only the days the file names.")
@click.option("--unconfirmed", is_flag=True, help="Use the days, but keep the year provisional.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@json_option
def import_days(
    file: Path, year: int, document: str, amend: bool, unconfirmed: bool, dry_run: bool, as_json: bool
) -> None:
    """Take the official days of a year from FILE (csv, json or yaml). Says first what it changes: days, due dates,
    lights. Open clocks follow at once; each keeps its former dates.
    """
    setting_up.prepare()
    from bihuan.casework.deadlines import services as deadlines
    from bihuan.foundation.directory.permissions import OPERATOR
    from bihuan.foundation.kernel import clock
    from bihuan.foundation.workcalendar.services import Notice

    now = clock.now()
    notice = Notice(
        content=file.read_bytes(),
        filename=file.name,
        year=year,
        document=document,
        confirmed=not unconfirmed,
        amend=amend,
    )
    effect = deadlines.follow_official_days(notice=notice, actor_id=OPERATOR, now=now, dry_run=dry_run)
    rows = {
        "dry_run": dry_run,
        "days_changed": effect.imported.changed,
        "confirmed_years": list(effect.imported.confirmed_years),
        "clocks": effect.clocks.seen,
        "due_earlier": effect.clocks.earlier,
        "due_later": effect.clocks.later,
        "settled": effect.clocks.settled,
        "relit": effect.clocks.relit,
    }
    said = "would change" if dry_run else "changed"
    lines = [
        f"{rows['days_changed']} days {said}. Of {rows['clocks']} open clocks {rows['due_earlier']} are due earlier,"
        f" {rows['due_later']} later, {rows['relit']} show another light, {rows['settled']} are settled."
    ]
    put(rows, as_json=as_json, lines=lines)


COMMANDS = {"calendar": calendar}
