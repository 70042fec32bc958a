"""Changing a rulebook's text from a form: what somebody wrote around a value (comments, order, quotes) stays."""

import io
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bihuan.foundation.kernel import errors
from bihuan.foundation.rulebooks import loader, outline, parsing, rules
from bihuan.foundation.rulebooks.flaws import Path

_WIDE = 4096


def fill_in(text: str, wanted: Mapping[str, Any]) -> str:
    """Return `text` with every value of `wanted` (path → text, or list of texts) that is not what it says already.

    An empty value takes the place's own statement away, so that the default holds again. Paths that no form has are
    left out. Raises flaws.Flawed where the text cannot be read.
    """
    known = {field.path: field for field in outline.fields(outline.of(text))}
    changes = {
        path: _value(known[path], value)
        for path, value in wanted.items()
        if path in known and _differs(known[path], value)
    }
    return _changed(text, changes) if changes else text


def add_row(text: str, path: str) -> str:
    """Return `text` with one more item in the list at `path`: a copy of its last one under another id.

    Raises flaws.Flawed, errors.Invalid (`rulebook_list_unknown`).
    """
    return _with_list(text, path, lambda rows: rows.append(_another(rows)))


def drop_row(text: str, path: str) -> str:
    """Return `text` without the list item at `path`. Raises flaws.Flawed, errors.Invalid (`rulebook_list_unknown`)."""
    above, _dot, place = path.rpartition(".")
    if not place.isdigit():
        raise _no_list()
    return _with_list(text, above, lambda rows: rows.pop(int(place)) if int(place) < len(rows) else None)


def forget(text: str, section: str) -> str:
    """Return `text` without the whole section, so that the default holds again. Raises flaws.Flawed."""
    if section not in parsing.parse(text, source="rulebook").values:
        return text
    return _changed(text, {section: None})


def _no_list() -> errors.Invalid:
    return errors.Invalid(_("There is no such list in a rulebook."), code="rulebook_list_unknown")


def _differs(field: outline.Field, value: Any) -> bool:
    if field.kind == "choices":
        return sorted(value if isinstance(value, list) else [value]) != sorted(field.value)
    return str(value).strip() != str(field.value)


def _value(field: outline.Field, value: Any) -> Any:
    if field.kind == "choices":
        return _flow_list(list(value))
    text = str(value).strip()
    if field.kind == "list":
        return _flow_list([parsing.plain(one.strip()) for one in text.split(",") if one.strip()])
    if not text:
        return None
    return text if field.literal else parsing.plain(text)


def _another(rows: Any) -> Any:
    last = _copied(rows[-1]) if len(rows) else CommentedMap()
    for key in ("id", "code"):
        if isinstance(last, dict) and key in last:
            taken = {row.get(key) for row in rows if isinstance(row, dict)}
            last[key] = next(name for number in range(2, 1000) if (name := f"{last[key]}_{number}") not in taken)
    return last


def _with_list(text: str, path: str, change: Any) -> str:
    steps = outline.steps(path)
    own = parsing.parse(text, source="rulebook").values
    value: Any = rules.merge(loader.default_values(), own)
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    if not isinstance(value, list):
        raise _no_list()
    return _edited(text, lambda document: change(_stated_list(document, steps, own)))


def _changed(text: str, changes: Mapping[str, Any]) -> str:
    own = parsing.parse(text, source="rulebook").values

    def change(document: Any) -> None:
        for path, value in changes.items():
            _put(document, outline.steps(path), value, own)

    return _edited(text, change)


def _edited(text: str, change: Any) -> str:
    """Return `text` after `change` worked on its round-trip form."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(text)
    # A file without any value keeps its comments before the first one.
    before, document = ("", document) if isinstance(document, CommentedMap) else (text.rstrip(), CommentedMap())
    change(document)
    if not document:
        # Nothing is stated any more, but what somebody wrote about it stays.
        return "".join(f"{line}\n" for line in text.splitlines() if line.lstrip().startswith("#"))
    out = io.StringIO()
    yaml.dump(document, out)
    return f"{before}\n{out.getvalue()}" if before else out.getvalue()


def _put(document: Any, steps: Path, value: Any, own: Mapping[str, Any]) -> None:
    """Set the value at `steps`, or take it away (None); on the way what only the default has is written out."""
    holder: Any = document
    for place, step in enumerate(steps[:-1]):
        if isinstance(steps[place + 1], int):
            holder = _stated_list(document, steps[: place + 1], own)
            continue
        if isinstance(step, str) and not isinstance(holder.get(step), dict):
            if value is None:
                return
            holder[step] = CommentedMap()
        holder = holder[step]
    last = steps[-1]
    if value is not None:
        holder[last] = value
    elif isinstance(holder, dict):
        holder.pop(last, None)
        _drop_empty(document, steps[:-1])


def _drop_empty(document: Any, steps: Path) -> None:
    """Take away the groups on the way to `steps` that hold nothing any more."""
    for end in range(len(steps), 0, -1):
        holder = document
        for step in steps[: end - 1]:
            holder = holder[step]
        if holder[steps[end - 1]] or isinstance(holder, list):
            return
        del holder[steps[end - 1]]


def _stated_list(document: Any, steps: Path, own: Mapping[str, Any]) -> Any:
    """Return the list at `steps` in the document; one that only the default has is copied into it first."""
    merged: Any = rules.merge(loader.default_values(), own)
    holder = document
    for step in steps[:-1]:
        merged = merged[step]
        if isinstance(holder, dict) and not isinstance(holder.get(step), dict | list):
            holder[step] = CommentedMap()
        holder = holder[step]
    last = steps[-1]
    if isinstance(holder, list) or isinstance(holder.get(last), list):
        return holder[last]
    holder[last] = _copied(merged[last])
    return holder[last]


def _copied(value: Any) -> Any:
    """Return plain values ready to be written: lists over several lines, what is inside them on one line each."""
    if isinstance(value, Mapping):
        made = CommentedMap((key, _copied(one)) for key, one in value.items())
        made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        if not any(isinstance(one, Mapping) for one in value):
            return _flow_list(list(value))
        return CommentedSeq([_copied(one) for one in value])
    return value


def _flow_list(values: list[Any]) -> CommentedSeq:
    made = CommentedSeq(values)
    made.fa.set_flow_style()
    return made
