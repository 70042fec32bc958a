"""What an enterprise was asked, on its page; never what it answered."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases import panels
from bihuan.casework.cases.panels import FirmEntry
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory.models import Enterprise

from . import selectors


def asked(firm: Enterprise, actor: Actor, now: dt.datetime) -> list[FirmEntry] | None:
    """Return what it was asked, for itself and for those who ask; whether it answered, for itself alone."""
    found = selectors.asked_of(firm=firm, actor=actor)
    if found is None:
        return None
    own = str(firm.id) in {str(one) for one in actor.scope().enterprises}
    return [
        FirmEntry(
            at=one.questionnaire.sent_at,
            what=one.questionnaire.title,
            state=(_("You have answered") if one.version else _("Not answered yet")) if own else "",
        )
        for one in found
    ]


def register() -> None:
    """Put the questionnaires onto the page of an enterprise."""
    panels.register_firm(panels.FirmSection(name="questionnaires", title=_("Questionnaires"), known=asked, order=30))
