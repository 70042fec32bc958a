"""How facts are written down, hashed, chained and gathered in a tree. Pure: no database, clock, settings.

docs/reference/ledger-format.md says the same for outsiders; `standalone_verify.py` is a second, independent
implementation of the reading half. Change neither without a new FORMAT number: facts are for ever.
"""

import datetime as dt
import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson

FORMAT = 1
ALGORITHMS = ("sm3", "sha256")
LARGEST_INTEGER = 2**53 - 1
"""Beyond this, readers in other languages (JSON numbers as doubles) would see another number."""
DEEPEST = 24
FLAWS_KEPT = 1000


class NotCanonical(ValueError):
    """The content holds something that has no single, exact way of being written down."""


class UnknownAlgorithm(ValueError):
    """A hash carries a tag we do not know, or this Python was built without the algorithm."""


class Sealed(NamedTuple):
    """One row of the ledger as verification reads it; all texts, except `seq`. `at` is written as by `instant`."""

    stream: str
    seq: int
    region: str
    kind: str
    at: str
    actor: str | None
    hash: str
    canonical: str


class Flaw(NamedTuple):
    """One thing that is wrong. `what` is a stable id (`verification.WORDINGS` has a sentence for each)."""

    what: str
    stream: str | None = None
    seq: int | None = None
    detail: str = ""


COLUMNS = ("stream", "seq", "region", "kind", "at", "actor")
"""The fields of the content that the row repeats, in the order of `Sealed`."""


@dataclass(kw_only=True)
class Report:
    """What a verification saw.

    facts, streams, checkpoints: how many were checked. pending: facts not yet covered by any checkpoint.
    flaws: the first FLAWS_KEPT of them; flaw_count: all of them.
    """

    facts: int = 0
    streams: int = 0
    checkpoints: int = 0
    pending: int = 0
    flaw_count: int = 0
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.flaw_count == 0

    def add(self, what: str, stream: str | None = None, seq: int | None = None, detail: str = "") -> None:
        """Note a flaw, keeping memory constant however many there are."""
        self.flaw_count += 1
        if self.flaw_count <= FLAWS_KEPT:
            self.flaws.append(Flaw(what, stream, seq, detail))


def instant(value: dt.datetime) -> str:
    """Return an aware datetime as RFC 3339 in UTC with exactly six decimals and "Z". Raises NotCanonical."""
    if value.tzinfo is None:
        raise NotCanonical("an instant needs an offset")
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _text(value: str) -> str:
    if "\0" in value:
        raise NotCanonical("text with a NUL character")
    return value if value.isascii() else unicodedata.normalize("NFC", value)


@lru_cache(maxsize=4096)  # the same few names come in every fact
def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise NotCanonical(f"a key that is no text: {key!r}")
    text = _text(str.__str__(key))
    # Beyond the basic plane, order by code point and by UTF-16 unit (RFC 8785) part ways.
    if not text.isascii() and max(text) > "\uffff":
        raise NotCanonical(f"a key with a character beyond U+FFFF: {text!r}")
    return text


def _plain(value: Any, depth: int = 0) -> Any:
    """Return `value` made of exact dict, list, str, int, bool and None only, with normalised text."""
    exact = type(value)
    if exact is str:
        return _text(value)
    if value is None or exact is bool:
        return value
    if isinstance(value, int):
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise NotCanonical(f"an integer beyond 2^53: {value}")
        return int(value)
    if depth > DEEPEST:
        raise NotCanonical("nested too deeply")
    if isinstance(value, dict):
        plain = {_key(key): _plain(item, depth + 1) for key, item in value.items()}
        if len(plain) != len(value):
            raise NotCanonical("two keys that are the same text")
        return plain
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, str):  # members of a StrEnum
        return _text(str.__str__(value))
    if isinstance(value, dt.datetime):
        return instant(value)
    if isinstance(value, UUID):
        return str(value)
    raise NotCanonical(f"{exact.__name__} has no canonical form; write it as text or as an integer")


