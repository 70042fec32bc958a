"""Pure decisions about rulebooks: merging, comparing, and which region's rulebook counts."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

NATIONAL = "000000"
"""Region code of the packaged default rulebook: it is in force wherever no nearer one is."""

Change = tuple[str, Any, Any]


def merge(base: Mapping[str, Any], place: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` overlaid with `place`.

    Maps are merged key by key at every depth; anything else (lists too) is replaced as a whole, so a place that
    lists three lights has exactly three. A null in `place` replaces the value by null.
    """
    merged = dict(base)
    for key, value in place.items():
        before = merged.get(key)
        merged[key] = merge(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return merged


def fingerprint(merged: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of the merged content in canonical form; comments and order do not count."""
    return hashlib.sha256(_canonical(merged).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return (dotted path, before, after) for every leaf that differs, in path order; None stands for "not there".

    Lists whose items all carry an `id` or `code` are compared item by item under that name, other lists as a whole.
    """
    return sorted(_differences("", before, after), key=lambda change: change[0])


def _differences(path: str, before: Any, after: Any) -> list[Change]:
    left, right = _named(before), _named(after)
    if left is not None and right is not None:
        found: list[Change] = []
        for key in left.keys() | right.keys():
            inner = f"{path}.{key}" if path else str(key)
            if (key in left) != (key in right):
                found.append((inner, left.get(key), right.get(key)))
            else:
                found += _differences(inner, left[key], right[key])
        if not found and list(left) != list(right) and isinstance(before, list):
            found.append((path, list(left), list(right)))
        return found
    return [] if _canonical(before) == _canonical(after) else [(path, before, after)]


def _named(value: Any) -> dict[str, Any] | None:
    """Return `value` as a map, where it is one or is a list of maps that name themselves; else None."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        names = [item.get("id") or item.get("code") for item in value]
        if all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
            return dict(zip(names, value, strict=True))
    return None


def lineage(region: str) -> tuple[str, ...]:
    """Return the regions whose rulebook may count in `region`, nearest first, ending with NATIONAL.

    GB/T 2260 carries the hierarchy in the code: 330114001 (town) → 330114 (county) → 330100 → 330000.
    """
    codes = [region, region[:6], region[:4] + "00", region[:2] + "0000", NATIONAL]
    return tuple(dict.fromkeys(code for code in codes if code))
