"""What a place may settle about tracking (section `tracking`)."""

from typing import Annotated

from pydantic import Field, model_validator

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Duration, Section, Share

Points = Annotated[int, Field(ge=0, le=100)]


class Weights(Section):
    """Points of each sign when it is fully there; together at most 100."""

    hand_offs: Points = 40
    length: Points = 30
    breadth: Points = 30

    @model_validator(mode="after")
    def _together(self) -> "Weights":
        if not 0 < self.hand_offs + self.length + self.breadth <= 100:
            raise ValueError("the three weights together are between 1 and 100")
        return self


class Full(Section):
    """When a sign is fully there: hand-offs, share of the tier's limit used, other enterprises with the like."""

    hand_offs: Annotated[int, Field(ge=1, le=20)] = 3
    length: Annotated[Share, Field(gt=0)] = 1.0
    breadth: Annotated[int, Field(ge=1, le=50)] = 5


class Entry(Section):
    """入库: from how many points on the product proposes a matter (流转环节多、办成周期长、成效普惠广)."""

    weights: Weights = Weights()
    full: Full = Full()
    threshold: Annotated[int, Field(ge=1, le=100)] = 60


class Tracking(Section):
    """“标的物”跟踪 (钱塘): 半月一更新, 一月一通报; a plan rated at or below revise_at is revised."""

    entry: Entry = Entry()
    update_every: Duration = WorkDuration.parse("15d")
    bulletin_every: Duration = WorkDuration.parse("30d")
    revise_at: Annotated[int, Field(ge=1, le=4)] = 2


def register() -> None:
    """Register the section."""
    registry.register_section("tracking", Tracking)
