"""Secrets that have to be read again (webhook keys) are kept sealed with a key made from the installation's own."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _


class UnreadableError(RuntimeError):
    """The secret was sealed with a key this installation no longer has."""


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", [])]
    derived = (hashlib.sha256(b"bihuan.notifications.sealing\0" + str(key).encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def seal(secret: str) -> str:
    """Return `secret` encrypted and authenticated."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the secret again. Raises UnreadableError when none of the installation's keys fits."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise UnreadableError(_("the secret key of the installation has changed")) from None
