"""Taking over a foreign register from a file: checked row by row, written in batches, safe to run again."""

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.cases.services import importing as cases
from bihuan.foundation.kernel import errors

from .. import rules
from . import reading

BATCH, BATCH_CHARACTERS = 500, 8_000_000
"""Rows go in by the batch: so many at most, and so much text, which bounds memory whatever the file holds."""


@dataclass(frozen=True, kw_only=True)
class RowError:
    """Why a row was refused: its number as a spreadsheet counts (of JSON the line), field, stable code and sentence."""

    row: int
    field: str
    code: str
    message: str


@dataclass(kw_only=True)
class Import:
    """What an import did. rows = imported + known + refused."""

    rows: int = 0
    imported: int = 0
    known: int = 0
    refused: int = 0
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, row: int, field_: str, code: str, message: str) -> None:
        """Note a refused row; the first ten thousand errors are kept."""
        self.refused += 1
        if len(self.errors) < 10_000:
            self.errors.append(RowError(row=row, field=field_, code=code, message=message))

    def write_errors(self, path: Path) -> None:
        """Write the errors as CSV: row, field, code, message."""
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["row", "field", "code", "message"])
            writer.writerows([error.row, error.field, error.code, error.message] for error in self.errors)


def import_file(
    *,
    path: Path,
    now: dt.datetime,
    mapping: Path | None = None,
    dry_run: bool = False,
    actor: Actor = THE_SYSTEM,
    progress: Callable[[int, int], None] | None = None,
) -> Import:
    """Take over the matters in `path`. Rows in the register already (same source and source id) are left as they are,
    so an import that was broken off is simply run again. Raises Invalid when the file or the mapping is wrong.
    """
    chosen = read_mapping(mapping)
    if not chosen.source:
        chosen = chosen.model_copy(update={"source": path.stem[:40]})
    headings, lines, total = reading.read(path)
    try:
        columns = rules.resolve(chosen, headings)
    except rules.RowWrong as error:
        raise errors.Invalid(_SENTENCES[error.code] % {"name": error.field}, code=error.code, field="map") from error
    result = Import()
    for batch in _batches(lines):
        _take(batch, columns, chosen, result, actor=actor, now=now, dry_run=dry_run)
        if progress:
            progress(result.rows, max(total, result.rows))
    return result


_SENTENCES = {
    "column_missing": _("The mapping names the column “%(name)s”, which the file does not have."),
    "column_twice": _("The column “%(name)s” is there twice; rename one of them."),
    "column_needed": _("No column gives “%(name)s”; say in a mapping where it comes from."),
    "instant_wrong": _("This is no date or time we can read."),
    "value_wrong": _("A text is needed here."),
    "required": _("This is missing."),
    "too_many_cells": _("The row has more cells than there are headings."),
    "not_json": _("The line is not a JSON object."),
}


def read_mapping(path: Path | None) -> rules.ColumnMap:
    """Return the mapping of a YAML file (an empty one without a file). Raises Invalid `map_wrong`."""
    if path is None:
        return rules.ColumnMap()
    try:
        return rules.ColumnMap.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {})
    except (YAMLError, UnicodeDecodeError, ValidationError) as error:
        detail = error.errors()[0] if isinstance(error, ValidationError) else str(error)
        sentence = f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" if isinstance(detail, dict) else detail
        raise errors.Invalid(
            _("The mapping is wrong: %(why)s") % {"why": sentence}, code="map_wrong", field="map"
        ) from error


def _batches(lines: Iterator[reading.Line]) -> Iterator[list[reading.Line]]:
    batch: list[reading.Line] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += sum(len(cell) for cell in line[1].values() if isinstance(cell, str))
        if len(batch) >= BATCH or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _take(
    batch: list[reading.Line],
    columns: dict[str, list[str]],
    mapping: rules.ColumnMap,
    result: Import,
    *,
    actor: Actor,
    now: dt.datetime,
    dry_run: bool,
) -> None:
    numbers: list[int] = []
    matters: list[cases.Past] = []
    for number, row, flaw in batch:
        result.rows += 1
        try:
            if flaw:
                raise rules.RowWrong("", flaw)
            matters.append(_past(rules.translate(row, columns, mapping), mapping))
            numbers.append(number)
        except rules.RowWrong as error:
            result.refuse(number, error.field, error.code, str(_SENTENCES[error.code]))
    done = cases.import_past(matters=matters, actor=actor, now=now, dry_run=dry_run)
    for number, taken in zip(numbers, done, strict=True):
        if taken.problem is not None:
            result.refuse(number, taken.problem.field or "", taken.problem.code, str(taken.problem.detail))
        elif taken.known:
            result.known += 1
        else:
            result.imported += 1


def _past(values: dict[str, Any], mapping: rules.ColumnMap) -> cases.Past:
    """Return the matter of a row, or raise RowWrong for what every matter needs."""
    for name in rules.NEEDED:
        if not values.get(name):
            raise rules.RowWrong(name, "required")
    return cases.Past(**{"title": "", "description": "", "source": mapping.source, **values})