def canonical(content: Any) -> str:
    """Return the one way of writing `content`: JSON in NFC with sorted keys and no spaces (a subset of RFC 8785).

    Accepts dicts with text keys, lists, tuples, text, integers up to 2^53-1, booleans, None, and for convenience
    aware datetimes and UUIDs, which become text. Raises NotCanonical for all else, floats above all.
    """
    try:
        return orjson.dumps(_plain(content), option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError as error:  # lone surrogates
        raise NotCanonical(str(error)) from error


@cache
def _empty(algorithm: str) -> Any:
    if algorithm not in ALGORITHMS:
        raise UnknownAlgorithm(algorithm)
    try:
        return hashlib.new(algorithm)
    except ValueError as error:
        raise UnknownAlgorithm(f"{algorithm} is not available in this Python") from error


def hasher(algorithm: str) -> Any:
    """Return a fresh hash object of `algorithm` (`update`, `digest`, `hexdigest`). Raises UnknownAlgorithm."""
    return _empty(algorithm).copy()  # copying is cheaper than looking the algorithm up again


def available(algorithm: str) -> bool:
    """Return whether this Python can compute `algorithm`."""
    try:
        _empty(algorithm)
    except UnknownAlgorithm:
        return False
    return True


def _raw(algorithm: str, data: bytes) -> bytes:
    running = hasher(algorithm)
    running.update(data)
    return bytes(running.digest())


def digest(algorithm: str, data: bytes) -> str:
    """Return the hash of `data` with its tag, "sm3:<hex>" or "sha256:<hex>". Raises UnknownAlgorithm."""
    running = hasher(algorithm)
    running.update(data)
    return f"{algorithm}:{running.hexdigest()}"


def matches(tagged: str, data: bytes) -> bool:
    """Return whether `tagged` is the hash of `data` under the algorithm that `tagged` names."""
    return digest(tagged.partition(":")[0], data) == tagged


def salted_digest(value: str, *, salt: bytes) -> str:
    """Return what may stand in a fact for a telephone number, a name or an address: "hmac-sha256:<hex>".

    Keep the salt (16 random bytes or more) beside the value itself; deleting both leaves the ledger whole and the
    person forgotten.
    """
    return "hmac-sha256:" + hmac.new(salt, _text(value).encode(), "sha256").hexdigest()


def content(
    *,
    stream: UUID,
    seq: int,
    region: str,
    kind: str,
    at: dt.datetime,
    actor: UUID | None,
    on_behalf_of: str | None,
    from_state: str | None,
    to_state: str | None,
    reason: str | None,
    rulebook: int | str | UUID | None,
    data: dict[str, Any],
) -> dict[str, Any]:
    """Return the content of a fact, everything except the link to the one before (`seal` adds it)."""
    return {
        "v": FORMAT,
        "stream": str(stream),
        "seq": seq,
        "region": region,
        "kind": kind,
        "at": instant(at),
        "actor": None if actor is None else str(actor),
        "on_behalf_of": on_behalf_of,
        "from": from_state,
        "to": to_state,
        "reason": reason,
        "rulebook": rulebook,
        "data": data,
    }


def seal(previous_hash: str, content: Mapping[str, Any], algorithm: str) -> tuple[str, str]:
    """Return (canonical text, tagged hash) of `content` linked to `previous_hash` ("" for a chain's first fact).

    Raises NotCanonical and UnknownAlgorithm.
    """
    text = canonical({**content, "prev": previous_hash or None})
    return text, digest(algorithm, text.encode())


def verify_chain(facts: Iterable[Sealed], report: Report | None = None) -> Report:
    """Check facts that come ordered by (stream, seq); memory does not grow with their number.

    Finds: `altered` (text and hash differ), `unreadable`, `uncanonical`, `columns` (a column differs from the sealed
    text), `gap` (a number is missing), `reordered` (a number comes twice or backwards), `unlinked` (the link to the
    fact before does not hold).
    """
    report = Report() if report is None else report
    current, previous, last = None, None, 0
    for fact in facts:
        stream, seq, region, kind, at, actor, sealed, text = fact
        if stream != current:
            current, previous, last = stream, None, 0
            report.streams += 1
        report.facts += 1
        try:
            data = text.encode()
            if not matches(sealed, data):
                report.add("altered", stream, seq)
            inside = orjson.loads(data)
            stated = (inside["stream"], inside["seq"], inside["region"], inside["kind"], inside["at"], inside["actor"])
            link = inside["prev"]
            if orjson.dumps(inside, option=orjson.OPT_SORT_KEYS) != data:
                report.add("uncanonical", stream, seq)
        except (ValueError, KeyError, TypeError) as error:
            report.add("unreadable", stream, seq, f"{type(error).__name__}: {error}")
            stated, link = fact[:6], previous
        if stated != (stream, seq, region, kind, at, actor):
            report.add("columns", stream, seq)
        if seq != last + 1:
            report.add("gap" if seq > last else "reordered", stream, seq, f"after {last}")
        elif link != previous:
            report.add("unlinked", stream, seq)
        previous, last = sealed, max(seq, last)
    return report


def leaf(stream: str, seq: int, head: str) -> bytes:
    """Return the bytes of a tree's leaf: the head of one chain, as a canonical JSON list."""
    return canonical([stream, seq, head]).encode()


def _levels(leaves: Iterable[bytes], algorithm: str) -> list[list[bytes]]:
    """Return the tree from its leaves up. 0x00 and 0x01 keep leaves and inner nodes apart (RFC 6962)."""
    level = [_raw(algorithm, b"\x00" + item) for item in leaves]
    levels = [level]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [_raw(algorithm, b"\x01" + left + right) for left, right in pairs] + odd
        levels.append(level)
    return levels


def merkle_root(leaves: Sequence[bytes], algorithm: str) -> str:
    """Return the tagged root over `leaves` (the tree of RFC 6962, for any number of leaves)."""
    top = _levels(leaves, algorithm)[-1]
    return f"{algorithm}:{(top[0] if top else _raw(algorithm, b'')).hex()}"


def merkle_proof(leaves: Sequence[bytes], index: int, algorithm: str) -> list[str]:
    """Return the hex siblings from leaf `index` up to the root. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path = []
    for level in _levels(leaves, algorithm)[:-1]:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling].hex())
        index >>= 1
    return path


def verify_proof(item: bytes, *, index: int, size: int, path: Sequence[str], root: str) -> bool:
    """Return whether `path` leads from leaf `item` at `index` of `size` leaves to the tagged `root`."""
    if not 0 <= index < size:
        return False
    algorithm = root.partition(":")[0]
    node, siblings, last = _raw(algorithm, b"\x00" + item), iter(path), size - 1
    try:
        while last:
            if index ^ 1 <= last:
                sibling = bytes.fromhex(next(siblings))
                node = _raw(algorithm, b"\x01" + (sibling + node if index & 1 else node + sibling))
            index, last = index >> 1, last >> 1
    except (StopIteration, ValueError):
        return False
    return next(siblings, None) is None and f"{algorithm}:{node.hex()}" == root


def is_drawn(head: str, share: float) -> bool:
    """Tell whether a thing is drawn for a second look; head: hash of its chain at that moment.

    Nobody can foresee the hash, and everybody can repeat the draw afterwards. share: 1 means all, 0 none (O7).
    """
    ticket = int.from_bytes(hashlib.sha256(head.encode()).digest()[:8], "big") / 2**64
    return ticket < share
