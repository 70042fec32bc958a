"""How a row of a foreign register becomes a matter: names of columns, instants, and one mapping. Pure."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

FIELDS = (
    "title description region source_id raised_at channel enterprise enterprise_name category board department place"
    " target_at reply_text replied_at closed_at closed_kind contact_name contact_phone"
).split()
INSTANTS = frozenset({"raised_at", "target_at", "replied_at", "closed_at"})

HEADINGS: dict[str, tuple[str, ...]] = {
    "title": ("title", "标题", "主题", "留言主题", "诉求标题", "问题标题"),
    "description": ("description", "内容", "描述", "详情", "留言详情", "诉求内容", "问题描述"),
    "region": ("region", "区划代码", "行政区划代码"),
    "source_id": ("source_id", "编号", "工单编号", "留言编号", "来源编号"),
    "raised_at": ("raised_at", "时间", "留言时间", "提出时间", "受理时间"),
    "channel": ("channel", "渠道"),
    "enterprise": ("enterprise", "统一社会信用代码", "信用代码"),
    "enterprise_name": ("enterprise_name", "企业", "企业名称"),
    "category": ("category", "类别", "分类", "一级标签", "一级分类"),
    "board": ("board", "板块"),
    "department": ("department", "部门代码"),
    "place": ("place", "地点"),
    "target_at": ("target_at", "办理时限", "到期时间"),
    "reply_text": ("reply_text", "答复意见", "答复内容"),
    "replied_at": ("replied_at", "答复时间"),
    "closed_at": ("closed_at", "办结时间"),
    "closed_kind": ("closed_kind", "办结类型"),
    "contact_name": ("contact_name", "联系人", "留言用户"),
    "contact_phone": ("contact_phone", "联系电话", "电话"),
}
"""Headings that are understood without a mapping."""

FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y年%m月%d日",
    "%m/%d/%Y",
)
EXCEL_EPOCH = dt.datetime(1899, 12, 30)


class Values(BaseModel):
    """Words of the other register → words here; `default` for all others (without it, the word itself)."""

    model_config = ConfigDict(extra="forbid")

    map: dict[str, str] = Field(default_factory=dict)
    default: str | None = None


class ColumnMap(BaseModel):
    """A mapping file: where each field comes from.

    columns: field → heading, or a list of headings whose texts are joined. constants: field → the same text for all.
    values: field → translation of words. formats: how instants are written (strptime), tried in order. timezone: of
    instants without offset. source: what this register is called, half of what makes a row known again.
    """

    model_config = ConfigDict(extra="forbid")

    source: Annotated[str, Field(min_length=1, max_length=40)] = ""
    timezone: str = "Asia/Shanghai"
    columns: dict[str, str | list[str]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    values: dict[str, Values] = Field(default_factory=dict)
    formats: list[str] = Field(default_factory=list)


class RowWrong(ValueError):
    """A row cannot become a matter: `field` and `code` say where and why."""

    def __init__(self, field: str, code: str) -> None:
        self.field, self.code = field, code
        super().__init__(f"{field}: {code}")


def resolve(mapping: ColumnMap, headings: Sequence[str]) -> dict[str, list[str]]:
    """Return field → headings that are there, by the mapping first and by the usual headings otherwise.

    Raises RowWrong (`column_missing`) for a heading that the mapping names and the file has not,
    (`field_unknown`) for a field there is none of.
    """
    present = {_folded(heading): heading for heading in headings}
    found: dict[str, list[str]] = {}
    for field, named in mapping.columns.items():
        if field not in FIELDS:
            raise RowWrong(field, "field_unknown")
        wanted = [named] if isinstance(named, str) else named
        missing = [name for name in wanted if _folded(name) not in present]
        if missing:
            raise RowWrong(missing[0], "column_missing")
        found[field] = [present[_folded(name)] for name in wanted]
    for field in FIELDS:
        if field not in found and field not in mapping.constants:
            usual = next((present[_folded(name)] for name in HEADINGS[field] if _folded(name) in present), None)
            if usual is not None:
                found[field] = [usual]
    return found


def translate(row: Mapping[str, Any], columns: Mapping[str, Sequence[str]], mapping: ColumnMap) -> dict[str, Any]:
    """Return field → value of one row: texts, and aware instants. Raises RowWrong (`instant_wrong`)."""
    result: dict[str, Any] = dict(mapping.constants)
    for field, headings in columns.items():
        given = [row.get(heading) for heading in headings]
        if field in INSTANTS:
            instant = read_instant(given[0], mapping, field)
            if instant is not None:
                result[field] = instant
            continue
        text = "\n".join(str(value).strip() for value in given if value not in (None, ""))
        rule = mapping.values.get(field)
        if rule is not None:
            text = rule.map.get(text, text if rule.default is None else rule.default)
        if text:
            result[field] = text
    for field, value in list(result.items()):
        if field in INSTANTS and isinstance(value, str):
            result[field] = read_instant(value, mapping, field)
    return result


def read_instant(value: Any, mapping: ColumnMap, field: str) -> dt.datetime | None:
    """Return an aware instant from a cell: a date, a text in one of the formats, ISO 8601, or a day number of Excel."""
    if value is None or value == "":
        return None
    zone = ZoneInfo(mapping.timezone)
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(), zone)
    text = str(value).strip()
    if isinstance(value, int | float) or re.fullmatch(r"\d{5}(\.\d+)?", text):
        return (EXCEL_EPOCH + dt.timedelta(days=float(text))).replace(microsecond=0, tzinfo=zone)
    for form in (*mapping.formats, *FORMATS):
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise RowWrong(field, "instant_wrong") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _folded(heading: str) -> str:
    return re.sub(r"\s+", "", str(heading)).lower()
