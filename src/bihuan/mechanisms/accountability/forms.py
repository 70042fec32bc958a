"""What comes in from pages and needs another shape for the services."""

from collections.abc import Mapping
from typing import Any


def self_check(given: Any) -> Mapping[str, Any]:
    """Return the body of a self-check from a form with one text and one fix for each kind that was found."""
    kinds = [name.removeprefix("found-") for name in given if name.startswith("found-")]
    found = [
        {"kind": kind, "text": given.get(f"found-{kind}", ""), "fix": given.get(f"fix-{kind}", "")}
        for kind in kinds
        if given.get(f"found-{kind}", "").strip()
    ]
    return {"entry": given.get("entry", ""), "text": given.get("text", ""), "found": found}
