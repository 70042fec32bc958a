"""What a place may settle about questionnaires (section `questionnaires`)."""

from typing import Annotated

from pydantic import Field, model_validator

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Name, Section


class KnownFact(Section):
    """What of an enterprise is asked once and then known for so many days; the directory's own facts need no entry."""

    id: Code
    name: BothNames
    days: Annotated[int, Field(ge=1, le=3660)] = 366


class TaskForce(Section):
    """专班: which towns (region codes) and trades (beginnings of GB/T 4754 codes) it serves, and its board."""

    id: Code
    name: BothNames
    towns: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    board: str = ""


class AskingCap(Section):
    """Q3: how many questionnaires of all bodies together one enterprise gets in so many days."""

    most: Annotated[int, Field(ge=1, le=100)] = 2
    days: Annotated[int, Field(ge=1, le=366)] = 90


class Questionnaires(Section):
    """问卷征集. open_for: usual time to answer; least: smallest group that is shown; alike: same meaning from here."""

    open_for: Duration = WorkDuration.parse("15d")
    least: Annotated[int, Field(ge=2, le=100)] = 5
    alike: Annotated[float, Field(ge=0.2, le=1)] = 0.35
    quickest: Annotated[int, Field(ge=0, le=120)] = 3
    cap: AskingCap = AskingCap()
    facts: Annotated[tuple[KnownFact, ...], Field(max_length=40)] = (
        KnownFact(id="employees", name=Name(zh="职工人数", en="Number of employees")),
    )
    task_forces: Annotated[tuple[TaskForce, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def _once(self) -> "Questionnaires":
        for rows in (self.facts, self.task_forces):
            ids = [one.id for one in rows]
            if len(set(ids)) != len(ids):
                raise ValueError("an id stands twice")
        return self


def register() -> None:
    """Register the section."""
    registry.register_section("questionnaires", Questionnaires)
