"""One fact of a questionnaire, a recipient or a problem: recorded, saved with the row, told to other contexts."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications

from ..events import AnswersShowedProblem, QuestionnaireChanged
from ..models import Problem, Questionnaire, Recipient


def commit(
    thing: Questionnaire | Recipient | Problem,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
    case_ids: tuple[UUID, ...] = (),
) -> None:
    """Record the fact `questionnaires.<name>`, save the row, and tell whoever subscribed; of answers nobody."""
    fact, state = f"questionnaires.{name}", getattr(thing, "state", "")
    ledger.record_and_save(
        thing,
        kind=fact,
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said=said,
        came_from=came_from,
        changed=changed,
        made=made,
    )
    if isinstance(thing, Recipient):
        return
    payload = {"id": str(thing.id), "state": state, "at": now.isoformat()}
    notifications.publish(event_type=fact, payload=payload, region=thing.region, now=now, enterprise_id=None)
    about: dict[str, Any] = {"region": thing.region, "fact": fact, "state": state, "at": now}
    if isinstance(thing, Questionnaire):
        events.publish(QuestionnaireChanged(questionnaire_id=thing.id, **about))
    else:
        events.publish(
            AnswersShowedProblem(
                problem_id=thing.id,
                questionnaire_id=thing.questionnaire_id,
                urgent=thing.urgent,
                case_ids=case_ids,
                **about,
            )
        )
