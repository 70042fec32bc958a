"""How commands speak: one JSON document with `--json`, plain lines otherwise, progress bars on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import orjson

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def put(document: dict[str, Any] | list[Any], *, as_json: bool, lines: list[str] | None = None) -> None:
    """Print `document` as JSON, or `lines` for people."""
    if as_json:
        click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2, default=str).decode())
    else:
        for line in lines or []:
            click.echo(line)


def say_problem(error: Exception) -> bool:
    """Print the sentence of a problem that we know; return False for an error that we do not know."""
    document = problem_of(error)
    if document is None:
        return False
    if "--json" in sys.argv:
        click.echo(orjson.dumps(document, default=str).decode())
    else:
        click.echo(f"{document['code']}: {document['detail']}", err=True)
    return True


def problem_of(error: Exception) -> dict[str, Any] | None:
    """Return {code, detail} of an error that an operator can act on, or None."""
    from bihuan.foundation.postgres import PostgresProblem

    if isinstance(error, PostgresProblem):
        return {"code": error.code, "detail": str(error)}
    if "django" in sys.modules:
        from django.core.exceptions import ImproperlyConfigured
        from django.db import OperationalError

        from bihuan.foundation.kernel.errors import Problem

        if isinstance(error, Problem):
            return error.document()
        if isinstance(error, OperationalError):
            return {
                "code": "database_unreachable",
                "detail": f"The database does not answer: {str(error).splitlines()[0]}",
            }
        if isinstance(error, ImproperlyConfigured):
            return {"code": "settings_wrong", "detail": str(error)}
    if isinstance(error, OSError):
        return {"code": "file_problem", "detail": f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")}
    return None


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal (nothing in a pipe); yields `step(done, total)`."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)
