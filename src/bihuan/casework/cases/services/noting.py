"""A word on record: what a mechanism heard about a matter from outside its loop."""

import datetime as dt
import uuid
from typing import Any

from bihuan.foundation.kernel import database
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..models import Case
from ..permissions import Actor
from ..rules import facts
from .turn import Turn, commit, lock_by_id, not_before


def note(*, case_id: uuid.UUID, text: str, said_by: str, now: dt.datetime, **said: Any) -> Case | None:
    """Write somebody's words into the trace of a case and return it, or None where there is no such case.

    said_by: a plain label, such as the code of a region. said: more members of the fact. State and clocks stay as they
    are; the raiser does not see it. Leaves one fact, `case.noted`, and publishes CaseNoted.
    """
    with database.writing():
        case = lock_by_id(case_id)
        if case is None:
            return None
        actor = Actor(system=True, on_behalf_of=said_by)
        turn = Turn(case=case, actor=actor, now=not_before(case, now), book=rulebooks.version(case.rulebook_version))
        commit(turn, before=facts.snapshot(case), kind="case.noted", said={"text": text, **said})
    return case
