"""What a place may settle about mandates (section `mandates`)."""

from collections import Counter
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Name, Section, wrong

from .wording import RULEBOOK


class MandateKind(Section):
    """A post to which people or enterprises are appointed; the id is kept with each mandate."""

    id: Code
    name: BothNames
    holder: Literal["person", "enterprise"] = "person"
    window: bool = False
    term_months: Annotated[int, Field(ge=1, le=120)] | None = None
    rotate_days: Annotated[int, Field(ge=1, le=1000)] | None = None
    duties: Annotated[tuple[BothNames, ...], Field(max_length=20)] = ()
    channels: Annotated[tuple[Code, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _fits(self) -> "MandateKind":
        if self.rotate_days is not None and not self.window:
            raise wrong(_("only who serves at a window is moved to another one: write window: true"))
        if self.window and self.holder == "enterprise":
            raise wrong(_("an enterprise does not serve at a window"))
        return self


def _kind(code: str, zh: str, en: str, **more: object) -> MandateKind:
    return MandateKind.model_validate({"id": code, "name": Name(zh=zh, en=en), **more})


class Mandates(Section):
    """聘任: which posts there are, and when the end of a term is announced."""

    remind_days: Annotated[int, Field(ge=1, le=180)] = 30
    kinds: Annotated[tuple[MandateKind, ...], Field(min_length=1, max_length=30)] = (
        _kind(
            "special_supervisor",
            "特邀监督员",
            "Special supervisor",
            term_months=24,
            channels=("special_supervisor", "observation_point"),
        ),
        _kind("liaison_officer", "企业联络员", "Liaison officer", channels=("visit",)),
        _kind("monitoring_point", "企业监测点", "Monitoring point", holder="enterprise"),
        _kind("window_staff", "“办不成事”窗口值守", "Staff of a window", window=True, channels=("window",)),
    )

    @model_validator(mode="after")
    def _once(self) -> "Mandates":
        twice = [code for code, count in Counter(one.id for one in self.kinds).items() if count > 1]
        if twice:
            raise wrong(_("the post “%(code)s” stands there twice") % {"code": twice[0]})
        return self

    def kind(self, code: str) -> MandateKind | None:
        """Return the kind with this id, or None."""
        return next((one for one in self.kinds if one.id == code), None)


def register() -> None:
    """Register the section and its names."""
    registry.register_section("mandates", Mandates)
    registry.register_labels(RULEBOOK)
