"""改判: the command by which a mechanism says that a “no” does not stand (N4)."""

import datetime as dt
import uuid

from bihuan.foundation.kernel import database

from ..models import Case
from ..permissions import THE_SYSTEM
from .turn import take


def overturn(*, case_id: uuid.UUID, reason: str, now: dt.datetime) -> Case:
    """Let a matter that was refused be worked on again, from before the “no”, and return it.

    Raises Conflict `state_forbids` where nobody has said no yet, `withdrawn` for a matter that was taken back.
    Leaves one fact, `case.overturned`, and publishes CaseOverturned.
    """
    with database.writing():
        number = Case.objects.values_list("number", flat=True).get(pk=case_id)
        return take(number=number, action="overturn", actor=THE_SYSTEM, now=now, body={"reason": reason})
