"""What rulebook sections are made of: the base class, the shared kinds of value, and the sections of the core."""

import difflib
import re
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, RootModel, model_validator
from pydantic_core import PydanticCustomError

from bihuan.foundation.kernel import text, workdays


class Section(BaseModel):
    """Base of every section and of its parts: unknown keys are refused, nothing can be changed afterwards.

    Give every field a default; state the same value, with its source, in `default.yaml`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def wrong(message: str) -> PydanticCustomError:
    """Return the error a validator raises; `message` is one sentence for the person who wrote the file."""
    return PydanticCustomError("rulebook", "{message}", {"message": message})


_UNITS = (
    (r"(工作日|个工作日|working days?|workdays?|wd)", "wd"),
    (r"(个?工作小时|working hours?|wh)", "wh"),
    (r"(天|日|个?自然日|days?|d)", "d"),
    (r"(个?小时|时|hours?|h)", "h"),
    (r"(分钟|分|minutes?|mins?|min)", "min"),
)


def _duration(value: Any) -> Any:
    if isinstance(value, workdays.Duration):
        return value
    if isinstance(value, str):
        try:
            return workdays.Duration.parse(value)
        except ValueError:
            pass
    hint = _meant(value)
    if hint:
        raise wrong(_("“%(value)s” is no duration; write %(hint)s") % {"value": value, "hint": hint})
    raise wrong(
        _("“%(value)s” is no duration; write 5wd (working days), 4wh (working hours), 15d (natural days), 24h or 30min")
        % {"value": str(value)[:40]}
    )


def _meant(value: Any) -> str:
    """Return the written form that `value` most likely stands for, or an empty text."""
    match = re.fullmatch(r"0*([1-9][0-9]{0,3})\s*(\D+)", str(value).strip().lower())
    if match:
        for pattern, unit in _UNITS:
            if re.fullmatch(pattern, match[2].strip()):
                return f"{match[1]}{unit}"
    return f"{value}wd" if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1000 else ""


Duration = Annotated[workdays.Duration, BeforeValidator(_duration), PlainSerializer(str, return_type=str)]
"""A length of time, written `5wd`, `4wh`, `15d`, `24h` or `30min`; in Python a kernel.workdays.Duration."""


def _share(value: Any) -> Any:
    if isinstance(value, str) and (match := re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*[%％]", value.strip())):
        value = round(float(match[1]) / 100, 6)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(_("“%(value)s” is no share; write 60%% or 0.6") % {"value": str(value)[:40]})
    if not 0 <= value <= 5:
        raise wrong(_("“%(value)s” is no share; write %(value)s%% or a number such as 0.6") % {"value": value})
    return float(value)


Share = Annotated[float, BeforeValidator(_share)]
"""A share of a whole, written `60%` or `0.6`; in Python a float, at most 5 (500 %)."""


def _code(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", value, re.ASCII):
        raise wrong(_("“%(value)s” is no id; write lower-case letters, digits and _") % {"value": str(value)[:40]})
    return value


Code = Annotated[str, BeforeValidator(_code)]
"""An identifier in lower case: letters, digits and underscores."""


class Name(Section):
    """A name in both languages. A single text stands for both."""

    zh: Annotated[str, Field(min_length=1, max_length=60)]
    en: Annotated[str, Field(min_length=1, max_length=80)]

    def in_language(self, language: str) -> str:
        """Return the Chinese name for Chinese readers, the English one for all others."""
        return text.in_language(self.in_both(), language)

    def in_both(self) -> dict[str, str]:
        """Return both names as facts and notices keep them, so that each reader gets his own."""
        return {"zh": self.zh, "en": self.en}


def _name(value: Any) -> Any:
    return {"zh": value, "en": value} if isinstance(value, str) else value


BothNames = Annotated[Name, BeforeValidator(_name)]
"""`{zh: 黄灯, en: Yellow}`, or one text for both languages."""


class Title(RootModel[BothNames]):
    """Whose rulebook this is; shown in lists."""

    model_config = ConfigDict(frozen=True)
    root: BothNames = Name(zh="本地", en="Local")


def _region(value: Any) -> Any:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not re.fullmatch(r"\d{6}|\d{9}", text, re.ASCII):
        raise wrong(_('a region is a GB/T 2260 code of six digits (nine for a town); for example: "330114"'))
    return text


class HomeRegion(RootModel[Annotated[str, BeforeValidator(_region)]]):
    """Where the rulebook comes from. It may be applied elsewhere too."""

    model_config = ConfigDict(frozen=True)
    root: Annotated[str, BeforeValidator(_region)] = "000000"


def _sessions(value: Any) -> Any:
    text = ", ".join(map(str, value)) if isinstance(value, list) else value
    try:
        if str(text).strip():
            workdays.OfficeHours.parse(str(text))
    except ValueError:
        raise wrong(_("“%(value)s” are no hours; write 08:30-17:30") % {"value": str(text)[:60]}) from None
    return text


def _timezone(value: Any) -> Any:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise wrong(_("“%(value)s” is no time zone; write Asia/Shanghai") % {"value": str(value)[:40]}) from None
    return value


Sessions = Annotated[str, BeforeValidator(_sessions)]
"""Spans of hours like `08:30-17:30`, several as a list or divided by commas."""


class Calendar(Section):
    """Office hours: which hours count as working time. Which days count comes from the official notices.

    after_hours says when a receipt after closing counts: `same_day` (that calendar day) or `next_day` (the next
    working day).
    """

    office_hours: Sessions = "08:30-17:30"
    breaks: Sessions = "12:00-13:30"
    timezone: Annotated[str, BeforeValidator(_timezone)] = "Asia/Shanghai"
    after_hours: workdays.AfterHours = workdays.AfterHours.SAME_DAY

    @model_validator(mode="after")
    def _makes_sense(self) -> "Calendar":
        try:
            self.hours()
        except ValueError:
            raise wrong(_("these hours and breaks leave no working time; write 08:30-17:30 and 12:00-13:30")) from None
        return self

    def hours(self) -> workdays.OfficeHours:
        """Return the office hours for the arithmetic of working time."""
        return workdays.OfficeHours.parse(
            self.office_hours, breaks=self.breaks, timezone=self.timezone, after_hours=self.after_hours
        )


def nearest(word: str, known: list[str]) -> str:
    """Return the known name most like `word`, or an empty text."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.6)), "")
