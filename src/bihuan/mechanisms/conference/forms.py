"""From a page's form to the body of an action: lists are several values, lines, or words divided by spaces."""

from typing import Any

from django.http import QueryDict

LISTS = frozenset({"departments", "boards", "present"})
WORDS = frozenset({"enterprises", "people", "cases"})
FRAME = frozenset({"csrfmiddlewaretoken", "back"})
LINES = frozenset({"measures", "options"})


def body(post: QueryDict) -> dict[str, Any]:
    """Return what was filled in, without empty fields; an instant without offset is of this place."""
    found: dict[str, Any] = {}
    for name in post:
        if name in FRAME:
            continue
        given: Any = post.getlist(name) if name in LISTS else str(post[name]).strip()
        if name in WORDS:
            given = str(given).replace(",", " ").replace("，", " ").split()
        elif name in LINES:
            given = [line.strip() for line in str(given).splitlines() if line.strip()]
        elif name == "starts_at" and given and "+" not in given:
            given = f"{given}+08:00"
        if given not in ("", []):
            found[name] = given
    return found
