"""Shapes of reports and dialogues in the REST API."""

import datetime as dt
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .services import Identity, Received, Report, Thread


class ReportIn(Schema):
    """A report on staff. unit: a department's `code`, `discipline`, or nothing; name and phone may be left out."""

    region: str
    kind: str
    text: Annotated[str, Field(max_length=20_000)]
    unit: Annotated[str, Field(max_length=64)] = ""
    person: Annotated[str, Field(max_length=200)] = ""
    name: Annotated[str, Field(max_length=100)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    once: Annotated[str, Field(max_length=64)] = ""

    def matter(self) -> Report:
        """Return it as the service takes it."""
        values = self.model_dump(exclude={"name", "phone"})
        return Report(**values, identity=Identity(name=self.name, phone=self.phone))


class ReportReceivedOut(Schema):
    """What the informant gets, this once: number, secret code of the dialogue, and the seal of the entry."""

    number: str
    code: str
    seal: str
    received_at: dt.datetime


class DialogueIn(Schema):
    """The code that opens a dialogue; never in an address, where logs would keep it."""

    code: Annotated[str, Field(max_length=64)]


class DialogueWordIn(DialogueIn):
    """One more word in a dialogue."""

    text: Annotated[str, Field(max_length=8_000)]


class DialogueOut(Schema):
    """A dialogue: how far it is (`waiting`, `at_work`, `ended`) and its words [{side, text, at}], oldest first."""

    number: str
    standing: str
    received_at: dt.datetime
    may_write: bool
    words: list[dict[str, Any]]


def received(found: Received) -> dict[str, Any]:
    """Return a receipt ready for JSON."""
    return {
        "number": found.number,
        "code": found.code,
        "seal": found.seal,
        "received_at": answers.local(found.received_at),
    }


def dialogue(found: Thread) -> dict[str, Any]:
    """Return a dialogue ready for JSON."""
    return {
        "number": found.number,
        "standing": found.standing,
        "received_at": answers.local(found.received_at),
        "may_write": found.may_write,
        "words": [{"side": word.side, "text": word.text, "at": answers.local(word.at)} for word in found.words],
    }
