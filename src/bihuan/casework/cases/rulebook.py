"""What a place may settle about cases: the sections of a rulebook that casework owns, each value with its source."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Name, Section, Share


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


Shape = Literal["disc", "triangle", "diamond", "octagon", "ring", "square"]
Colour = Literal["green", "yellow", "orange", "red", "blue"]
Consequence = Literal[
    "remind", "list", "escalate", "supervision_order", "notify_supervision", "notify_discipline", "conference", "webhook"
]


class Light(Section):
    """A light: lit from a share of the time onward, with what follows by itself (钱塘: 60 % 黄, 80 % 橙, 100 % 红)."""

    id: Code
    name: BothNames
    at: Share
    colour: Colour = "green"
    shape: Shape = "disc"
    consequences: tuple[Consequence, ...] = ()


class Lights(RootModel[tuple[Light, ...]]):
    """All lights in ascending order; the first is lit from the start."""

    model_config = ConfigDict(frozen=True)
    root: Annotated[tuple[Light, ...], Field(min_length=1, max_length=12)] = (
        Light(id="green", name=Name(zh="正常", en="On track"), at=0.0, colour="green", shape="disc"),
        Light(id="yellow", name=Name(zh="关注", en="Watch"), at=0.6, colour="yellow", shape="triangle", consequences=("remind",)),
        Light(id="orange", name=Name(zh="预警", en="At risk"), at=0.8, colour="orange", shape="diamond", consequences=("list",)),
        Light(
            id="red",
            name=Name(zh="超期", en="Overdue"),
            at=1.0,
            colour="red",
            shape="octagon",
            consequences=("supervision_order", "escalate"),
        ),
    )


class Tier(Section):
    """Time limits of one tier (DOMAIN §1.2, recommended preset: sign 4 working hours, first contact 1 working day)."""

    sign_within: Duration = _days("4wh")
    first_contact_within: Duration = _days("1wd")
    due: Duration = _days("5wd")


class Tiers(Section):
    """一般 / 复杂 / 疑难. Ordinary 5 working days (山东 2020, 济南, 潍坊), complex 15, hard 30."""

    ordinary: Tier = Tier()
    complex: Tier = Tier(due=_days("15wd"))
    hard: Tier = Tier(due=_days("30wd"))

    def named(self, tier: str) -> Tier:
        """Return the limits of a tier by its id."""
        found: Tier = getattr(self, tier)
        return found


class Acceptance(Section):
    """How long the front desk may take to accept or decline."""

    within: Duration = _days("1wd")


class Extension(Section):
    """延期: asked for before expiry, once, at most ten working days (山东 2020)."""

    max_times: Annotated[int, Field(ge=0, le=5)] = 1
    max: Duration = _days("10wd")
    before_expiry: bool = True


class Suspension(Section):
    """挂账: reasons offered, the longest stop, and how often a suspended case is reviewed."""

    reasons: tuple[BothNames, ...] = (
        Name(zh="等待司法或仲裁结果", en="Waiting for a court or arbitration"),
        Name(zh="等待上级政策或批复", en="Waiting for a decision from above"),
        Name(zh="企业要求暂缓", en="The enterprise asked to wait"),
        Name(zh="不可抗力", en="Force majeure"),
    )
    max: Duration = _days("90d")
    review_every: Duration = _days("10wd")


class Returns(Section):
    """异议: once per department (潍坊), inside 1 working day; ruled on within 1; the third return goes to the catch-all."""

    window: Duration = _days("1wd")
    max_per_unit: Annotated[int, Field(ge=0, le=5)] = 1
    ruling_within: Duration = _days("1wd")
    third_goes_to: Literal["catch_all"] = "catch_all"


class Within(Section):
    """A section with one time limit."""

    within: Duration = _days("3wd")


class Verification(Within):
    """核验: read the reply and call back within 3 working days (DOMAIN §1.2)."""


class Rework(Section):
    """退回重办: the shorter limit after a returned reply (5 working days)."""

    due: Duration = _days("5wd")


class Reopen(Section):
    """重办: how long after closing it may be asked for, and the shorter limit that then runs."""

    within: Duration = _days("15d")
    due: Duration = _days("3wd")


class Silence(Section):
    """When no word from the enterprise is recorded as `no_response`. Never as praise."""

    after: Duration = _days("5wd")


class Duplicates(Section):
    """Which matters of one enterprise are shown to a person as perhaps the same."""

    window: Duration = _days("30d")
    similarity: Share = 0.82


class Attachments(Section):
    """Files: the largest size in MiB and how many a case may have."""

    max_mb: Annotated[int, Field(ge=1, le=200)] = 20
    max_count: Annotated[int, Field(ge=1, le=200)] = 30


class Numbering(Section):
    """How case numbers look; `{region}` keeps them unique across places."""

    pattern: Annotated[str, Field(pattern=r"^[A-Z]{1,6}-\{region\}-\{yymm\}-\{seq:0[4-7]d?\}$")] = "BH-{region}-{yymm}-{seq:05}"


class Channel(Section):
    """A way in. `public`: usable without an office, also without logging in."""

    id: Code
    name: BothNames
    public: bool = False


def _channel(code: str, zh: str, en: str, public: bool = False) -> Channel:
    return Channel(id=code, name=Name(zh=zh, en=en), public=public)


class Channels(RootModel[tuple[Channel, ...]]):
    """全量归集 (L1): every way in, kept and counted."""

    model_config = ConfigDict(frozen=True)
    root: Annotated[tuple[Channel, ...], Field(min_length=1, max_length=60)] = (
        _channel("web", "网页", "Web", True),
        _channel("mobile", "手机", "Mobile", True),
        _channel("enterprise_code", "企业监督码", "Enterprise code", True),
        _channel("window_code", "窗口监督码", "Window code", True),
        _channel("api", "接口", "API", True),
        _channel("open311", "Open311", "Open311", True),
        _channel("questionnaire", "问卷", "Questionnaire", True),
        _channel("supervision_card", "监督卡", "Supervision card", True),
        _channel("hotline", "12345 热线", "Hotline 12345"),
        _channel("window", "“办不成事”窗口", "“Cannot get it done” window"),
        _channel("talk", "恳谈会", "Talk with leaders"),
        _channel("visit", "走访", "Visit"),
        _channel("observation_point", "观测点", "Observation point"),
        _channel("media", "媒体曝光", "Media"),
        _channel("superior", "上级交办", "Assigned from above"),
        _channel("bulk", "批量导入", "Bulk import"),
    )

    def find(self, code: str) -> Channel | None:
        """Return the channel with this id, or None."""
        return next((row for row in self.root if row.id == code), None)


class Category(Section):
    """A category of matters."""

    id: Code
    name: BothNames


def _category(code: str, zh: str, en: str) -> Category:
    return Category(id=code, name=Name(zh=zh, en=en))


class Categories(RootModel[tuple[Category, ...]]):
    """What matters are about; a proposal to start from, to be changed by each place."""

    model_config = ConfigDict(frozen=True)
    root: Annotated[tuple[Category, ...], Field(min_length=1, max_length=200)] = (
        _category("approval", "审批许可", "Permits and approvals"),
        _category("policy", "惠企政策", "Support policies"),
        _category("finance", "融资金融", "Finance"),
        _category("tax", "税费", "Taxes and fees"),
        _category("land", "用地规划", "Land and planning"),
        _category("utilities", "水电气网", "Utilities"),
        _category("infrastructure", "道路配套", "Roads and facilities"),
        _category("talent", "人才用工", "Talent and labour"),
        _category("enforcement", "执法检查", "Enforcement and inspection"),
        _category("payment", "账款拖欠", "Late payment"),
        _category("law", "法律服务", "Legal services"),
        _category("innovation", "科创知识产权", "Innovation and intellectual property"),
        _category("trade", "外贸通关", "Foreign trade and customs"),
        _category("environment", "环保安全", "Environment and safety"),
        _category("conduct", "作风效能", "Conduct of officials"),
        _category("other", "其他", "Other"),
    )

    def find(self, code: str) -> Category | None:
        """Return the category with this id, or None."""
        return next((row for row in self.root if row.id == code), None)


SECTIONS: dict[str, type[BaseModel]] = {
    "lights": Lights,
    "tiers": Tiers,
    "acceptance": Acceptance,
    "extension": Extension,
    "suspension": Suspension,
    "returns": Returns,
    "verification": Verification,
    "rework": Rework,
    "reopen": Reopen,
    "silence": Silence,
    "duplicates": Duplicates,
    "attachments": Attachments,
    "numbering": Numbering,
    "channels": Channels,
    "categories": Categories,
}


def _check(sections: Mapping[str, BaseModel]) -> Iterable[tuple[tuple[str | int, ...], str]]:
    """Lights ascend from 0 and have different ids; channels and categories have different ids."""
    lights = sections["lights"]
    assert isinstance(lights, Lights)
    if lights.root[0].at != 0:
        yield ("lights", 0, "at"), "the first light is lit from the start; write 0"
    for index, (earlier, later) in enumerate(zip(lights.root, lights.root[1:], strict=False), start=1):
        if later.at <= earlier.at:
            yield ("lights", index, "at"), f"must be more than {earlier.at:g} of the light before"
    for name in ("lights", "channels", "categories"):
        seen: set[str] = set()
        for index, row in enumerate(sections[name].root):  # type: ignore[attr-defined]
            if row.id in seen:
                yield (name, index, "id"), f"“{row.id}” is there twice"
            seen.add(row.id)


def register() -> None:
    """Register all sections and the checks across them."""
    for name, model in SECTIONS.items():
        registry.register_section(name, model)
    registry.register_check(_check)
