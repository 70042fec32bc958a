"""YAML to plain values, keeping the line and column of everything.

Only the safe core of YAML 1.2 is read: maps, lists, text, numbers, true/false, null. Anchors, aliases, tags and
several documents are refused, so a small file can never grow into a large one.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml import events as yaml_events
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from bihuan.foundation.kernel.text import clean_text
from bihuan.foundation.rulebooks.flaws import Flaw, Flawed, Path, dotted

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_ITEMS = 20_000

_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")


@dataclass
class Parsed:
    """The plain values of a file and where each stands: path → (line, column), both from 1."""

    source: str
    values: dict[str, Any]
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def flaw(self, path: Path, message: str) -> Flaw:
        """Return a flaw at `path`, or at the nearest thing around it that the file contains."""
        known = path
        while known and known not in self.places:
            known = known[:-1]
        line, column = self.places.get(known, (0, 0))
        return Flaw(source=self.source, line=line, column=column, field=dotted(path, self.values), message=message)


def parse(text: str | bytes, *, source: str) -> Parsed:
    """Read a rulebook. Raises Flawed for whatever is not one map in safe YAML of at most 256 KB and 20 levels."""
    content = _decode(text, source)
    reader = _Reader(source, _events(content, source))
    parsed = Parsed(source=source, values={}, places=reader.places)
    value = reader.document()
    if value is None:
        return parsed
    if not isinstance(value, dict):
        reader.complain((), _("a rulebook is a map of keys; for example: %(example)s") % {"example": "name: Anywhere"})
    else:
        parsed.values = value
    if reader.flaws:
        raise Flawed(reader.flaws)
    return parsed


def _whole(source: str, message: str, line: int = 0, column: int = 0) -> Flawed:
    return Flawed([Flaw(source=source, line=line, column=column, field="", message=message)])


def _decode(text: str | bytes, source: str) -> str:
    try:
        raw = text.encode() if isinstance(text, str) else text
        content = raw.decode("utf-8-sig")
    except UnicodeError:
        raise _whole(source, _("the file is not UTF-8 text; save it as UTF-8")) from None
    if len(raw) > MAX_BYTES:
        limit = {"limit": MAX_BYTES // 1024, "size": len(raw) // 1024 + 1}
        raise _whole(source, _("the file is too large: %(size)d KB, at most %(limit)d KB") % limit)
    if _hidden(content):
        number = next(number for number, line in enumerate(content.split("\n"), 1) if _hidden(line))
        raise _whole(source, _("this line has invisible or control characters; delete them"), number, 1)
    return content


def _hidden(text: str) -> bool:
    """Whether `text` contains what a reader cannot see (spaces and line ends aside) or what no database can store."""
    return any("\ud800" <= one <= "\udfff" or len(clean_text(f"1{one}1")) < 3 for one in set(text))


def _events(content: str, source: str) -> Iterator[Any]:
    """Yield the YAML events; turn every syntax error into a flaw with its line."""
    try:
        yield from YAML(typ="safe", pure=True).parse(content)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem = str(error.problem or error.context or "")
        if "'\\t'" in problem:
            problem = _("a tab; indent with spaces")
        raise _whole(
            source, _("this is not readable as YAML: %(problem)s") % {"problem": problem}, line, column
        ) from None
    except ReaderError as error:
        line = content.count("\n", 0, error.position) + 1
        raise _whole(source, _("this line has invisible or control characters; delete them"), line, 1) from None
    except (YAMLError, ValueError, RecursionError) as error:
        why = {"problem": str(error).splitlines()[0][:200]}
        raise _whole(source, _("this is not readable as YAML: %(problem)s") % why) from None


class _Reader:
    """Builds plain values from YAML events, noting places and flaws on the way."""

    def __init__(self, source: str, events: Iterator[Any]) -> None:
        self.source = source
        self.events = events
        self.places: dict[Path, tuple[int, int]] = {}
        self.flaws: list[Flaw] = []
        self.items = 0

    def complain(self, path: Path, message: str, event: Any = None) -> None:
        line, column = self._place(event) if event is not None else (1, 1)
        self.flaws.append(Flaw(source=self.source, line=line, column=column, field=dotted(path, None), message=message))

    def document(self) -> Any:
        """Return the value of the only document; None for an empty file."""
        value = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml_events.DocumentStartEvent):
                documents += 1
                if event.version not in (None, (1, 2)):
                    self._refuse(event, _("only YAML 1.2 is read; delete the first line"))
                if documents > 1:
                    self._refuse(event, _("a rulebook is one document; delete the line ---"))
            elif isinstance(event, yaml_events.NodeEvent):
                value = self._node(event, ())
        return value

    @staticmethod
    def _place(event: Any) -> tuple[int, int]:
        return event.start_mark.line + 1, event.start_mark.column + 1

    def _refuse(self, event: Any, message: str) -> None:
        raise _whole(self.source, message, *self._place(event))

    def _node(self, event: Any, path: Path) -> Any:
        self.items += 1
        if self.items > MAX_ITEMS:
            self._refuse(event, _("too many items; at most %(limit)d") % {"limit": MAX_ITEMS})
        if len(path) > MAX_DEPTH:
            self._refuse(event, _("nested too deeply; at most %(limit)d levels") % {"limit": MAX_DEPTH})
        if event.anchor is not None:
            self._refuse(event, _("anchors and aliases (& and *) are not allowed; write the values out"))
        if event.tag is not None:
            self._refuse(event, _("tags (!) are not allowed; delete it"))
        self.places.setdefault(path, self._place(event))
        if isinstance(event, yaml_events.MappingStartEvent):
            return self._map(path)
        if isinstance(event, yaml_events.SequenceStartEvent):
            return self._list(path)
        return self._scalar(event, path)

    def _map(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml_events.MappingEndEvent):
                break
            if not isinstance(event, yaml_events.ScalarEvent):
                self._refuse(event, _("a key is a plain word"))
            self._node(event, (*path, "?"))
            self.places.pop((*path, "?"), None)
            key = event.value
            if key in found:
                first = self.places[*path, key][0]
                self.complain(
                    (*path, key), _("this key is already on line %(line)d; keep one of them") % {"line": first}, event
                )
                self._node(next(self.events), (*path, f"{key} (again)"))
                continue
            # The place of an entry is its key, so that a wrong key and a wrong value show the same line.
            self.places[*path, key] = self._place(event)
            found[key] = self._node(next(self.events), (*path, key))
        return found

    def _list(self, path: Path) -> list[Any]:
        found: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml_events.SequenceEndEvent):
                break
            found.append(self._node(event, (*path, len(found))))
        return found

    def _scalar(self, event: Any, path: Path) -> Any:
        text: str = event.value
        if _hidden(text):
            self.complain(path, _("this line has invisible or control characters; delete them"), event)
            return ""
        return text if event.style else plain(text)


def plain(text: str) -> Any:
    """Return the value of an unquoted scalar by the core schema of YAML 1.2; what is no number is text."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
