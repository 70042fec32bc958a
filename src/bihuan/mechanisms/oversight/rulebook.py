"""What a place may settle about oversight (section `oversight`)."""

from typing import Literal

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Duration, Section


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


class Orders(Section):
    """督办单: who owns the orders that lights set going, and how long each step may take."""

    owner: Literal["supervision_office", "catch_all"] = "supervision_office"
    issue_within: Duration = _days("1wd")
    sign_within: Duration = _days("4wh")
    report_within: Duration = _days("5wd")
    verify_within: Duration = _days("3wd")


class Oversight(Section):
    """督办 (钱塘: 由企服中心兜底板块进行督办)."""

    orders: Orders = Orders()


def register() -> None:
    """Register the section."""
    registry.register_section("oversight", Oversight)
