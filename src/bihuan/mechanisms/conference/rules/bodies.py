"""What each action has to be told; pages and REST use the same shapes."""

import datetime as dt
import uuid
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, model_validator

from bihuan.casework.cases.rules.bodies import Body, Code, Line, Text
from bihuan.foundation.kernel.workdays import Duration

Within = Annotated[Duration, BeforeValidator(lambda given: Duration.parse(str(given)))]
Codes = Annotated[list[Code], Field(max_length=60)]


class Said(Body):
    """An action with a text."""

    text: Text


class Reasoned(Body):
    """An action with a reason."""

    reason: Text


class Call(Body):
    """召集联席会议: when and where; of which region, where the caller serves several."""

    starts_at: AwareDatetime
    place: Line
    region: Code | None = None


class Consult(Body):
    """协商: which matter, why, when and where, with which boards and departments."""

    number: Code
    reason: Text
    starts_at: AwareDatetime
    place: Line
    boards: Codes = []
    departments: Codes = []

    @model_validator(mode="after")
    def _somebody(self) -> "Consult":
        if not self.boards and not self.departments:
            raise ValueError("a consultation needs boards or departments to come")
        return self


class Invite(Body):
    """Whom to invite as well: departments by code, enterprises by credit code, persons by user name."""

    departments: Codes = []
    enterprises: Codes = []
    people: Codes = []

    @model_validator(mode="after")
    def _somebody(self) -> "Invite":
        if not self.departments and not self.enterprises and not self.people:
            raise ValueError("name somebody to invite")
        return self


class Brief(Body):
    """会前材料: what of the policy is passed on, and the report on how matters are handled."""

    briefing: Text
    report: Text


class Postpone(Reasoned):
    """改期."""

    starts_at: AwareDatetime


class Hold(Body):
    """开会: who of those invited is here, by the ids of their seats."""

    present: Annotated[list[uuid.UUID], Field(max_length=200)] = []


class Collect(Body):
    """An enterprise raises something at a dialogue: it becomes a case of the channel of the series."""

    enterprise: Code
    title: Line
    text: Text
    category: Code | None = None


class PublishAnswer(Body):
    """答复公开: question and answer in words that name nobody."""

    issue: uuid.UUID
    question: Line
    answer: Text


class Institution(Body):
    """长效机制: what lasting rule is proposed, and from which cases (none: those of the meeting)."""

    title: Line
    text: Text
    cases: Codes = []


class Prepare(Body):
    """一题一页: what it is about, and the choices to decide between."""

    brief: Text
    options: Annotated[list[Line], Field(max_length=6)] = []


class PutOn(Body):
    """上会: which meeting, and for how many minutes."""

    meeting: uuid.UUID
    minutes: Annotated[int, Field(ge=1, le=240)] = 15


class Decide(Body):
    """议定: what, which department answers for it (and who there), by when (`10wd`, or a day), by which measures."""

    what: Text
    owner: Code
    person: Code | None = None
    within: Within | None = None
    due: AwareDatetime | dt.date | None = None
    measures: Annotated[list[Line], Field(max_length=20)] = []

    @model_validator(mode="after")
    def _one_limit(self) -> "Decide":
        if (self.within is None) == (self.due is None):
            raise ValueError("a decision needs either `within` or `due`")
        return self


class GiveTime(Reasoned):
    """More working days for a decision."""

    days: Annotated[int, Field(ge=1, le=60)]


class HandOver(Reasoned):
    """Another department, or another person, answers for the decision from now on."""

    owner: Code
    person: Code | None = None


class Appoint(Body):
    """A member of the leading group: who (user name), in which role of the rulebook, for which department."""

    person: Code
    role: Code
    department: Code | None = None
    region: Code | None = None


Kind = Literal["meeting", "item", "decision"]
BODIES: dict[str, dict[str, type[Body]]] = {
    "meeting": {
        "invite": Invite,
        "brief": Brief,
        "postpone": Postpone,
        "hold": Hold,
        "collect": Collect,
        "publish_answer": PublishAnswer,
        "propose_institution": Institution,
        "minute": Said,
        "cancel": Reasoned,
    },
    "item": {
        "prepare": Prepare,
        "screen": Said,
        "turn_down": Reasoned,
        "put_on": PutOn,
        "take_off": Reasoned,
        "decide": Decide,
        "review": Said,
        "put_off": Reasoned,
    },
    "decision": {
        "report": Said,
        "send_back": Said,
        "write_off": Said,
        "give_time": GiveTime,
        "hand_over": HandOver,
    },
}
"""Thing → action → its words."""
