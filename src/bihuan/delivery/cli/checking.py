"""`bihuan sweep`, `bihuan verify`, `bihuan doctor`: what is due, what was tampered with, what is wrong here."""

import contextlib
import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import click

from . import setting_up
from .output import json_option, progress, put


@click.command()
@click.option("--as-of", help="An instant with offset (ISO 8601); without it, now.")
@json_option
def sweep(as_of: str | None, as_json: bool) -> None:
    """Fire all due timers once; say how many, and how the open cases stand by light."""
    instant = None
    if as_of:
        try:
            instant = dt.datetime.fromisoformat(as_of)
        except ValueError as error:
            raise click.BadParameter("an instant such as 2026-11-20T09:00:00+08:00", param_hint="--as-of") from error
        if instant.tzinfo is None:
            raise click.BadParameter("the instant needs an offset, for example +08:00", param_hint="--as-of")
    setting_up.prepare()
    from bihuan.casework.cases import selectors, services
    from bihuan.casework.cases.permissions import THE_SYSTEM
    from bihuan.foundation.kernel import clock

    with clock.at(instant) if instant else contextlib.nullcontext():
        now = clock.now()
        swept = services.sweep(now=now)
        counts = selectors.counts(actor=THE_SYSTEM, now=now, most=None)
    document: dict[str, Any] = {
        "as_of": now,
        "fired": swept.fired,
        "fired_by_light": dict(swept.by_light),
        "failed": swept.failed,
        "consequences": dict(swept.consequences),
        "lights": counts["light"],
        "overdue": counts["overdue"],
        "open": counts["total"],
    }
    shown = "  ".join(f"{light} {number}" for light, number in sorted(Counter(counts["light"]).items()))
    put(document, as_json=as_json, lines=[f"{swept.fired} timers fired. Open cases: {counts['total']}. {shown}"])


@click.command()
@click.option("--case", "number", help="Only the case with this number.")
@click.option(
    "--export",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An exported file instead of the database.",
)
@json_option
def verify(number: str | None, path: Path | None, as_json: bool) -> int:
    """Prove that nothing in the ledger was changed, removed or reordered. Exit status 1 on tampering."""
    if number and path:
        raise click.UsageError("either --case or --export")
    setting_up.prepare()
    from bihuan.casework.cases import selectors as cases
    from bihuan.foundation.ledger import exports, verification

    if path:
        report = exports.verify_export(path)
    else:
        stream = cases.stream_of(number) if number else None
        with progress("verify") as step:
            report = verification.verify(stream=stream, progress=step)
    flaws = [
        {
            "what": flaw.what,
            "stream": flaw.stream,
            "seq": flaw.seq,
            "detail": flaw.detail,
            "sentence": verification.sentence(flaw),
        }
        for flaw in report.flaws
    ]
    document = {
        "ok": report.ok,
        "facts": report.facts,
        "streams": report.streams,
        "checkpoints": report.checkpoints,
        "flaw_count": report.flaw_count,
        "flaws": flaws,
    }
    seen = f"{report.facts} facts in {report.streams} chains, {report.checkpoints} checkpoints"
    verdict = f"OK: {seen}, nothing was changed." if report.ok else f"TAMPERED: {report.flaw_count} flaws in {seen}."
    put(document, as_json=as_json, lines=[verdict, *(str(flaw["sentence"]) for flaw in flaws[:20])])
    return 0 if report.ok else 1


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """Say what is wrong with this installation, and what to do about it. Exit status 1 if something is."""
    folder = setting_up.prepare()
    from . import examination

    findings = examination.examine(folder)
    bad = [finding for finding in findings if not finding.good]
    lines = [
        f"{'ok ' if finding.good else 'BAD'}  {finding.what}" + ("" if finding.good else f"\n     {finding.remedy}")
        for finding in findings
    ]
    put({"ok": not bad, "findings": [vars(finding) for finding in findings]}, as_json=as_json, lines=lines)
    return 1 if bad else 0


COMMANDS = {"sweep": sweep, "verify": verify, "doctor": doctor}
