"""What all reads of simulated accountability share."""

import uuid

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..rulebook import Accountability

PAGE = 50
"""So many rows on a page."""


def not_found() -> errors.NotFound:
    """Return (for raising) that there is no such thing for these eyes."""
    return errors.NotFound(_("There is no such matter here, or you may not see it."), code="inquiry_not_found")


def person_of(actor: Actor) -> uuid.UUID:
    """Return the id of the acting person."""
    assert actor.person_id is not None, "only persons act here"
    return actor.person_id


def rule(version: uuid.UUID) -> Accountability:
    """Return what a version of the rulebook says."""
    return rulebooks.version(version).section(Accountability)
