"""What a place may settle about simulated accountability (section `accountability`)."""

from typing import Annotated, Literal, TypeVar

from pydantic import Field, model_validator

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import loader, registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Section, Share

M = TypeVar("M", bound=Section)
SignKind = Literal["silence", "returns", "extensions", "last_minute", "template", "ignored"]
Basis = Annotated[str, Field(max_length=200)]


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class Kind(Section):
    """One kind of failing: id, name, and the provision that names it."""

    id: Code
    name: BothNames
    basis: Basis = ""


class ProblemClass(Section):
    """One class of failings with its kinds."""

    id: Code
    name: BothNames
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1, max_length=40)]


class Treatment(Section):
    """A treatment that would apply if a failing were established, with its provision."""

    id: Code
    name: BothNames
    basis: Basis = ""


class Post(Section):
    """A post that can be responsible. A post, never a person."""

    id: Code
    name: BothNames


class Signs(Section):
    """苗头 (A3): which early signs are looked for, and from which thresholds on.

    silence, ignored_after: how long no word of work may come, at all, and after one of the `ignored` lights.
    returns, extensions: how many of a matter. last_minute: from which used share of the time an answer counts, if as
    many of the unit's last answers (last_minute_times) were like that. alike: from which likeness on two answers are
    taken for the same text, if as many (alike_times) were.
    """

    kinds: tuple[SignKind, ...] = ("silence", "returns", "extensions", "last_minute", "template", "ignored")
    silence: Duration = _days("5wd")
    returns: Annotated[int, Field(ge=1, le=10)] = 2
    extensions: Annotated[int, Field(ge=1, le=10)] = 2
    last_minute: Share = 0.9
    last_minute_times: Annotated[int, Field(ge=2, le=20)] = 5
    alike: Share = 0.8
    alike_times: Annotated[int, Field(ge=2, le=20)] = 3
    ignored: tuple[Code, ...] = ("orange", "red")
    ignored_after: Duration = _days("2wd")


class Limits(Section):
    """The procedure's own clocks (A4). The article states the two of five working days."""

    accept_within: Duration = _days("3wd")
    find_within: Duration = _days("5wd")
    rectify_within: Duration = _days("5wd")
    visit_within: Duration = _days("10wd")
    check_within: Duration = _days("10wd")


def _stated(field: str, made: type[M]) -> tuple[M, ...]:
    """Return a list as `default.yaml` states it: the lists are data, and stand there alone."""
    return tuple(made.model_validate(one) for one in loader.default_values()["accountability"][field])


class Accountability(Section):
    """模拟问责 (鹿城). proposed: the problem list is the product's own proposal, not yet a decision of the place."""

    proposed: bool = True
    problems: tuple[ProblemClass, ...] = Field(default_factory=lambda: _stated("problems", ProblemClass))
    treatments: tuple[Treatment, ...] = Field(default_factory=lambda: _stated("treatments", Treatment))
    posts: tuple[Post, ...] = Field(default_factory=lambda: _stated("posts", Post))
    signs: Signs = Signs()
    limits: Limits = Limits()
    visits: Annotated[int, Field(ge=1, le=5)] = 1

    @model_validator(mode="after")
    def _each_id_once(self) -> "Accountability":
        kinds = [kind.id for one in self.problems for kind in one.kinds]
        for ids in (kinds, [one.id for one in self.problems], [one.id for one in self.treatments]):
            if len(ids) != len(set(ids)):
                raise ValueError("an id is written twice")
        return self

    def kind(self, code: str) -> Kind | None:
        """Return the kind of failing with this id, or None."""
        return next((kind for one in self.problems for kind in one.kinds if kind.id == code), None)

    def class_of(self, code: str) -> str:
        """Return the id of the class of a kind, or an empty text."""
        return next((one.id for one in self.problems for kind in one.kinds if kind.id == code), "")

    def treatment(self, code: str) -> Treatment | None:
        """Return the treatment with this id, or None."""
        return next((one for one in self.treatments if one.id == code), None)

    def post(self, code: str) -> Post | None:
        """Return the post with this id, or None."""
        return next((one for one in self.posts if one.id == code), None)


def register() -> None:
    """Register the section."""
    registry.register_section("accountability", Accountability)
