"""What each action has to be told; pages and REST use the same shapes."""

import datetime as dt
import uuid
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bihuan.casework.cases.rules.bodies import Body, Code, Line, Nothing, Text
from bihuan.foundation.kernel.text import clean_line

Short = Annotated[str, Field(max_length=100), AfterValidator(clean_line)]
Numbers = Annotated[list[Code], Field(max_length=200)]
Kind = Literal["improved", "loophole", "added"]


class Said(Body):
    """An action with a text."""

    text: Text


class Reasoned(Body):
    """An action with a reason."""

    reason: Text


class Draft(Body):
    """A new institution: where, its name, its words, and the numbers of the cases that call for it."""

    region: Code | None = None
    title: Line
    text: Text
    cases: Numbers = []


class PutInForce(Body):
    """施行: what it does, who answers for it, from when, what kind of cases it is about, when it is reviewed.

    category, words: the cases whose frequency and duration are measured; without either nothing can be.
    on: default today; at most two years back. review_on: default as the rulebook says.
    """

    kind: Kind
    owner: Code
    on: dt.date | None = None
    category: Code | None = None
    words: Short = ""
    review_on: dt.date | None = None
    text: Text


class Review(Body):
    """评估: what the review found, and the day of the next one (default as the rulebook says)."""

    text: Text
    review_on: dt.date | None = None


class Amend(Body):
    """New words, or another kind of cases it is about, and why."""

    title: Line | None = None
    text: Text | None = None
    category: Code | None = None
    words: Short | None = None
    reason: Text


class MoreCases(Body):
    """The numbers of more cases that called for it."""

    cases: Annotated[list[Code], Field(min_length=1, max_length=200)]


class FewerCases(Body):
    """The numbers of cases that were linked by mistake, and why they do not belong here."""

    cases: Annotated[list[Code], Field(min_length=1, max_length=200)]
    reason: Text


class ChangeOwner(Body):
    """Another department answers for it."""

    owner: Code
    reason: Text


class Call(Body):
    """揭榜挂帅: what is looked for."""

    region: Code | None = None
    title: Line
    text: Text


class Nominate(Body):
    """A model case: its name, what was done, whose it is, and the case it came from. No names in it."""

    region: Code | None = None
    title: Line
    text: Text
    department: Code | None = None
    case: Code | None = None


class Vote(Body):
    """For which nominated case."""

    exemplar: uuid.UUID


class Warn(Body):
    """A negative case without names: what happened, what to learn from it, and the case it came from."""

    region: Code | None = None
    title: Line
    text: Text
    lesson: Text
    case: Code | None = None
    stays: Line | None = None


class AmendWarning(Body):
    """The words of a draft, and why one that looks like a name stays."""

    title: Line
    text: Text
    lesson: Text
    stays: Line | None = None


class Write(Body):
    """An entry of the case library without names: the case, the problem, what worked, and the institution."""

    case: Code
    title: Line
    problem: Text
    worked: Text
    institution: uuid.UUID | None = None


BODIES: dict[str, dict[str, type[Body]]] = {
    "institution": {
        "put_in_force": PutInForce,
        "review": Review,
        "amend": Amend,
        "link": MoreCases,
        "unlink": FewerCases,
        "change_owner": ChangeOwner,
        "withdraw": Reasoned,
    },
    "competition": {"open_vote": Nothing, "vote": Vote, "cancel": Reasoned},
    "exemplar": {"adopt": Said, "withdraw": Nothing},
    "warning": {"amend": AmendWarning, "circulate": Nothing, "read": Nothing, "take_back": Reasoned},
    "lesson": {"take_back": Reasoned},
}
