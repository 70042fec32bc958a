"""How each kind of fact reads as a sentence: every context registers its own kinds with their wordings."""

import contextlib
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import text

Words = Mapping[str, Mapping[str, Any]]
_wordings: dict[str, Any] = {}
_words: dict[str, Words] = {}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class UnknownKind(LookupError):
    """A fact of a kind nobody registered: it could never be read, and never be removed."""


def register(wordings: Mapping[str, Any], *, words: Words | None = None) -> None:
    """Register kinds of facts: kind → lazy sentence, or a tuple that begins with it.

    The sentence may name `{actor}`, `{on_behalf_of}`, `{from}`, `{to}`, `{reason}`, `{at}` and every key of the
    fact's data. words: key of the data of these kinds → its codes → the lazy word shown instead.
    Raises ValueError if the kind already has another sentence.
    """
    for kind, given in wordings.items():
        sentence = given[0] if isinstance(given, tuple) else given
        if _wordings.setdefault(kind, sentence) is not sentence:
            raise ValueError(f"the fact kind {kind} is registered twice")
        _words[kind] = words or {}


def check(kind: str) -> None:
    """Raise UnknownKind unless `kind` is registered."""
    if kind not in _wordings:
        raise UnknownKind(kind)


def kinds() -> tuple[str, ...]:
    """Return every registered kind, sorted."""
    return tuple(sorted(_wordings))


class _Values(dict[str, str]):
    """What a sentence may name; a value is put into words only when the sentence asks for it."""

    def __init__(self, content: Mapping[str, Any], names: Mapping[str, Any]) -> None:
        super().__init__()
        self._given: dict[str, Any] = {**content, **content.get("data", {})}
        self._names = names
        self._words = _words.get(content["kind"], {})

    def __missing__(self, key: str) -> str:
        # A code may be several things: what this kind of fact calls it goes before what the page does.
        return _shown(self._given.get(key), {**self._names, **self._words.get(key, {})})


def _shown(value: Any, names: Mapping[str, Any]) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(_shown(item, names) for item in value)
    if text.in_both(value):
        return text.in_language(value, get_language() or settings.LANGUAGE_CODE)
    if isinstance(value, dict):
        return _(", ").join(f"{_shown(key, names)} {_shown(item, names)}" for key, item in value.items())
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return date_format(localtime(dt.datetime.fromisoformat(value)), "DATETIME_FORMAT")
    if isinstance(value, str) and _DAY.fullmatch(value):
        with contextlib.suppress(ValueError):  # what only looks like a day stands as it is
            return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
    return str(names.get(str(value), value))


def wording(fact_content: Mapping[str, Any], names: Mapping[str, Any]) -> str:
    """Return the sentence of a fact in the active language, as plain text (templates escape it).

    fact_content: the parsed canonical content. names: what to show for ids and codes (person, department, state…);
    what is not in it is shown as it stands. Without an actor, `on_behalf_of` is looked up in it. Raises UnknownKind.
    """
    check(fact_content["kind"])
    values = _Values(fact_content, names)
    if fact_content.get("actor") is None and "actor" not in fact_content.get("data", {}):
        values["actor"] = str(names.get(fact_content.get("on_behalf_of") or "") or _("The system"))
    return str(_wordings[fact_content["kind"]]).format_map(values)


def unworded_codes(keys: Iterable[str]) -> list[str]:
    """Return `kind.key` where a sentence names one of these keys, which hold codes, and no words say what they mean."""
    return sorted(
        f"{kind}.{key}"
        for kind, sentence in _wordings.items()
        for key in keys
        if f"{{{key}}}" in str(sentence) and not _words.get(kind, {}).get(key)
    )


def unworded_kinds(languages: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Return language → kinds that have no sentence in it (for the architecture test: all lists must be empty).

    A sentence is missing if it is empty or, in another language than English, still the English one.
    """
    with override("en"):
        english = {kind: str(sentence) for kind, sentence in _wordings.items()}
    missing = {}
    for language in languages or [code for code, _name in settings.LANGUAGES]:
        with override(language):
            shown = {kind: str(sentence).strip() for kind, sentence in _wordings.items()}
        foreign = not language.startswith("en")
        missing[language] = sorted(k for k, text in shown.items() if not text or (foreign and text == english[k]))
    return missing
