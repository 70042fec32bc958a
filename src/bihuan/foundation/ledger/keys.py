"""The key that signs checkpoints and exports (Ed25519), and the keys whose signatures count."""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

TAG = "ed25519:"


def _path() -> Path:
    return Path(settings.DATA_DIR) / "ledger-key"


def _seed() -> bytes | None:
    try:
        return bytes.fromhex(_path().read_text())
    except FileNotFoundError:
        return None


def _signing_key() -> Ed25519PrivateKey:
    """Return the installation's key, made at first use: 32 bytes in hex, readable by the owner alone."""
    if (seed := _seed()) is None:
        path = _path()
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)  # whole or not at all, and only one of two processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        seed = bytes.fromhex(path.read_text())
    return Ed25519PrivateKey.from_private_bytes(seed)


def _tagged(key: Ed25519PublicKey) -> str:
    return TAG + key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()


def public_key() -> str:
    """Return "ed25519:<hex>", the public key of this installation (made now if there is none yet)."""
    return _tagged(_signing_key().public_key())


def public_pem() -> bytes:
    """Return the public key in PEM, as other tools read it."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return _signing_key().public_key().public_bytes(serialization.Encoding.PEM, form)


def sign(text: str) -> str:
    """Return the signature of `text` (UTF-8) in hex."""
    return _signing_key().sign(text.encode()).hex()


def trusted() -> frozenset[str]:
    """Return the public keys whose signatures count: this installation's, and those named by the environment.

    BIHUAN_LEDGER_TRUSTED_KEYS: "ed25519:<hex>" joined by commas, for keys that were replaced or live elsewhere.
    """
    named = {key.strip() for key in os.environ.get("BIHUAN_LEDGER_TRUSTED_KEYS", "").split(",")} - {""}
    return frozenset(named if _seed() is None else named | {public_key()})


def signed_by(key: str, text: str, signature: str) -> bool:
    """Return whether `signature` (hex) of `text` was made with the public key `key`."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.removeprefix(TAG)))
        public.verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
