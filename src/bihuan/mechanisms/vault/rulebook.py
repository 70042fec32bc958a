"""What a place may settle about reports on staff and clues (section `vault`)."""

from typing import Annotated

from pydantic import Field

from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import BothNames, Code, Name, Section


class Kind(Section):
    """What a report may be about (政务处分法 38、39、32(3); 优化营商环境条例 69)."""

    id: Code
    name: BothNames


def _kind(ident: str, zh: str, en: str) -> Kind:
    return Kind(id=ident, name=Name(zh=zh, en=en))


class Vault(Section):
    """问题线索 (O5): whether the public may report, about what, and how long two officers and a decision may take."""

    reports: bool = True
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)] = (
        _kind("favours", "吃拿卡要", "Asks for favours"),
        _kind("obstruct", "故意刁难、推诿", "Makes difficulties on purpose"),
        _kind("inaction", "不作为、慢作为", "Does not act, or slowly"),
        _kind("abuse", "滥用职权、乱收费乱罚款", "Abuses power, fees or fines"),
        _kind("leak", "泄露商业秘密", "Tells business secrets"),
        _kind("retaliate", "打击报复", "Retaliates"),
        _kind("other", "其他", "Something else"),
    )
    confirm_hours: Annotated[int, Field(ge=1, le=168)] = 24
    decide_days: Annotated[int, Field(ge=1, le=90)] = 30


def register() -> None:
    """Register the section."""
    registry.register_section("vault", Vault)
