"""What officers do: look at the desk, open one clue, move it on, answer, ask for the identity."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import needed_text

from .. import permissions, selectors
from ..models import Clue
from ..selectors import Dossier, Row
from ..states import CLUES, OPEN, Form, Stage
from . import recording, revealing, talking


def open_desk(
    *, actor: Actor, now: dt.datetime, stage: str = "", before: uuid.UUID | None = None
) -> tuple[list[Row], uuid.UUID | None]:
    """Return a page of the desk, once the look is on record in every region it shows. Raises Forbidden."""
    permissions.check_reads(actor)
    rows, following = selectors.page(actor=actor, now=now, stage=stage, before=before)
    shown: dict[str, int] = {}
    for row in rows:
        shown[row.clue.region] = shown.get(row.clue.region, 0) + 1
    if shown:
        with recording.inside():
            for region in sorted(shown):
                recording.enter(region=region, kind="listed", at=now, actor_id=actor.person_id, count=shown[region])
    return rows, following


def open_clue(*, clue_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Dossier:
    """Return one clue opened, once the look is on record.

    Raises Forbidden, and NotFound `clue_not_found` also for a clue that concerns the reader: they shall not even learn
    that it is there. That attempt is on record too.
    """
    permissions.check_reads(actor)
    found = None
    with recording.inside():
        clue = _let_in(clue_id, actor, now)
        if clue is not None:
            if clue.news:
                Clue.objects.filter(pk=clue.pk).update(news=False)
            recording.enter(region=clue.region, kind="opened", at=now, actor_id=actor.person_id, clue=clue)
            found = selectors.dossier(clue=clue, actor=actor, now=now)
    if found is None:
        raise not_found()
    return found


def not_found() -> errors.NotFound:
    """Return (for raising) that there is no such clue for these eyes."""
    return errors.NotFound(_("There is no such clue here, or you may not see it."), code="clue_not_found")


def _let_in(clue_id: uuid.UUID, actor: Actor, now: dt.datetime, *, lock: bool = False) -> Clue | None:
    """Return the clue if the actor may read it; an attempt of somebody whom it concerns is recorded."""
    clue, concerned = selectors.find(clue_id=clue_id, actor=actor)
    if clue is not None and concerned:
        recording.enter(region=clue.region, kind="kept_out", at=now, actor_id=actor.person_id, clue=clue)
        return None
    if clue is not None and lock:
        return Clue.objects.select_for_update().get(pk=clue.pk)
    return clue


def take(*, clue_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> None:
    """Take an action of `available_actions`: one of the stages, `answer`, `note` or `ask_identity`; all take `text`.

    `conclude` also takes `form`, one of the four. Raises Forbidden, NotFound, Conflict `state_forbids`, Invalid.
    """
    permissions.check_reads(actor)
    text = needed_text(body, most=8_000)
    with database.writing():
        with recording.inside():
            clue = _let_in(clue_id, actor, now, lock=True)
            if clue is not None:
                found = selectors.dossier(clue=clue, actor=actor, now=now)
                _check_offered(action, found)
                _carry_out(clue, action, text, actor, now, body)
        if clue is not None and action == "ask_identity":
            revealing.tell(found, actor, now)
    if clue is None:
        raise not_found()


def _check_offered(action: str, found: Dossier) -> None:
    if action in found.available_actions:
        return
    if CLUES.find(action) is None and action not in ("answer", "ask_identity"):
        raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
    raise errors.Conflict(_("This is not possible in the present state."), code="state_forbids", state=found.clue.stage)


def _carry_out(clue: Clue, action: str, text: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> None:
    if action == "ask_identity":
        revealing.ask(clue, reason=text, actor=actor, now=now)
        return
    side = "officer" if action == "answer" else "note"
    talking.add(clue, side=side, text=text, by=actor.person_id, at=now)
    transition = CLUES.find(action)
    if transition is not None:
        (target,) = transition.targets
        clue.stage = target.value
        clue.form = _form(body) if target == Stage.CONCLUDED else ""
        clue.ended_at = None if target in OPEN else now
        clue.save(update_fields=["stage", "form", "ended_at"])
    recording.enter(region=clue.region, kind=action, at=now, actor_id=actor.person_id, clue=clue, form=clue.form)


def _form(body: Mapping[str, Any]) -> str:
    given = str(body.get("form", ""))
    if given not in {one.value for one in Form}:
        raise errors.Invalid(_("form: one of first, second, third, fourth"), code="invalid_body", field="form")
    return given
