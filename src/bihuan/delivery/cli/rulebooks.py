"""`bihuan rulebook …`: check, list, show, compare, rehearse and apply rulebooks."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import setting_up
from .output import json_option, put

if TYPE_CHECKING:
    from bihuan.casework.cases.services import Rehearsal


@click.group()
def rulebook() -> None:
    """Rulebooks of places."""


@rulebook.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def check(file: Path, as_json: bool) -> int:
    """Say whether FILE is a valid rulebook; name line and field of what is wrong."""
    setting_up.prepare()
    from bihuan.foundation.rulebooks import services

    flaws = services.check(text=file.read_bytes(), source=file.name)
    rows = [{"line": flaw.line, "column": flaw.column, "field": flaw.field, "message": flaw.message} for flaw in flaws]
    lines = [f"{file}:{row['line']}: {row['field']}: {row['message']}" for row in rows] or [f"{file}: good"]
    put({"ok": not rows, "flaws": rows}, as_json=as_json, lines=lines)
    return 1 if rows else 0


@rulebook.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List the packaged rulebooks and the versions in force in each region."""
    setting_up.prepare()
    from bihuan.foundation.rulebooks import loader, selectors

    packaged = list(loader.names())
    applied = [
        {"region": row.region, "number": row.number, "name": row.name, "effective_from": row.effective_from}
        for row in selectors.applied()
    ]
    lines = [*packaged, *(f"{row['region']}  version {row['number']}  {row['name']}" for row in applied)]
    put({"packaged": packaged, "applied": applied}, as_json=as_json, lines=lines)


@rulebook.command()
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Print the packaged rulebook NAME: as written, or with --json merged over the default."""
    setting_up.prepare()
    from bihuan.foundation.rulebooks import loader

    text = loader.packaged(name)
    put(dict(loader.load(text, source=f"{name}.yaml").merged), as_json=as_json, lines=[text])


@rulebook.command()
@click.argument("a")
@click.argument("b")
@json_option
def diff(a: str, b: str, as_json: bool) -> None:
    """Show what differs in effect between two rulebooks: names of packaged ones, files, or ids of versions."""
    setting_up.prepare()
    from bihuan.foundation.rulebooks import services

    changes = services.diff(a=_given(a), b=_given(b))
    rows = [{"field": path, "a": before, "b": after} for path, before, after in changes]
    put(rows, as_json=as_json, lines=[f"{row['field']}: {row['a']} → {row['b']}" for row in rows] or ["no difference"])


@rulebook.command()
@click.argument("name")
@click.option("--region", required=True, help="GB/T 2260 code of the place.")
@click.option("--note", default="", help="Why, for the history.")
@click.option(
    "--move-open", is_flag=True, help="Move the open cases to it, too; a worker does it. Else they keep theirs."
)
@json_option
def apply(name: str, region: str, note: str, move_open: bool, as_json: bool) -> None:
    """Put the packaged rulebook NAME (or a file) in force in a region from now on, and say what that means for the open
    cases; `rehearse` says it beforehand. Doing it twice changes nothing.
    """
    setting_up.prepare()
    from bihuan.casework.cases import services as cases
    from bihuan.foundation.kernel import clock

    file, now = Path(name), clock.now()
    text = file.read_text(encoding="utf-8") if file.is_file() else None
    called = file.stem if text is not None else name
    with clock.at(now):
        done = cases.apply_rulebook(
            region=region, actor_id=None, now=now, note=note, name=called, text=text, move_open=move_open
        )
    version, document = done.version, _rehearsed(done.effect, region=region, now=now)
    held = {"id": str(version.id), "region": version.region, "number": version.number, "name": version.name}
    lines = [
        *_told(document, moved=sum(done.effect.relit.values())),
        f"{version.name} is in force in {version.region} as version {version.number}.",
        "The open cases move to it." if move_open else "Open cases keep the version they were raised under.",
    ]
    put(held | {"moves_open": move_open, "effect": document}, as_json=as_json, lines=lines)


@rulebook.command()
@click.argument("name")
@click.option("--region", required=True, help="GB/T 2260 code of the place whose open cases are asked.")
@json_option
def rehearse(name: str, region: str, as_json: bool) -> int:
    """Say which open cases of a region would change light today under the rulebook NAME (or a file), and who would be
    told. Nothing is changed. Exit status 1 when a consequence would reach nobody.
    """
    setting_up.prepare()
    from bihuan.casework.cases import services as cases
    from bihuan.foundation.kernel import clock
    from bihuan.foundation.rulebooks import loader

    text = Path(name).read_text(encoding="utf-8") if Path(name).is_file() else loader.packaged(name)
    now = clock.now()
    with clock.at(now):
        found = cases.rehearse(region=region, text=text, now=now)
    document = _rehearsed(found, region=region, now=now)
    put(document, as_json=as_json, lines=_told(document, moved=sum(found.relit.values())))
    return 1 if found.unreceived else 0


def _rehearsed(found: "Rehearsal", *, region: str, now: dt.datetime) -> dict[str, Any]:
    """Return a rehearsal as a document for programs."""
    return {
        "region": region,
        "as_of": now,
        "open": found.seen,
        "due_earlier": found.earlier,
        "due_later": found.later,
        "overdue": found.overdue,
        "would_be_overdue": found.would_be_overdue,
        "relit": [{"light": a, "would_be": b, "cases": n} for (a, b), n in found.relit.most_common()],
        "cases": [dataclasses.asdict(one) for one in found.moved],
        "told": [dataclasses.asdict(one) for one in found.told],
        "unreceived": found.unreceived,
    }


def _told(document: dict[str, Any], *, moved: int) -> list[str]:
    """Return a rehearsal as lines for people."""
    lines = [
        f"{document['open']} open cases: {moved} would change light today,"
        f" {document['due_earlier']} would be due earlier, {document['due_later']} later;"
        f" overdue {document['overdue']} → {document['would_be_overdue']}."
    ]
    lines += [f"{row['light'] or '—'} → {row['would_be'] or '—'}: {row['cases']}" for row in document["relit"]]
    lines += [f"  {row['number']}  {row['light'] or '—'} → {row['would_light'] or '—'}" for row in document["cases"]]
    lines += [f"{row['person']} would be told {row['times']}× ({row['consequence']})" for row in document["told"]]
    lines += [
        f"Nobody could receive “{name}”: appoint somebody, or name a fallback in the rulebook."
        for name in document["unreceived"]
    ]
    return lines


def _given(which: str) -> str:
    return Path(which).read_text(encoding="utf-8") if Path(which).is_file() else which


COMMANDS = {"rulebook": rulebook}
