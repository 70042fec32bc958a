"""What a raiser does from a page: raise or answer with files, judge the result. All or nothing."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO, Protocol

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.services import Matter, Receipt
from bihuan.foundation.kernel import database, errors

from . import sending


class Upload(Protocol):
    """A file as it comes with a form."""

    name: str | None
    size: int | None
    file: BinaryIO


def submit(*, matter: Matter, files: Sequence[Upload], actor: Actor, now: dt.datetime, key: str = "") -> sending.Sent:
    """Raise a matter together with its files and return what the raiser is shown.

    key: of the page with the form; the same words sent again under it raise nothing and are answered as before.
    Raises what `cases.services.raise_case` and `attach` raise; then nothing is kept, and the field is `uploads` for a
    file that is refused. Publishes CaseRaised and one FileAttached a file.
    """

    def run() -> Receipt:
        with database.writing():
            receipt = cases.raise_case(matter=matter, actor=actor, now=now)
            _attach(receipt.number, files, dataclasses.replace(actor, holds=receipt.case_id), now)
        return receipt

    said = repr((matter, actor.person_id, [(upload.name, upload.size) for upload in files]))
    return sending.once(key=key, said=said, now=now, run=run)


def speak(
    *, number: str, action: str, body: Mapping[str, Any], files: Iterable[Upload], actor: Actor, now: dt.datetime
) -> Case:
    """Take one of the raiser's actions, with files if there are any.

    Raises what `cases.services.take` and `attach` raise; then nothing is kept.
    """
    with database.writing():
        case = cases.take(number=number, action=action, actor=actor, now=now, body=body)
        _attach(number, files, actor, now)
    return case


def judge(
    *, number: str, done: bool | None, reason: str, rating: Mapping[str, Any] | None, actor: Actor, now: dt.datetime
) -> None:
    """Say whether it is really done (None: said before) and rate (None: no rating), in one go.

    Leaves one fact for each. Raises what `cases.services.take` raises for confirm, deny and rate.
    """
    with database.writing():
        if done is not None:
            action, body = ("confirm", {}) if done else ("deny", {"reason": reason})
            cases.take(number=number, action=action, actor=actor, now=now, body=body)
        if rating is not None:
            cases.take(number=number, action="rate", actor=actor, now=now, body=rating)


def _attach(number: str, files: Iterable[Upload], actor: Actor, now: dt.datetime) -> None:
    for upload in files:
        try:
            cases.attach(number=number, actor=actor, now=now, name=upload.name or "file", content=upload.file)
        except errors.Problem as problem:
            problem.field = "uploads"
            raise
