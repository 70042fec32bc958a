"""Editions as pages: for those who check and decide, and for the public."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui.components import Option
from bihuan.foundation.workcalendar import wording as workcalendar

from .. import exports, permissions, schemas, wording
from ..models import Edition
from ..rulebook import Scoreboard
from ..rules import periods
from ..rules.counting import Level
from . import rows

FILES = (("pdf", "PDF"), ("xlsx", "Excel"), ("png", "PNG"), ("svg", "SVG"), ("csv", "CSV"), ("json", "JSON"))
FORMS = ("send_for_check", "publish", "take_back", "freeze")
"""Actions on the edition as a whole; remarks have their own place."""


def edition(found: Edition, actor: Actor, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context of one edition."""
    level = wanted.get("by") if wanted.get("by") in set(Level) else Level.DEPARTMENT.value
    actions = schemas.actions(found, actor)
    remarks = list(found.remarks.all())
    names = directory.names_of_departments([one.department for one in remarks])
    if permissions.is_rated(actor):
        mine = permissions.own_departments(actor)
        remarks = [one for one in remarks if str(one.department) in mine]
    region = directory.region(found.region)
    return {
        "found": found,
        "place": region.name if region else found.region,
        "period": periods.written(found.month),
        "state": wording.STATES[found.state],
        "audience": wording.AUDIENCES.get(found.audience, ""),
        "tabs": [Option(label=wording.LEVELS[one], url=f"?by={one}", current=one == level) for one in wording.LEVELS],
        "sections": rows.sections(found.content["levels"][level], rule=_rule(found)),
        "files": FILES,
        "forms": [(name, wording.ACTIONS[name]) for name in actions if name in FORMS],
        "may_remark": "remark" in actions,
        "may_answer": "answer_remark" in actions,
        "may_correct": found.state in ("published", "frozen")
        and permissions.can_edition(actor, "send_for_check", found.region),
        "remarks": [(one, names.get(str(one.department), "")) for one in remarks],
        "audiences": wording.AUDIENCES.items(),
    }


def _rule(found: Edition) -> Scoreboard:
    return rulebooks.version(found.rulebook_version).section(Scoreboard)


def public(found: Sequence[Edition], wanted: Mapping[str, Any], *, least: int) -> dict[str, Any]:
    """Return the context of the public page: the month asked for (else the newest), its versions, and the months."""
    month = periods.read(str(wanted.get("period") or "")) or found[0].month
    versions = [row for row in found if row.month == month] or [row for row in found if row.month == found[0].month]
    asked = str(wanted.get("version") or "")
    shown = next((row for row in versions if str(row.version) == asked), versions[0])
    content = exports.for_public(shown.content, least=least)
    months = sorted({row.month for row in found}, reverse=True)
    return {
        "found": shown,
        "newest": versions[0],
        "place": content["region_name"],
        "period": periods.written(shown.month),
        "versions": versions,
        "months": [
            Option(label=periods.written(one), url=f"?period={periods.written(one)}", current=one == shown.month)
            for one in months
        ],
        "tables": [
            (wording.LEVELS[level], rows.sections(content["levels"][level], rule=_rule(shown)))
            for level in (Level.DEPARTMENT, Level.BOARD)
        ],
        "files": [(name, _address(shown, form)) for form, name in FILES],
        "meanings": rows.meanings(_rule(shown)),
        "least": least,
        "rule": _rule(shown),
        "check_for": workcalendar.duration(_rule(shown).check_for),
        "title": _("Scoreboard of %(period)s") % {"period": periods.written(shown.month)},
    }


def _address(found: Edition, form: str) -> str:
    return reverse("scoreboard:public_file", args=[found.region, periods.written(found.month), found.version, form])
