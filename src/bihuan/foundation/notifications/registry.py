"""Which notices exist: each key has its wording in both languages and says for whom it is written.

A context registers its notices in `AppConfig.ready()`. A key that nobody registered cannot be sent, and one written for
one side of the table cannot be sent to the other.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel import text
from bihuan.foundation.notifications.rules import Audience

QUIET = frozenset({"email", "wecom", "wechat"})
"""Outside channels that do not disturb: what a notice uses unless it says otherwise."""
URGENT = QUIET | {"sms"}
"""Also by short message: for what cannot wait until somebody looks."""


_MANY = _("%(count)d notices of the same kind")


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Where somebody can be reached."""

    username: str = ""
    email: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One sort of notice.

    key       stable name, `context.event`
    audience  the sides it is written for
    title     lazy sentence, also the text of short messages; placeholders `%(subject)s` and those of the data
    body      lazy text of one or more lines
    many      lazy title when several are folded into one; placeholders `%(count)d`
    path      where it leads inside the product, for example `/cases/%(subject)s`
    channels  outside channels it may also use, besides the inbox
    names     keys of the data whose values are persons' names and are masked
    words     key of the data → its value → the lazy word shown instead
    reach     subject, instant → where somebody without an account is reached (None: no more); asked anew at each
              attempt, so that no address is kept here and one that was erased is not written to
    """

    key: str
    audience: frozenset[Audience]
    title: Any
    body: Any = ""
    many: Any = _MANY
    path: str = ""
    channels: frozenset[str] = QUIET
    names: frozenset[str] = frozenset()
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reach: Callable[[str, dt.datetime], Recipient | None] | None = None


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A notice as its reader sees it."""

    title: str
    body: str
    path: str


class UnknownKindError(LookupError):
    """A notice was to be sent under a key that no context registered."""


class WrongSideError(RuntimeError):
    """A notice written for one side of the table was addressed to the other. Nothing was sent to anybody."""


_kinds: dict[str, Kind] = {}
_event_types: set[str] = set()


def register(*kinds: Kind) -> None:
    """Make notices known. Raises ValueError when a key is taken by another wording."""
    for kind in kinds:
        if not kind.audience:
            raise ValueError(f"the notice {kind.key} is written for nobody")
        if _kinds.setdefault(kind.key, kind) != kind:
            raise ValueError(f"the notice {kind.key} is already registered")


def kind(key: str) -> Kind:
    """Return the notice registered under `key`. Raises UnknownKindError."""
    try:
        return _kinds[key]
    except KeyError:
        raise UnknownKindError(key) from None


def kinds() -> Mapping[str, Kind]:
    """Return all notices by key, for the generated reference and the tests of wordings."""
    return dict(_kinds)


def register_event_types(*names: str) -> None:
    """Make event types known to which webhooks can subscribe, for example `case.accepted`."""
    _event_types.update(names)


def event_types() -> tuple[str, ...]:
    """Return the event types known, in alphabetical order."""
    return tuple(sorted(_event_types))


def render(*, key: str, subject: str, data: Mapping[str, Any], language: str, count: int = 1) -> Rendered:
    """Return the notice in the reader's language. Raises UnknownKindError, KeyError for a placeholder without data."""
    wording = kind(key)
    with translation.override(language):
        shown = {name: _shown(name, value, wording.words.get(name, {})) for name, value in data.items()}
        facts = shown | {"subject": subject, "count": count}
        title = str(wording.title if count == 1 else wording.many) % facts
        body = str(wording.body) % facts if count == 1 else ""
    return Rendered(title=title, body=body, path=wording.path % facts if count == 1 else "")


def _shown(name: str, value: Any, words: Mapping[str, Any]) -> Any:
    """Return a value as people read it: in words, in their language, an instant under a key ending in `_at` local."""
    if text.in_both(value):
        return text.in_language(value, translation.get_language())
    if isinstance(value, list):
        return ", ".join(str(_shown(name, one, words)) for one in value)
    if isinstance(value, str) and value in words:
        return words[value]
    if isinstance(value, str) and name.endswith("_at"):
        try:
            instant = dt.datetime.fromisoformat(value)
        except ValueError:
            return value
        return formats.date_format(timezone.localtime(instant), "DATETIME_FORMAT") if instant.tzinfo else value
    return value


WEBHOOK_STOPPED = Kind(
    key="notifications.webhook_stopped",
    audience=frozenset(Audience),
    title=_("Your webhook to %(subject)s was stopped"),
    body=_("It did not answer for a long time. Mend the receiver, then start the webhook again; nothing is lost."),
)
