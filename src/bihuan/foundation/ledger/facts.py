"""How each kind of fact reads as a sentence: every context registers its own kinds with their wordings."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

_wordings: dict[str, Any] = {}


class UnknownKind(LookupError):
    """A fact of a kind nobody registered: it could never be read, and never be removed."""


def register(wordings: Mapping[str, Any]) -> None:
    """Register kinds of facts: kind → lazy sentence, or a tuple that begins with it.

    The sentence may name `{actor}`, `{on_behalf_of}`, `{from}`, `{to}`, `{reason}`, `{at}` and every key of the
    fact's data. Raises ValueError if the kind already has another sentence.
    """
    for kind, given in wordings.items():
        sentence = given[0] if isinstance(given, tuple) else given
        if _wordings.setdefault(kind, sentence) is not sentence:
            raise ValueError(f"the fact kind {kind} is registered twice")


def check(kind: str) -> None:
    """Raise UnknownKind unless `kind` is registered."""
    if kind not in _wordings:
        raise UnknownKind(kind)


def kinds() -> tuple[str, ...]:
    """Return every registered kind, sorted."""
    return tuple(sorted(_wordings))


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "—"


def _shown(value: Any, names: Mapping[str, Any]) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(_shown(item, names) for item in value)
    if isinstance(value, dict):
        return _(", ").join(f"{_shown(key, names)} {_shown(item, names)}" for key, item in value.items())
    return str(names.get(str(value), value))


def wording(fact_content: Mapping[str, Any], names: Mapping[str, Any]) -> str:
    """Return the sentence of a fact in the active language, as plain text (templates escape it).

    fact_content: the parsed canonical content. names: what to show for ids and codes (person, department, state…);
    what is not in it is shown as it stands. Without an actor, `on_behalf_of` is looked up in it. Raises UnknownKind.
    """
    check(fact_content["kind"])
    values = _Values({key: _shown(value, names) for key, value in fact_content.items() if key != "data"})
    if fact_content.get("actor") is None:
        values["actor"] = str(names.get(fact_content.get("on_behalf_of") or "") or _("The system"))
    values |= {key: _shown(value, names) for key, value in fact_content.get("data", {}).items()}
    return str(_wordings[fact_content["kind"]]).format_map(values)


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
