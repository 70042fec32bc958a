"""What comes in by forms, as an action takes it."""

from typing import Any

from django.http import QueryDict

LISTS = ("occurred",)
"""Fields that may come several times."""


def body(posted: QueryDict) -> dict[str, Any]:
    """Return the fields of a form as the body of an action."""
    return {name: posted.getlist(name) if name in LISTS else value for name, value in posted.dict().items()}
