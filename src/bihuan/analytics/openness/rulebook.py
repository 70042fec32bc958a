"""What a place may settle about its published figures."""

from typing import Annotated

from pydantic import Field

from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Section


class Publication(Section):
    """公开: whether figures are published, for how many months, and below which count a cell is hidden."""

    open: bool = True
    months: Annotated[int, Field(ge=3, le=36)] = 12
    least: Annotated[int, Field(ge=5, le=100)] = 10


def register() -> None:
    """Register the section."""
    registry.register_section("publication", Publication)
