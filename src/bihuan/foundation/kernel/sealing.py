"""Field encryption: texts that the database, its backups and its administrators never hold in clear (AES-256-GCM).

Keys live outside the database and outside the data folder: in BIHUAN_VAULT_KEYS, or in the file that
BIHUAN_VAULT_KEY_FILE names; each is `id:base64`, several joined by commas or lines. The first one seals, all of them
open, so that a new key can be put before an old one and what is old sealed anew meanwhile.
A sealed text is `1.<key id>.<base64 of nonce and ciphertext>`; it opens only in the place it was sealed for.
"""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors

KEYS, KEY_FILE = "BIHUAN_VAULT_KEYS", "BIHUAN_VAULT_KEY_FILE"
FORM, NONCE, KEY_BYTES = "1", 12, 32
_KEY_ID = re.compile(r"[a-z0-9-]{1,32}")
_FOR_TESTS = "test:" + base64.b64encode(b"test-only key, protects nothing!").decode()


@dataclass(frozen=True, kw_only=True)
class Keyring:
    """The keys at hand. primary: the id of the one that seals."""

    primary: str
    keys: Mapping[str, AESGCM] = field(repr=False)


def new_key() -> str:
    """Return a fresh key as it is written down: `id:base64`."""
    return f"{secrets.token_hex(4)}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def keyring() -> Keyring:
    """Return the keys of this installation. Raises Unavailable: `vault_key_missing`, `vault_key_unsafe`."""
    text = os.environ.get(KEYS, "")
    if not text and (path := os.environ.get(KEY_FILE)):
        text = _of_file(Path(path))
    if not text and settings.MODE == "test":
        text = _FOR_TESTS
    if not text.strip():
        raise missing()
    return _parsed(text)


def missing() -> errors.Unavailable:
    """Return (for raising) that there is no key here: what is sealed can be neither written nor read."""
    return errors.Unavailable(
        _("The vault is locked, because its key is not on this machine. All the rest works."), code="vault_key_missing"
    )


def unknown(name: str) -> errors.Unavailable:
    """Return (for raising) that something was sealed with a key that is not here."""
    return errors.Unavailable(
        _("The vault is locked: the key “%(name)s” is not on this machine.") % {"name": name}, code="vault_key_unknown"
    )


def _of_file(path: Path) -> str:
    try:
        mode, text = path.stat().st_mode, path.read_text()
    except OSError:
        raise missing() from None
    if mode & 0o077 or path.resolve().is_relative_to(Path(settings.DATA_DIR).resolve()):
        raise errors.Unavailable(
            _("The vault is locked: its key file must be private (mode 600) and lie outside the data folder."),
            code="vault_key_unsafe",
        )
    return text


@lru_cache(maxsize=4)
def _parsed(text: str) -> Keyring:
    keys: dict[str, AESGCM] = {}
    for line in re.split(r"[,\s]+", text.strip()):
        name, _colon, secret = line.partition(":")
        try:
            raw = base64.b64decode(secret, validate=True)
        except binascii.Error:
            raw = b""
        if not _KEY_ID.fullmatch(name) or len(raw) != KEY_BYTES or name in keys:
            # Never with the line itself: it is a secret, however badly written.
            raise errors.Unavailable(
                _("The vault is locked: a key is written wrongly; it has to be id:base64 of 32 bytes."),
                code="vault_key_wrong",
            )
        keys[name] = AESGCM(raw)
    return Keyring(primary=next(iter(keys)), keys=keys)


def seal(text: str, *, place: str) -> str:
    """Return `text` sealed under the primary key for one place, for example `vault_clue:<id>:content`."""
    ring, nonce = keyring(), secrets.token_bytes(NONCE)
    box = ring.keys[ring.primary].encrypt(nonce, text.encode(), place.encode())
    return f"{FORM}.{ring.primary}.{base64.b64encode(nonce + box).decode()}"


def unseal(sealed: str, *, place: str) -> str:
    """Return what was sealed for this place. Raises Unavailable: `vault_key_unknown`, `vault_seal_broken`."""
    _form, name, box = sealed.split(".", 2)
    key = keyring().keys.get(name)
    if key is None:
        raise unknown(name)
    raw = base64.b64decode(box)
    try:
        return key.decrypt(raw[:NONCE], raw[NONCE:], place.encode()).decode()
    except InvalidTag:
        raise errors.Unavailable(
            _("What is sealed here was changed or moved; it cannot be opened."), code="vault_seal_broken"
        ) from None
