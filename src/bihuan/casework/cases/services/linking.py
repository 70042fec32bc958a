"""Signed links for printed codes: a link says through which channel and at which place a matter comes in."""

import secrets
from dataclasses import dataclass

import orjson
from django.core import signing
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors

SALT = "bihuan.intake.link"


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a printed code carries. ident names the link itself, so that one can be recalled without the others."""

    channel: str
    region: str
    place: str
    ident: str


def sign_link(*, channel: str, region: str, place: str) -> str:
    """Return the signed text of a new link; whether somebody may have it is the caller's question."""
    said = [channel, region, place, secrets.token_urlsafe(6)]
    return signing.dumps(said, salt=SALT, serializer=_Compact)


def read_link(*, text: str) -> Link:
    """Return what a link says. Raises NotFound `link_wrong` when it was changed, cut short, or not made here."""
    try:
        channel, region, place, ident = signing.loads(text, salt=SALT, serializer=_Compact)
    except (signing.BadSignature, ValueError) as error:
        raise errors.NotFound(
            _("This code is damaged, or it was not made here. You can raise your matter without it."), code="link_wrong"
        ) from error
    return Link(channel=channel, region=region, place=place, ident=ident)


class _Compact:
    """JSON in UTF-8: Chinese places stay short, and the code on paper coarse."""

    def dumps(self, obj: list[str]) -> bytes:
        return orjson.dumps(obj)

    def loads(self, data: bytes) -> list[str]:
        loaded: list[str] = orjson.loads(data)
        return loaded
