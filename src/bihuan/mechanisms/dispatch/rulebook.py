"""What a place may settle about proposals and dispatching (section `routing`)."""

from typing import Annotated, Literal

from pydantic import Field

from bihuan.foundation.rulebooks import registry
from bihuan.foundation.rulebooks.sections import Section, Share

Kind = Literal["bureau", "town", "centre", "supervisor", "utility"]
Sure = Annotated[Share, Field(ge=0.3, le=1)]


class Sureness(Section):
    """From which confidence on the text model's word is proposed, for each part; below it nothing is proposed."""

    category: Sure = 0.5
    tier: Sure = 0.5
    board: Sure = 0.5
    lead: Sure = 0.5
    co: Sure = 0.6


class Routing(Section):
    """研判派单: who may not be given a matter (国办函〔2025〕66号: nothing of a department's is pushed down to a town).

    never_down_to: kinds of units that get nothing which the catalogue gives to a unit of another kind, unless it names
    them too. urgent_words: signs of an urgent and worrying matter (急难愁盼). catalogue_guards: whether the catalogue
    refuses a dispatch, or only proposes. learn: whether a text model is trained on this place's decisions.
    """

    sure_from: Sureness = Sureness()
    never_down_to: tuple[Kind, ...] = ("town",)
    catalogue_guards: bool = True
    learn: bool = True
    urgent_words: Annotated[tuple[Annotated[str, Field(min_length=2, max_length=20)], ...], Field(max_length=100)] = (
        "停工",
        "停产",
        "停电",
        "断电",
        "停水",
        "断供",
        "发不出工资",
        "拖欠工资",
        "欠薪",
        "资金链断",
        "账户被冻结",
        "查封",
        "坍塌",
        "爆炸",
        "中毒",
        "燃气泄漏",
        "受伤",
        "生命危险",
    )


def register() -> None:
    """Register the section."""
    registry.register_section("routing", Routing)
