"""`bihuan vault …`: make a key, seal everything anew under a new one, prove the ledger of views whole."""

import os
from pathlib import Path

import click

from . import setting_up
from .output import json_option, progress, put


@click.group()
def vault() -> None:
    """The vault of clues: its keys, and the ledger of who looked."""


@vault.command("new-key")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def new_key(path: Path, as_json: bool) -> None:
    """Write a new key before the others of a key file (made if there is none), readable by its owner alone.

    Name the file in BIHUAN_VAULT_KEY_FILE. Keep a copy where no backup of the database is: without it nobody ever
    reads what was sealed.
    """
    setting_up.load()
    from bihuan.foundation.kernel import sealing

    before = path.read_text() if path.exists() else ""
    key = sealing.new_key()
    draft = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{key}\n{before}")
    draft.replace(path)
    name = key.partition(":")[0]
    lines = [f"Key {name} stands first in {path}. BIHUAN_VAULT_KEY_FILE={path.absolute()}"]
    if before:
        lines.append("Restart web and worker, then: bihuan vault rotate-keys")
    put({"key": name, "file": str(path)}, as_json=as_json, lines=lines)


@vault.command("rotate-keys")
@json_option
def rotate_keys(as_json: bool) -> None:
    """Seal everything in the vault anew under the key that stands first. Stopped, it goes on where it was."""
    setting_up.prepare()
    from bihuan.foundation.kernel import clock
    from bihuan.mechanisms.vault import services

    with progress("rotate") as step:
        done = services.rotate(now=clock.now(), progress=step)
    used = services.keys_in_use()
    shown = ", ".join(f"{name} ({count})" for name, count in sorted(used.items())) or "none"
    put({"sealed": done, "keys": used}, as_json=as_json, lines=[f"{done} rows sealed anew. Keys in use: {shown}."])


@vault.command()
@json_option
def verify(as_json: bool) -> int:
    """Prove that nothing in the ledger of views was changed or removed. Exit status 1 on tampering."""
    setting_up.prepare()
    from bihuan.mechanisms.vault import services

    report = services.verify()
    document = {"ok": report.ok, "entries": report.facts, "flaws": [flaw._asdict() for flaw in report.flaws]}
    seen = f"{report.facts} entries in {report.streams} chains"
    verdict = f"OK: {seen}, nothing was changed." if report.ok else f"TAMPERED: {report.flaw_count} flaws in {seen}."
    put(document, as_json=as_json, lines=[verdict, *(f"{f.what} {f.stream} {f.seq}" for f in report.flaws[:20])])
    return 0 if report.ok else 1


COMMANDS = {"vault": vault}
