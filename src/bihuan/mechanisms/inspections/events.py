"""What happens around inspections: events for others, and facts with their wordings."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CheckChanged(Event):
    """A check was registered, refused by the gate, approved, made, reviewed or ended; never how it was rated."""

    check_id: uuid.UUID
    region: str
    enterprise_id: uuid.UUID
    department_id: uuid.UUID
    fact: str
    state: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class ClassChanged(Event):
    """An enterprise was rated, objected, or its objection was decided."""

    standing_id: uuid.UUID
    region: str
    enterprise_id: uuid.UUID
    grade: str
    fact: str
    state: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class DrawChanged(Event):
    """A random draw was committed to, its pool was fixed, it was drawn, or it was voided. Never the seed."""

    draw_id: uuid.UUID
    region: str
    department_id: uuid.UUID
    fact: str
    state: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class RepairChanged(Event):
    """The repair of an enterprise's credit moved."""

    repair_id: uuid.UUID
    region: str
    enterprise_id: uuid.UUID
    department_id: uuid.UUID
    fact: str
    state: str
    at: dt.datetime


WORDINGS = {
    "inspections.item_entered": _("{actor} entered the item “{name}”"),
    "inspections.power_entered": _("{actor} entered the power to check of “{name}”"),
    "inspections.officer_entered": _("{actor} entered the officer “{name}”"),
    "inspections.sheltered_entered": _("{actor} put “{name}” up for the whitelist"),
    "inspections.leniency_entered": _("{actor} entered the lenient rule for “{name}”"),
    "inspections.publish": _("{actor} published it"),
    "inspections.withdraw": _("{actor} withdrew it: {text}"),
    "inspections.recuse": _("{actor} noted that this officer does not check “{name}”: {text}"),
    "inspections.records_entered": _("{actor} entered records from “{name}”: {kept} new, {known} known, {wrong} wrong"),
    "inspections.class_rated": _("Rated {grade} for {year} with {points} points"),
    "inspections.class_object_class": _("The enterprise objected: {text}"),
    "inspections.class_let_stand": _("Nobody objected in time"),
    "inspections.class_uphold": _("{actor} upheld the objection, now {grade}: {text}"),
    "inspections.class_reject": _("{actor} did not uphold the objection: {text}"),
    "inspections.repair_asked": _("{actor} asked how the credit can be repaired: {name}"),
    "inspections.repair_guide": _("{actor} told what is needed: {text}"),
    "inspections.repair_apply": _("{actor} applied: {text}"),
    "inspections.repair_return_application": _("{actor} said what is missing: {text}"),
    "inspections.repair_repair": _("{actor} repaired it: {text}"),
    "inspections.repair_sync": _("{actor} had it passed on to where it is published: {text}"),
    "inspections.repair_withdraw_repair": _("{actor} withdrew it: {text}"),
    "inspections.repair_late": _("A time limit ran out: {clock}"),
    "inspections.draw_committed": _(
        "{actor} committed to a draw of {count}; hash of the seed {seed_hash}, draw at {at}"
    ),
    "inspections.draw_fix_pool": _(
        "{actor} fixed the pool: {targets} enterprises, {officers} officers, hash {pool_hash}"
    ),
    "inspections.draw_draw": _("{actor} revealed the seed {seed} and drew: {registered} checks, {spared} spared"),
    "inspections.draw_void": _("{actor} voided the draw; its seed was {seed}: {text}"),
    "inspections.check_registered": _("{actor} registered the check {number} for {on}"),
    "inspections.check_refuse": _("The gate refused what {actor} wanted to register for {on}: {count} reasons"),
    "inspections.check_approve": _("{actor} approved the part of “{name}”"),
    "inspections.check_join": _("{actor} let “{name}” go along"),
    "inspections.check_arrive": _("{actor} arrived with the approved bodies"),
    "inspections.check_report": _("{actor} reported: {problems} of {items} items with a problem"),
    "inspections.check_review": _("{actor} reviewed it: {text}"),
    "inspections.check_rated": _("The enterprise rated it"),
    "inspections.check_call_off": _("{actor} called it off: {text}"),
    "inspections.check_lapse": _("Its day passed, and nobody came"),
    "inspections.check_late": _("A time limit ran out: {clock}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
