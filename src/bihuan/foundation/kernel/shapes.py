"""Turns what pydantic found wrong with an input into one problem in plain words, naming every field concerned."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.foundation.kernel import errors

_SENTENCES: dict[str, Any] = {
    "missing": gettext_lazy("is missing"),
    "extra_forbidden": gettext_lazy("is not known here"),
    "string_type": gettext_lazy("text is needed"),
    "string_too_short": gettext_lazy("needs at least %(min_length)s characters"),
    "string_too_long": gettext_lazy("may have at most %(max_length)s characters"),
    "string_pattern_mismatch": gettext_lazy("does not have the right form"),
    "literal_error": gettext_lazy("has to be one of: %(expected)s"),
    "enum": gettext_lazy("has to be one of: %(expected)s"),
    "bool_type": gettext_lazy("true or false is needed"),
    "bool_parsing": gettext_lazy("true or false is needed"),
    "int_type": gettext_lazy("a whole number is needed"),
    "int_parsing": gettext_lazy("a whole number is needed"),
    "int_parsing_size": gettext_lazy("a whole number is needed"),
    "int_from_float": gettext_lazy("a whole number is needed"),
    "float_type": gettext_lazy("a number is needed"),
    "float_parsing": gettext_lazy("a number is needed"),
    "greater_than": gettext_lazy("must be more than %(gt)s"),
    "greater_than_equal": gettext_lazy("must be at least %(ge)s"),
    "less_than": gettext_lazy("must be less than %(lt)s"),
    "less_than_equal": gettext_lazy("must be at most %(le)s"),
    "too_short": gettext_lazy("needs at least %(min_length)s items"),
    "too_long": gettext_lazy("may have at most %(max_length)s items"),
    "list_type": gettext_lazy("a list is needed here"),
    "tuple_type": gettext_lazy("a list is needed here"),
    "dict_type": gettext_lazy("an object is needed here"),
    "model_type": gettext_lazy("an object is needed here"),
    "model_attributes_type": gettext_lazy("an object is needed here"),
    "timezone_aware": gettext_lazy("an instant needs an offset, for example 2026-11-20T09:00:00+08:00"),
    "uuid_parsing": gettext_lazy("does not have the right form"),
    "uuid_type": gettext_lazy("does not have the right form"),
}
_INSTANT = gettext_lazy("a date or an instant in ISO 8601 is needed, for example 2026-11-20T09:00:00+08:00")

_BRANCH = re.compile(r"str|int|float|bool|date|datetime|[A-Z]\w*|[\w-]+\[.*")
"""In a location: which branch of “either … or …” pydantic tried. It says nothing to the caller."""


def invalid(found: Iterable[Mapping[str, Any]], *, skip: int = 0, code: str = "invalid_body") -> errors.Invalid:
    """Return (for raising) the problem made of pydantic's error list: the first sentence, its field, and all of them.

    skip: how many leading parts of each location say nothing to the caller (where the input came from).
    """
    flaws: list[dict[str, str]] = []
    for item in found:
        path = [str(part) for part in item["loc"][skip:] if not _BRANCH.fullmatch(str(part))]
        flaw = {"field": ".".join(path) or "body", "message": _sentence(item)}
        if flaw not in flaws:
            flaws.append(flaw)
    return errors.Invalid(_("%(field)s: %(message)s") % flaws[0], code=code, field=flaws[0]["field"], errors=flaws)


def _sentence(item: Mapping[str, Any]) -> str:
    kind, context = item["type"], item.get("ctx") or {}
    if kind in _SENTENCES:
        return str(_SENTENCES[kind]) % context
    if kind.startswith(("date", "time")):
        return str(_INSTANT)
    if kind == "value_error":
        # Our own validators raise ValueError with a sentence; pydantic puts “Value error, ” before it.
        return str(item["msg"]).removeprefix("Value error, ")
    return str(item["msg"])
