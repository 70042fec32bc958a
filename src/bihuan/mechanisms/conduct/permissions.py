"""Who writes lists of conduct, who publishes them, and who reads an examination."""

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role

from .models import Examination, Sheet
from .states import EDITORS, SHEETS

STAFF = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE})
"""Who finds the lists in the navigation; the public page needs no login."""
EDITING = sorted(EDITORS)
EXAMINERS = sorted(EDITORS | {Role.ENTERPRISE.value})
"""Who opens examinations: those who examine, and the enterprise its own."""


def edits(actor: Actor, region: str) -> bool:
    """Tell whether the actor drafts lists and examines enterprises in the region."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in EDITORS)


def can(actor: Actor, action: str, sheet: Sheet) -> bool:
    """Tell whether the actor's office allows the action; whoever drafted a list does not publish it."""
    transition = SHEETS.find(action)
    if transition is None or actor.reader is None:
        return False
    held = any(actor.reader.has(role, region=sheet.region) for role in transition.roles)
    return held and not (action == "publish" and actor.person_id == sheet.drafted_by)


def examined(actor: Actor, examination: Examination) -> bool:
    """Tell whether the actor speaks for the enterprise that was examined."""
    grants = actor.reader.grants if actor.reader else ()
    return any(one.enterprise_id == examination.enterprise_id for one in grants)
