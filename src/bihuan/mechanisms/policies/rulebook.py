"""What a place may settle about policies (section `policies`)."""

from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Name, Section

BUILT_IN = {"region": "text", "town": "text", "industry": "text", "size": "text", "today": "date"}
"""What conditions may always ask for: what the directory knows of an enterprise, and the day."""


class Datum(Section):
    """One field of an enterprise's profile. own: the enterprise itself may fill it in; from_: who has it already."""

    id: Code
    name: BothNames
    kind: Literal["number", "flag", "date", "text"] = "number"
    own: bool = True
    source: str = ""


def _data() -> tuple[Datum, ...]:
    rows = (
        ("staff", "从业人员（人）", "Employees", "number"),
        ("insured_staff", "参保人数（人）", "Insured employees", "number"),
        ("revenue", "上年营业收入（元）", "Revenue of last year (yuan)", "number"),
        ("tax_paid", "上年纳税（元）", "Taxes paid last year (yuan)", "number"),
        ("research", "上年研发费用（元）", "Research spending of last year (yuan)", "number"),
        ("above_scale", "规模以上", "Above designated size", "flag"),
        ("above_scale_since", "首次纳统日期", "First counted in statistics on", "date"),
        ("high_tech", "高新技术企业", "High-tech enterprise", "flag"),
        ("registered_on", "成立日期", "Registered on", "date"),
        ("layoff_rate", "上年裁员率（%）", "Layoff rate of last year (%)", "number"),
        ("dishonest", "失信被执行人", "On the list of dishonest debtors", "flag"),
    )
    return tuple(Datum(id=key, name=Name(zh=zh, en=en), kind=kind) for key, zh, en, kind in rows)


class ItemKind(Section):
    """One kind of service item: 一件事一次办, 跨省通办 …"""

    id: Code
    name: BothNames


def _item_kinds() -> tuple[ItemKind, ...]:
    rows = (
        ("ordinary", "一般事项", "Ordinary item"),
        ("one_matter", "一件事一次办", "One matter at one go"),
        ("across", "跨省通办", "Across provinces"),
        ("self_service", "自助办理", "Self-service"),
        ("seamless", "无感审批", "Approval without feeling"),
        ("palm", "掌上办", "In the palm"),
        ("joint_review", "四评合一", "Four reviews in one"),
        ("no_papers", "零材料", "Without papers"),
    )
    return tuple(ItemKind(id=key, name=Name(zh=zh, en=en)) for key, zh, en in rows)


class Policies(Section):
    """惠企政策: the fields of a profile, levels of government that pay, and the time limits of delivery."""

    fields: Annotated[tuple[Datum, ...], Field(max_length=200)] = _data()
    guide_within: Duration = WorkDuration.parse("7wd")
    intent_within: Duration = WorkDuration.parse("5wd")
    silence_is_consent: bool = True
    review_within: Duration = WorkDuration.parse("5wd")
    notice_for: Duration = WorkDuration.parse("5wd")
    pay_within: Duration = WorkDuration.parse("10wd")
    unpaid_apart: Annotated[int, Field(ge=0, le=200)] = 10
    channel: Code = "visit"
    item_kinds: Annotated[tuple[ItemKind, ...], Field(max_length=40)] = _item_kinds()
    tolerate_within: Duration = WorkDuration.parse("20wd")

    @model_validator(mode="after")
    def _once(self) -> "Policies":
        ids = [one.id for one in self.fields]
        if len(set(ids)) != len(ids) or set(ids) & set(BUILT_IN):
            raise ValueError("an id stands twice")
        return self

    def kinds(self) -> dict[str, str]:
        """Return the kind of every field that conditions may ask for."""
        return BUILT_IN | {one.id: one.kind for one in self.fields}


LABELS = {
    "policies": _("Policies for enterprises"),
    "policies.fields": _("Fields of a profile"),
    "policies.fields.kind": _("Kind"),
    "policies.fields.own": _("The enterprise may fill it in"),
    "policies.fields.source": _("Who has it already"),
    "policies.guide_within": _("Guide after publication within"),
    "policies.intent_within": _("Enterprises may refuse within"),
    "policies.silence_is_consent": _("Whoever says nothing wants it"),
    "policies.review_within": _("The department decides within"),
    "policies.notice_for": _("Public notice for"),
    "policies.pay_within": _("Paid after the notice within"),
    "policies.unpaid_apart": _("Up to so many unpaid ones each become a matter of its own"),
    "policies.channel": _("Channel in which what is unpaid comes in"),
    "policies.item_kinds": _("Kinds of service items"),
    "policies.tolerate_within": _("A missing paper comes within"),
    "?policies": _("Who is entitled to what, and how the money comes without an application."),
}


def register() -> None:
    """Register the section and its names."""
    registry.register_section("policies", Policies)
    registry.register_labels(LABELS)
