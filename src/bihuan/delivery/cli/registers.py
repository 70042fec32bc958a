"""`bihuan import cases`, `bihuan export cases|ledger`: registers in and out."""

from pathlib import Path
from typing import Any

import click

from . import setting_up
from .output import json_option, progress, put


@click.group("import")
def import_() -> None:
    """Take over registers from files."""


@import_.command("cases")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--map",
    "mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="How columns become fields (YAML).",
)
@click.option("--dry-run", is_flag=True, help="Check every row, write nothing.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the errors of rows here (CSV).")
@json_option
def import_cases(file: Path, mapping: Path | None, dry_run: bool, report: Path | None, as_json: bool) -> int:
    """Take over cases from FILE (xlsx, csv or jsonl). Each row is taken whole or not at all; a row known by its source
    id is left as it is, so the command can be run again. Exit status 1 when rows were refused.
    """
    setting_up.prepare()
    from bihuan.foundation.kernel import clock
    from bihuan.mechanisms.intake import services as intake

    with progress("import") as step:
        result = intake.import_file(path=file, mapping=mapping, dry_run=dry_run, now=clock.now(), progress=step)
    if report:
        result.write_errors(report)
    lines = [
        f"{result.imported} imported, {result.known} known already, {result.refused} refused of {result.rows} rows."
    ]
    lines += [f"row {error.row}: {error.field}: {error.message}" for error in result.errors[:20]]
    document: dict[str, Any] = {
        "rows": result.rows,
        "imported": result.imported,
        "known": result.known,
        "refused": result.refused,
        "dry_run": dry_run,
        "errors": [
            {"row": error.row, "field": error.field, "code": error.code, "message": error.message}
            for error in result.errors
        ],
    }
    put(document, as_json=as_json, lines=lines)
    return 1 if result.refused else 0


@click.group()
def export() -> None:
    """Registers and ledger as files."""


@export.command("cases")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def export_cases(file: Path, as_json: bool) -> None:
    """Write the register to FILE (xlsx, csv or jsonl by its ending); personal data masked, formulas disarmed."""
    setting_up.prepare()
    from bihuan.casework.cases import exports
    from bihuan.casework.cases.permissions import THE_SYSTEM
    from bihuan.foundation.kernel import clock

    with progress("export") as step:
        rows = exports.to_file(path=file, actor=THE_SYSTEM, now=clock.now(), progress=step)
    put({"rows": rows, "file": str(file)}, as_json=as_json, lines=[f"{rows} cases written to {file}."])


@export.command("ledger")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--case", "number", help="Only the case with this number.")
@json_option
def export_ledger(file: Path, number: str | None, as_json: bool) -> None:
    """Write the ledger to FILE (JSON lines, signed); `bihuan verify --export FILE` proves it, and so can outsiders."""
    setting_up.prepare()
    from bihuan.casework.cases import selectors as cases
    from bihuan.foundation.kernel import clock
    from bihuan.foundation.ledger import exports

    stream = cases.stream_of(number) if number else None
    with file.open("wb") as out, progress("export") as step:
        report = exports.export(out, now=clock.now(), stream=stream, progress=step)
    document = {"facts": report.facts, "streams": report.streams, "file": str(file)}
    put(document, as_json=as_json, lines=[f"{report.facts} facts of {report.streams} chains written to {file}."])


COMMANDS = {"import": import_, "export": export}
