"""What a raiser does from a page: raise or answer with files, judge the result. All or nothing."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, Protocol

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.services import Matter, Receipt
from bihuan.foundation.kernel import database, errors


class Upload(Protocol):
    """A file as it comes with a form."""

    name: str | None
    file: BinaryIO


def submit(*, matter: Matter, files: Iterable[Upload], actor: Actor, now: dt.datetime) -> Receipt:
    """Raise a matter together with its files and return the receipt.

    Raises what `cases.services.raise_case` and `attach` raise; then nothing is kept, and the field is `uploads` for a
    file that is refused. Publishes CaseRaised and one FileAttached a file.
    """
    with database.writing():
        receipt = cases.raise_case(matter=matter, actor=actor, now=now)
        _attach(receipt.number, files, dataclasses.replace(actor, holds=receipt.case_id), now)
    return receipt


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
