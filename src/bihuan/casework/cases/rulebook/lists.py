"""The lists of a place: files, numbers, channels, categories, boards."""

from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, RootModel, field_validator

from bihuan.foundation.rulebooks.sections import BothNames, Code, Name, Section

FileType = Literal[
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "txt", "csv",
    "jpg", "png", "gif", "webp", "heic", "mp3", "m4a", "wav", "ogg", "webm", "mp4", "zip",
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


BELOW = _channel("below", "下级上报", "Sent up from below")
"""What the levels below send up; a place need not list it to receive it."""


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
        BELOW,
        _channel("bulk", "批量导入", "Bulk import"),
    )

    @field_validator("root")
    @classmethod
    def _from_below(cls, listed: tuple[Channel, ...]) -> tuple[Channel, ...]:
        return listed if any(row.id == BELOW.id for row in listed) else (*listed, BELOW)

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
