"""Who may have a printed code made, and for which channel, region and place."""

import datetime as dt

from django.utils.translation import gettext as _

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Channels
from bihuan.casework.cases.services import Link, read_link
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.kernel.text import clean_line
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, wording

__all__ = ["PLACE_MAX", "Link", "issue_link", "read_link"]
PLACE_MAX = 60


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
    return cases.sign_link(channel=channel, region=region, place=place)
