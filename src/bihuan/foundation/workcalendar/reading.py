"""Reading an administrator's calendar file into rows with line numbers: csv, json or yaml."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import YAMLError

from bihuan.foundation.kernel import errors

from .rules import Row

LARGEST = 256 * 1024


class _DatesAsWritten(RoundTripConstructor):
    """Leaves dates as text, so that an impossible one is a problem of its row and not of the whole file."""


_DatesAsWritten.add_constructor("tag:yaml.org,2002:timestamp", lambda _constructor, node: node.value)


def read_rows(content: bytes, *, filename: str) -> list[Row]:
    """Return the rows of a csv file (header `date,kind,name`) or of a json or yaml list (or mapping with `days`).

    Raises TooLarge beyond 256 KiB and Invalid (`calendar_file_unreadable`) for a file that cannot be read.
    """
    if len(content) > LARGEST:
        raise errors.TooLarge(_("A calendar file holds at most %(size)d KiB") % {"size": LARGEST // 1024})
    text = decode(content)
    suffix = filename.rpartition(".")[2].lower()
    if suffix == "csv":
        return _rows_of_csv(text)
    if suffix in ("json", "yaml", "yml"):
        return list(_rows_of_yaml(text))
    raise _unreadable(_("Only .csv, .json and .yaml files can be read"))


def _unreadable(detail: str) -> errors.Invalid:
    return errors.Invalid(detail, code="calendar_file_unreadable", field="file")


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8 or GB 18030. Raises Invalid (`calendar_file_unreadable`)."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(_("The file is neither UTF-8 nor GB18030 text"))


def _rows_of_csv(text: str) -> list[Row]:
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        return [Row(reader.line_num, {k: v for k, v in row.items() if k}) for row in reader if any(row.values())]
    except csv.Error as error:
        raise _unreadable(_("The file cannot be read: %(why)s") % {"why": error}) from None


def _rows_of_yaml(text: str) -> Iterator[Row]:
    # JSON is read as YAML too: the same reader tells the line of every row.
    reader = YAML(typ="rt", pure=True)
    reader.Constructor = _DatesAsWritten
    try:
        data = reader.load(text)
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = _("line %(line)d") % {"line": mark.line + 1} if mark else _("the beginning")
        raise _unreadable(_("The file cannot be read from %(where)s on") % {"where": where}) from None
    days: Any = data.get("days") if isinstance(data, Mapping) else data
    if not isinstance(days, CommentedSeq):
        raise _unreadable(_("The file holds no list of days"))
    for place, day in enumerate(days):
        mark = days.lc.item(place)
        yield Row(int(mark[0]) + 1 if mark else place + 1, day if isinstance(day, Mapping) else {"date": day})
