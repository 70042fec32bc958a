"""What a place may settle about its published figures."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Section


class Publication(Section):
    """公开: whether figures are published, for how many months, and below which count a cell is hidden."""

    open: bool = True
    months: Annotated[int, Field(ge=3, le=36)] = 12
    least: Annotated[int, Field(ge=5, le=100)] = 10


LABELS = {
    "publication": _("Published figures"),
    "publication.open": _("Published for everybody"),
    "publication.months": _("Months shown"),
    "publication.least": _("Numbers below this are hidden"),
    "?publication": _("What the public page shows. Small numbers are hidden so that nobody can be recognised."),
}


def register() -> None:
    """Register the section and its names."""
    registry.register_section("publication", Publication)
    registry.register_labels(LABELS)
