"""From a page's form to the body of an action: numbers of cases are words divided by spaces or commas."""

from typing import Any

from django.http import QueryDict

WORDS = frozenset({"cases"})
FRAME = frozenset({"csrfmiddlewaretoken"})


def body(post: QueryDict) -> dict[str, Any]:
    """Return what was filled in, without empty fields."""
    found: dict[str, Any] = {}
    for name in post:
        given: Any = str(post[name]).strip()
        if name in WORDS:
            given = given.replace(",", " ").replace("，", " ").replace("、", " ").split()
        if given and name not in FRAME:
            found[name] = given
    return found
