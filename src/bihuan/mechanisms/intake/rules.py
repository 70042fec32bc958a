"""How a row of a foreign register becomes a matter: names of columns, instants, and one mapping. Pure."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

HEADINGS: dict[str, tuple[str, ...]] = {
    "title": ("title", "标题", "主题", "留言主题", "诉求标题", "问题标题"),
    "description": ("description", "内容", "描述", "详情", "留言详情", "诉求内容", "问题描述"),
    "region": ("region", "区划代码", "行政区划代码", "区划"),
    "source": ("source", "来源系统"),
    "source_id": ("source_id", "来源编号", "工单编号", "留言编号", "编号"),
    "raised_at": ("raised_at", "提出时间", "留言时间", "受理时间", "时间"),
    "channel": ("channel", "渠道", "来源"),
    "enterprise": ("enterprise_uscc", "credit_code", "统一社会信用代码", "信用代码", "enterprise"),
    "enterprise_name": ("enterprise_name", "企业名称", "企业", "enterprise"),
    "category": ("category", "类别", "分类", "一级标签", "一级分类"),
    "board": ("board", "板块"),
    "department": ("department", "lead_department", "部门代码", "牵头部门"),
    "place": ("place", "地点"),
    "target_at": ("target_at", "due_at", "办理时限", "到期时间"),
    "reply_text": ("reply_text", "reply", "答复意见", "答复内容", "答复"),
    "replied_at": ("replied_at", "答复时间"),
    "closed_at": ("closed_at", "办结时间"),
    "closed_kind": ("closed_kind", "closed_as", "办结类型"),
    "contact_name": ("contact_name", "联系人", "留言用户"),
    "contact_phone": ("contact_phone", "联系电话", "电话"),
}
"""Field → headings that are understood without a mapping, the best first; those of our own export are among them."""

INSTANTS = frozenset({"raised_at", "target_at", "replied_at", "closed_at"})
NEEDED = ("region", "source_id", "raised_at")
"""What no matter can do without (its title may be taken from its description)."""

FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y年%m月%d日",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日 %H:%M:%S",
)
"""Ways of writing an instant that mean one thing only. Others (day or month first?) have to be named in a mapping."""
EXCEL_EPOCH = dt.datetime(1899, 12, 30)


def _field(name: str) -> str:
    if name not in HEADINGS:
        raise ValueError(f"there is no field {name}; there are {', '.join(HEADINGS)}")
    return name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("no time zone of this name, such as Asia/Shanghai") from error
    return name


FieldName = Annotated[str, AfterValidator(_field)]


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

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    source: Annotated[str, Field(max_length=40)] = ""
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    columns: dict[FieldName, str | list[str]] = Field(default_factory=dict)
    constants: dict[FieldName, str] = Field(default_factory=dict)
    values: dict[FieldName, Values] = Field(default_factory=dict)
    formats: list[str] = Field(default_factory=list)


class RowWrong(ValueError):
    """A row cannot become a matter: `field` and `code` say where and why."""

    def __init__(self, field: str, code: str) -> None:
        self.field, self.code = field, code
        super().__init__(f"{field}: {code}")


def resolve(mapping: ColumnMap, headings: Sequence[str]) -> dict[str, list[str]]:
    """Return field → headings that are there, by the mapping first and by the usual headings otherwise.

    A heading that the mapping uses is not guessed to be another field as well. Raises RowWrong: `column_missing` for a
    heading that the mapping names and the file has not, `column_twice` for one that is there twice, `column_needed`
    for a field that every matter needs and nothing gives.
    """
    present = {_folded(heading): heading for heading in headings}
    found: dict[str, list[str]] = {}
    for field, named in mapping.columns.items():
        wanted = [named] if isinstance(named, str) else named
        missing = [name for name in wanted if _folded(name) not in present]
        if missing:
            raise RowWrong(missing[0], "column_missing")
        found[field] = [present[_folded(name)] for name in wanted]
    taken = {heading for used in found.values() for heading in used}
    for field, usual in HEADINGS.items():
        if field in found or field in mapping.constants:
            continue
        names = (present.get(_folded(name)) for name in usual)
        guess = next((name for name in names if name is not None and name not in taken), None)
        if guess is not None:
            found[field] = [guess]
            taken.add(guess)
    twice = [name for name, times in Counter(map(_folded, headings)).items() if times > 1 and present[name] in taken]
    if twice:
        raise RowWrong(present[twice[0]], "column_twice")
    for field in NEEDED:
        if field not in found and field not in mapping.constants:
            raise RowWrong(field, "column_needed")
    return found


def translate(row: Mapping[str, Any], columns: Mapping[str, Sequence[str]], mapping: ColumnMap) -> dict[str, Any]:
    """Return field → value of one row: texts, and instants in UTC; what is empty is left out.

    Raises RowWrong (`instant_wrong`, `value_wrong` for a cell that is a list or an object).
    """
    result: dict[str, Any] = {}
    for field, text in mapping.constants.items():
        result[field] = read_instant(text, mapping, field) if field in INSTANTS else text
    for field, headings in columns.items():
        given = [row.get(heading) for heading in headings]
        if any(isinstance(value, (list, dict)) for value in given):
            raise RowWrong(field, "value_wrong")
        if field in INSTANTS:
            if (instant := read_instant(given[0], mapping, field)) is not None:
                result[field] = instant
            continue
        text = "\n".join(str(value).strip() for value in given if value not in (None, ""))
        rule = mapping.values.get(field)
        if rule is not None:
            text = rule.map.get(text, text if rule.default is None else rule.default)
        if text:
            result[field] = text
    return result


def read_instant(value: Any, mapping: ColumnMap, field: str) -> dt.datetime | None:
    """Return an instant (UTC) from a cell: a date, a text in one of the formats, ISO 8601, or a day number of Excel.

    None for an empty cell. Raises RowWrong (`instant_wrong`).
    """
    if value is None or value == "":
        return None
    try:
        local = _local(value, mapping.formats)
        if local is None:
            return None
        zone = local.tzinfo or ZoneInfo(mapping.timezone)
        # In UTC, because Python compares and subtracts instants of one zone by their wall clocks.
        return local.replace(tzinfo=zone).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise RowWrong(field, "instant_wrong") from error


def _local(value: Any, formats: Sequence[str]) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    text = str(value).strip()
    if not text:
        return None
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        whole = EXCEL_EPOCH + dt.timedelta(days=float(text))
        return (whole + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    for form in formats:
        try:
            return dt.datetime.strptime(text, form)
        except ValueError:
            continue
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in FORMATS:
        try:
            return dt.datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(text)


def _folded(heading: str) -> str:
    return re.sub(r"[\s_]+", "", heading).lower()
