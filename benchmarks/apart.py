"""Measurements in a process and a database of their own: how they are started, and what they print."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import django

from benchmarks.installation import Installation, scratch
from benchmarks.report import Section


def ask(house: Installation, module: str, most: int) -> list[dict[str, Any]]:
    """Run `python -m module --json` with a size in an empty database, and return the values it printed."""
    with scratch(house) as url:
        command = [sys.executable, "-m", module, "--json", "--most", str(most)]
        environment = {**os.environ, "BIHUAN_DATABASE_URL": url}
        answer = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    values: list[dict[str, Any]] = json.loads(answer.splitlines()[-1])
    return values


def main(run: Callable[[int], Sequence[Any]], section: Callable[[Any], Section], *, most: int) -> None:
    """Print the report of such a module, or with --json the bare values. most: the usual size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=most)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    found = run(options.most)
    if options.json:
        print(json.dumps([asdict(one) for one in found]))
        return
    part = section(found)
    print("\n".join(part.lines))
    for target in part.targets:
        print(f"{target.name}: {target.measured} ({target.limit})")
