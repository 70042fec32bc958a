"""What a place may settle about cases: the sections of a rulebook that casework owns, and the checks across them."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from pydantic import BaseModel

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.rulebooks import registry

from .lists import Attachments, Board, Boards, Categories, Category, Channel, Channels, Numbering
from .times import (
    ON_TRACK,
    Acceptance,
    Callback,
    Consequence,
    Duplicates,
    Extension,
    Fallback,
    Grounds,
    Light,
    Lights,
    Reopen,
    Returns,
    Rework,
    Silence,
    Suspension,
    Tier,
    Tiers,
    Urging,
    Verification,
)

__all__ = [
    "Acceptance",
    "Attachments",
    "Board",
    "Boards",
    "Callback",
    "Categories",
    "Category",
    "Channel",
    "Channels",
    "Consequence",
    "Duplicates",
    "Extension",
    "Fallback",
    "Grounds",
    "Light",
    "Lights",
    "Numbering",
    "Reopen",
    "Returns",
    "Rework",
    "Silence",
    "Suspension",
    "Tier",
    "Tiers",
    "Urging",
    "Verification",
    "register",
]

SECTIONS: dict[str, type[BaseModel]] = {
    "lights": Lights,
    "fallback": Fallback,
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
    "urging": Urging,
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
    own = lights[1:] if lights[0] is ON_TRACK else lights
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
        for inner in ("sign_within", "first_contact_within", "plan_within"):
            within = getattr(limits, inner)
            if within is not None and within.unit == limits.due.unit and within.amount > limits.due.amount:
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
