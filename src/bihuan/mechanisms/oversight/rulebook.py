"""What a place may settle about oversight (section `oversight`)."""

from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Duration, Section


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class Orders(Section):
    """督办单: who owns the orders that lights set going, how long each step may take, and whose letter it is.

    letter_head: 发文机关标志; letter_mark: 机关代字 of the number, which belongs to one office of a place each year.
    Empty ones follow from the place and the owner.
    """

    owner: Literal["supervision_office", "catch_all"] = "supervision_office"
    issue_within: Duration = _days("1wd")
    sign_within: Duration = _days("4wh")
    report_within: Duration = _days("5wd")
    verify_within: Duration = _days("3wd")
    letter_head: Annotated[str, Field(max_length=60)] = ""
    letter_mark: Annotated[str, Field(max_length=20)] = ""


class Oversight(Section):
    """督办 (钱塘: 由企服中心兜底板块进行督办)."""

    orders: Orders = Orders()


LABELS = {
    "oversight": _("Supervision"),
    "oversight.orders": _("Supervision orders"),
    "oversight.owner": _("Who owns the orders that lights set going"),
    "oversight.issue_within": _("Issued within"),
    "oversight.sign_within": _("Signed within"),
    "oversight.report_within": _("Reported on within"),
    "oversight.verify_within": _("Report verified within"),
    "oversight.letter_head": _("Name printed over the letter (empty: from the place and the owner)"),
    "oversight.letter_mark": _("Mark before the number of the letter (empty: from the owner)"),
    "?oversight": _("A red light sets an order going by itself; each of its steps has a time limit of its own."),
}


def register() -> None:
    """Register the section and its names."""
    registry.register_section("oversight", Oversight)
    registry.register_labels(LABELS)
