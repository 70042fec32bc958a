"""What a place may settle about cases: the sections of a rulebook that casework owns, each value with its source."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, get_args

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, model_validator

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel.workdays import Duration as WorkDuration
from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Duration, Name, Section, Share


def _days(text: str) -> WorkDuration:
    return WorkDuration.parse(text)


Shape = Literal["disc", "triangle", "diamond", "octagon", "ring", "square"]
Colour = Literal["green", "yellow", "orange", "red", "blue"]
Consequence = Literal[
    "remind",
    "list",
    "escalate",
    "supervision_order",
    "notify_supervision",
    "notify_discipline",
    "conference",
    "webhook",
]
Word = Literal["unsatisfied", "denied"]

_SHAPES = {"blue": "ring", "green": "disc", "yellow": "triangle", "orange": "diamond", "red": "octagon"}


class Light(Section):
    """A light: lit from a share of the time onward, with what follows by itself (钱塘: 60 % 黄, 80 % 橙, 100 % 红).

    also_when lights it at once, whatever the time, on the enterprise's word (定海: 不满意办理 is red). A light whose id
    is a colour takes that colour, and a light without a shape the shape of its colour.
    """

    id: Code
    name: BothNames
    at: Share
    colour: Colour = "green"
    shape: Shape = "disc"
    consequences: tuple[Consequence, ...] = ()
    also_when: tuple[Word, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _look(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        colour = given.get("colour", given.get("id") if given.get("id") in _SHAPES else "green")
        return {"colour": colour, "shape": _SHAPES.get(str(colour), "disc"), **given}


def _light(code: str, zh: str, en: str, at: float, *consequences: Consequence) -> Light:
    look = {"colour": code, "shape": _SHAPES[code]}
    return Light(id=code, name=Name(zh=zh, en=en), at=at, consequences=consequences, **look)


_ON_TRACK = _light("green", "正常", "On track", 0.0)


def _from_the_start(lights: tuple[Light, ...]) -> tuple[Light, ...]:
    """Put the green light before lights of which none is lit from the start."""
    return lights if lights and lights[0].at == 0 else (_ON_TRACK, *lights)


class Lights(RootModel[tuple[Light, ...]]):
    """All lights in ascending order; the first is lit from the start (a green one is added where none is)."""

    model_config = ConfigDict(frozen=True)
    root: Annotated[tuple[Light, ...], Field(min_length=1, max_length=12), AfterValidator(_from_the_start)] = (
        _ON_TRACK,
        _light("yellow", "关注", "Watch", 0.6, "remind"),
        _light("orange", "预警", "At risk", 0.8, "list"),
        _light("red", "超期", "Overdue", 1.0, "supervision_order", "escalate"),
    )


class Tier(Section):
    """Time limits of one tier (DOMAIN §1.2, recommended preset: sign 4 working hours, first contact 1 working day).

    supplement_within is how long the raiser has to supply what was asked for (as long as `silence.after`).
    """

    sign_within: Duration = _days("4wh")
    first_contact_within: Duration = _days("1wd")
    supplement_within: Duration = _days("5wd")
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
    """延期: asked for before expiry, once, at most ten working days (山东 2020), granted by the level above."""

    max_times: Annotated[int, Field(ge=0, le=5)] = 1
    max: Duration = _days("10wd")
    before_expiry: bool = True
    approver: Role = Role.COORDINATOR


class Suspension(Section):
    """挂账: reasons offered, the longest stop, how often a suspended case is reviewed, and who allows it."""

    reasons: tuple[BothNames, ...] = (
        Name(zh="等待司法或仲裁结果", en="Waiting for a court or arbitration"),
        Name(zh="等待上级政策或批复", en="Waiting for a decision from above"),
        Name(zh="企业要求暂缓", en="The enterprise asked to wait"),
        Name(zh="不可抗力", en="Force majeure"),
    )
    max: Duration = _days("90d")
    review_every: Duration = _days("10wd")
    approver: Role = Role.LEADER


class Returns(Section):
    """异议: once per department (潍坊), inside 1 working day; ruled on within 1; the third goes to the catch-all."""

    window: Duration = _days("1wd")
    max_per_unit: Annotated[int, Field(ge=0, le=5)] = 1
    ruling_within: Duration = _days("1wd")
    third_goes_to: Literal["catch_all"] = "catch_all"


class Within(Section):
    """A section with one time limit."""

    within: Duration = _days("3wd")


class Verification(Within):
    """核验: read the reply and call back within 3 working days (DOMAIN §1.2)."""


class Callback(Within):
    """回访: the enterprise is called back within 3 working days of the reply (DOMAIN §1.2)."""


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


FileType = Literal[
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "txt", "csv",
    "jpg", "png", "gif", "webp", "heic", "mp3", "m4a", "mp4", "zip",
]  # fmt: skip
_ALL_BUT_ARCHIVES: tuple[FileType, ...] = get_args(FileType)[:-1]


class Attachments(Section):
    """Files: the largest size in MiB, how many a case may have, and which types (told from the content)."""

    max_mb: Annotated[int, Field(ge=1, le=200)] = 20
    max_count: Annotated[int, Field(ge=1, le=200)] = 30
    types: Annotated[tuple[FileType, ...], Field(min_length=1)] = _ALL_BUT_ARCHIVES


class Numbering(Section):
    """How case numbers look; `{region}` keeps them unique across places."""

    pattern: Annotated[str, Field(pattern=r"^[A-Z]{1,6}-\{region\}-\{yymm\}-\{seq:0[4-7]d?\}$")] = (
        "BH-{region}-{yymm}-{seq:05}"
    )


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


class Board(Section):
    """A board of the service centre. `kind` says what it is for: service, zone, general (综合) or catch_all (兜底)."""

    code: Code
    name: BothNames
    kind: Literal["service", "zone", "general", "catch_all"] = "service"


def _board(code: str, zh: str, en: str, kind: Literal["service", "zone", "general", "catch_all"] = "service") -> Board:
    return Board(code=code, name=Name(zh=zh, en=en), kind=kind)


class Boards(RootModel[tuple[Board, ...]]):
    """The boards a place starts with: 综合 + 政策 金融 人才 法治 科创 开放 (Zhejiang's 1+6+N), then 兜底."""

    model_config = ConfigDict(frozen=True)
    root: Annotated[tuple[Board, ...], Field(min_length=1, max_length=40)] = (
        _board("general", "综合板块", "General board", "general"),
        _board("policy", "政策板块", "Policy board"),
        _board("finance", "金融板块", "Finance board"),
        _board("talent", "人才板块", "Talent board"),
        _board("law", "法治板块", "Law board"),
        _board("innovation", "科创板块", "Innovation board"),
        _board("opening", "开放板块", "Opening-up board"),
        _board("catch_all", "兜底板块", "Catch-all board", "catch_all"),
    )


SECTIONS: dict[str, type[BaseModel]] = {
    "lights": Lights,
    "tiers": Tiers,
    "acceptance": Acceptance,
    "extension": Extension,
    "suspension": Suspension,
    "returns": Returns,
    "verification": Verification,
    "callback": Callback,
    "rework": Rework,
    "reopen": Reopen,
    "silence": Silence,
    "duplicates": Duplicates,
    "attachments": Attachments,
    "numbering": Numbering,
    "channels": Channels,
    "categories": Categories,
    "boards": Boards,
}

Found = Iterable[tuple[tuple[str | int, ...], str]]


def _check(sections: Mapping[str, BaseModel]) -> Found:
    """Yield what no section can see alone or in one field: order, things there twice, limits that cannot both hold."""
    yield from _check_lights(sections["lights"].root)  # type: ignore[attr-defined]
    for name in ("channels", "categories", "boards"):
        yield from _check_twice(name, [getattr(row, "id", None) or row.code for row in sections[name].root])  # type: ignore[attr-defined]
    yield from _check_boards(sections["boards"].root)  # type: ignore[attr-defined]
    yield from _check_limits(sections)


def _check_lights(lights: tuple[Light, ...]) -> Found:
    """Lights ascend, and each can be told from the others by its id and by its look."""
    own = lights[1:] if lights[0] is _ON_TRACK else lights
    yield from _check_twice("lights", [light.id for light in own])
    for index, light in enumerate(own):
        if index and light.at <= own[index - 1].at:
            facts = {"at": f"{light.at:.0%}", "before": f"{own[index - 1].at:.0%}", "light": own[index - 1].id}
            yield ("lights", index, "at"), _("%(at)s must be more than %(before)s, where “%(light)s” begins") % facts
        if (light.colour, light.shape) in {(other.colour, other.shape) for other in own[:index]}:
            yield ("lights", index, "shape"), _("another light looks the same; give it another colour or shape")


def _check_twice(name: str, codes: list[str]) -> Found:
    key = "code" if name == "boards" else "id"
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield (name, index, key), _("“%(code)s” is already there; use another name or delete one") % {"code": code}


def _check_boards(boards: tuple[Board, ...]) -> Found:
    """Somebody always has the last word: one catch-all board and one general board."""
    for kind in ("general", "catch_all"):
        if [board.kind for board in boards].count(kind) != 1:
            facts = {"kind": kind}
            yield ("boards",), _("exactly one board needs kind: %(kind)s") % facts


def _check_limits(sections: Mapping[str, BaseModel]) -> Found:
    """Inner limits end before the limit around them, as far as both are counted in the same unit."""
    for tier in ("ordinary", "complex", "hard"):
        limits = getattr(sections["tiers"], tier)
        for inner in ("sign_within", "first_contact_within"):
            within = getattr(limits, inner)
            if within.unit == limits.due.unit and within.amount > limits.due.amount:
                facts = {"within": within, "due": limits.due}
                yield ("tiers", tier, inner), _("%(within)s is longer than the whole limit, due: %(due)s") % facts
    for section in ("extension", "suspension"):
        if sections[section].approver not in _APPROVERS:  # type: ignore[attr-defined]
            facts = {"known": ", ".join(_APPROVERS)}
            yield (section, "approver"), _("the level above approves; one of: %(known)s") % facts


_APPROVERS = (Role.COORDINATOR, Role.CATCH_ALL, Role.BOARD_HEAD, Role.LEADER, Role.SUPERVISION_OFFICE)
"""Who stands above the handling department; no department may extend or stop its own clock."""


def register() -> None:
    """Register all sections and the checks across them."""
    for name, model in SECTIONS.items():
        registry.register_section(name, model)
    registry.register_check(_check)
