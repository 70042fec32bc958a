"""`bihuan scoreboard …`: prove the sums behind the scoreboard, or count everything anew."""

import click

from . import setting_up
from .output import json_option, progress, put


@click.group()
def scoreboard() -> None:
    """Sums of the scoreboard."""


@scoreboard.command()
@json_option
def check(as_json: bool) -> int:
    """Compare all sums with a recount of every matter. Exit status 1 where they differ."""
    setting_up.prepare()
    from bihuan.analytics.scoreboard import services
    from bihuan.foundation.kernel import clock

    with progress("check") as step:
        report = services.check(now=clock.now(), progress=step)
    document = {
        "ok": report.ok,
        "cases": report.cases,
        "matters": list(report.matters),
        "cells": list(report.cells),
    }
    verdict = f"OK: the sums are what a recount of {report.cases} matters gives."
    if not report.ok:
        verdict = (
            f"DIFFERENT: {len(report.matters)} matters, {len(report.cells)} sums; see `bihuan scoreboard rebuild`."
        )
    put(document, as_json=as_json, lines=[verdict, *report.matters[:20], *report.cells[:20]])
    return 0 if report.ok else 1


@scoreboard.command()
@json_option
def rebuild(as_json: bool) -> None:
    """Throw all sums away and count every matter anew: after an upgrade, or when `check` found a difference."""
    setting_up.prepare()
    from bihuan.analytics.scoreboard import services
    from bihuan.foundation.kernel import clock

    with progress("rebuild") as step:
        done = services.rebuild(now=clock.now(), progress=step)
    put({"cases": done}, as_json=as_json, lines=[f"{done} matters counted anew."])


COMMANDS = {"scoreboard": scoreboard}
