"""Signed links for printed codes: a link says through which channel and at which place a matter comes in."""

import datetime as dt
import secrets
from dataclasses import dataclass

import orjson
from django.core import signing
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Channels
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.kernel.text import clean_line
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, wording

SALT = "bihuan.intake.link"
PLACE_MAX = 60


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a printed code carries. ident names the link itself, so that one can be recalled without the others."""

    channel: str
    region: str
    place: str
    ident: str


def issue_link(*, channel: str, region: str, place: str, actor: Actor, now: dt.datetime) -> str:
    """Return the signed text of a new link.

    Raises Invalid (channel: none that codes are printed for, or not public there; region; place) and Forbidden.
    """
    directory.region_in_force(region, answers.local_date(now))
    permissions.check_issue_link(actor.reader, region)
    known = rulebooks.in_force(region, now).section(Channels).find(channel)
    if channel not in wording.SHEETS or known is None or not known.public:
        raise errors.Invalid(_("No codes are printed for this channel here."), code="link_channel", field="channel")
    place = clean_line(place)
    if not place or len(place) > PLACE_MAX:
        raise errors.Invalid(
            _("Say where the code will hang, in at most %(most)d characters.") % {"most": PLACE_MAX},
            code="link_place",
            field="place",
        )
    link = Link(channel=channel, region=region, place=place, ident=secrets.token_urlsafe(6))
    return signing.dumps([link.channel, link.region, link.place, link.ident], salt=SALT, serializer=_Compact)


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
