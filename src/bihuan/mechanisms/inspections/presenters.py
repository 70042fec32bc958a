"""What pages of inspections show."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import presenters as timelines
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import answers
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui.components import Option

from . import permissions, selectors, wording
from .models import Check, Draw, Repair, Standing
from .rulebook import Inspections


def tabs(current: str, actor: Actor) -> list[Option]:
    """Return the views of inspections that the reader may open."""
    roles = set(actor.reader.roles) if actor.reader else set()
    pages = [("checks", _("Checks"), reverse("inspections:checks"))]
    if roles & set(permissions.ENFORCERS):
        pages.append(("new", _("Register a check"), reverse("inspections:new")))
    pages.append(("classes", _("Classes"), reverse("inspections:classes")))
    pages.append(("draws", _("Random draws"), reverse("inspections:draws")))
    pages.append(("figures", _("Figures"), reverse("inspections:figures")))
    pages.append(("repairs", _("Credit repair"), reverse("inspections:repairs")))
    pages += [(name, word, reverse("inspections:list", args=[name])) for name, word in wording.LISTS.items()]
    return [Option(label=label, url=url, current=name == current) for name, label, url in pages]


def book(region: str, now: dt.datetime) -> Inspections:
    """Return what the rulebook in force says."""
    return rulebooks.in_force(region, now).section(Inspections)


def categories(region: str, now: dt.datetime) -> dict[str, str]:
    """Return category → name in the reader's language."""
    language = get_language() or "zh-hans"
    return {one.id: one.name.in_language(language) for one in book(region, now).categories}


def grades(found: Inspections) -> list[dict[str, Any]]:
    """Return the classes of a place in words: up to how many points, and what each means."""
    language = get_language() or "zh-hans"
    return [
        {
            "id": one.id,
            "name": one.name.in_language(language),
            "up_to": one.up_to,
            "exempt": one.exempt,
            "caps": [(cap.most, wording.PER[cap.per]) for cap in one.caps],
        }
        for one in found.classes.grades
    ]


def reasons(kept: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the gate said, in words: what stands against it, by which rule, and what would be allowed."""
    shown = []
    for one in kept:
        more = {"body": "", "name": "", "day": "", "number": "", "on": "", "grade": "", "most": 0, "have": 0}
        more |= {key: value for key, value in one.items() if key in more}
        per, name = one.get("per", ""), str(one.get("name", ""))
        more["what"] = f"{wording.PER[per]} {names.get(name, name)}".strip() if per else ""
        more["days"] = "、".join(map(str, one.get("taken", ()))) or "—"
        wrong, allowed = wording.REASONS[one["code"]]
        url = reverse("inspections:checks") + f"?number={more['number']}" if more["number"] else ""
        shown.append(
            {"wrong": str(wrong) % more, "allowed": str(allowed) % more, "rule": one.get("rule", ""), "url": url}
        )
    return shown


def rows(found: Sequence[Check]) -> list[tuple[Check, Any, Any]]:
    """Return checks with the words for kind and state."""
    return [(one, wording.KINDS[one.kind], wording.CHECK_STATES[one.state]) for one in found]


def check(found: Check, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one check shows."""
    parts = selectors.parts_of(found)
    items = {one.id: one for one in selectors.items_of({key for part in parts for key in part.items})}
    officers = {one.id: one for one in selectors.officers_of({key for part in parts for key in part.officers})}
    findings = selectors.findings_of(found)
    actions = selectors.check_actions(found, actor, now)
    names = categories(found.region, now)
    plain = [name for name in actions if name in {"approve", "call_off"}]
    approved = [part for part in parts if part.approved_at]
    return {
        "check": found,
        "kind": wording.KINDS[found.kind],
        "state": wording.CHECK_STATES[found.state],
        "firm": permissions.speaks_for(actor, found.enterprise_id),
        "parts": [
            (part, [items[key] for key in part.items], [officers[key] for key in part.officers]) for part in parts
        ],
        "reasons": reasons(found.reasons, names),
        "findings": [
            (one, wording.OUTCOMES[one.outcome], wording.SEVERITIES.get(one.severity, "")) for one in findings
        ],
        "verdict": wording.VERDICTS.get(found.verdict, ""),
        "actions": [(name, *wording.ACTIONS[name]) for name in plain],
        "takes": actions,
        "to_find": [items[key] for part in approved for key in part.items] if "report" in actions else [],
        "outcomes": list(wording.OUTCOMES.items()),
        "severities": list(wording.SEVERITIES.items()),
        "verdicts": list(wording.VERDICTS.items()),
        "overdue": found.due_at is not None and found.due_at < now,
        "joins": joins(found, actor, now) if "join" in actions else None,
        "entries": timelines.entries(selectors.trace(found, actor)),
        "views": tabs("", actor),
    }


def joins(found: Check, actor: Actor, now: dt.datetime) -> list[dict[str, Any]]:
    """Return what each of the actor's bodies could bring along: published items and officers."""
    return [bring(one, found.on) for one in selectors.bodies_of(actor)]


def bring(department: Department, on: dt.date) -> dict[str, Any]:
    """Return what a body can bring to a check on a day."""
    return {
        "department": department,
        "items": selectors.published_items(region=department.region[:6], department=department.code),
        "officers": selectors.published_officers(department=department.id, on=on),
    }


def standing(found: Standing, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one class shows: the rule, each record with its points, and the objection."""
    names = categories(found.region, now)
    rule = rulebooks.version(found.rulebook_version).section(Inspections)
    points = rule.classes.points.model_dump()
    actions = selectors.standing_actions(found, actor)
    if "object_class" in actions and now > found.until:
        actions.remove("object_class")
    return {
        "standing": found,
        "state": wording.STANDING_STATES[found.state],
        "grades": grades(rule),
        "years": rule.classes.years,
        "points": [(wording.SEVERITIES[key], value) for key, value in points.items()],
        "lines": [
            one
            | {
                "day": dt.date.fromisoformat(one["on"]),
                "category": names.get(one["category"], one["category"]),
                "severity": wording.SEVERITIES[one["severity"]],
            }
            for one in found.lines
        ],
        "actions": [(name, *wording.ACTIONS[name]) for name in actions],
        "others": [one.id for one in rule.classes.grades if one.id != found.grade],
        "entries": timelines.entries(selectors.standing_trace(found)),
        "views": tabs("classes", actor),
    }


def standing_rows(found: Sequence[Standing]) -> list[tuple[Standing, Any]]:
    """Return classes with the word for their state."""
    return [(one, wording.STANDING_STATES[one.state]) for one in found]


def listed_rows(name: str, found: Sequence[Any], actor: Actor, now: dt.datetime) -> list[dict[str, Any]]:
    """Return entries of a list in words, with what the reader may do."""
    names: dict[str, dict[str, str]] = {}
    shown = []
    for one in found:
        known = names.setdefault(one.region, categories(one.region, now)) if name == "item" else {}
        title, note = _titled(name, one, known)
        shown.append(
            {
                "listed": one,
                "title": title,
                "note": note,
                "until": getattr(one, "until", None),
                "paper": name == "item" and not one.on_site,
                "state": wording.LISTED_STATES[one.state],
                "actions": [(act, *wording.ACTIONS[act]) for act in selectors.listed_actions(one, actor)],
            }
        )
    return shown


def _titled(name: str, one: Any, known: Mapping[str, str]) -> tuple[str, str]:
    """Return what an entry of a list is called, and the line below it."""
    if name == "item":
        return f"{one.code} {one.name}", f"{one.department.short_name} · {known.get(one.category, one.category)}"
    if name == "power":
        return one.department.name, str(wording.SUBJECTS[one.subject])
    if name == "officer":
        return f"{one.name} {one.certificate}", one.department.short_name
    if name == "leniency":
        return one.violation, f"{one.department.short_name} · {wording.LENIENT[one.kind]}"
    return one.enterprise.name, one.enterprise.uscc


def notice_of(found: Check) -> dict[str, Any]:
    """Return what the notice of a check needs."""
    parts = selectors.parts_of(found)
    return {
        "parts": parts,
        "items": selectors.items_of({key for part in parts for key in part.items}),
        "officers": selectors.officers_of({key for part in parts for key in part.officers}),
    }


def due_today(found: Sequence[Check], now: dt.datetime) -> list[Check]:
    """Return the approved checks of today, for whoever stands at a door."""
    today = answers.local_date(now)
    return [one for one in found if one.on == today]


def draw_rows(found: Sequence[Draw]) -> list[tuple[Draw, Any]]:
    """Return draws with the word for their state."""
    return [(one, wording.DRAW_STATES[one.state]) for one in found]


def draw(found: Draw, actor: Actor, now: dt.datetime, *, seed: str = "") -> dict[str, Any]:
    """Return what the public page of a draw shows; names only once they were told, or for those who come.

    seed: one that somebody found elsewhere, to draw again with.
    """
    rows = selectors.targets_of(found, limit=selectors.draws.SHOWN)
    inside = actor.reader is not None and any(permissions.of_body(actor, body) for body in found.bodies)
    people = {one.id: one for one in selectors.officers_of([uuid.UUID(one["id"]) for one in found.hands])}
    drawn = [
        {
            "row": row,
            "named": inside or selectors.draws.is_told(row),
            "outcome": wording.TARGET_OUTCOMES[row.outcome],
            "reasons": [one["code"] for one in row.check_made.reasons] if row.check_made else [],
            "officers": [people[uuid.UUID(one)].name for ids in row.crew.values() for one in ids],
            "state": wording.CHECK_STATES[row.check_made.state] if row.check_made else "",
        }
        for row in rows
        if row.outcome
    ]
    actions = selectors.draw_actions(found, actor, now)
    again = selectors.recomputed(found, seed=seed) if seed else {}
    return {
        "draw": found,
        "state": wording.DRAW_STATES[found.state],
        "items": selectors.items_of(found.items),
        "drawn": drawn,
        "pool": [row for row in rows if not row.outcome],
        "officers": sorted(people.values(), key=lambda one: one.name),
        "again": [(wording.AGREES[key], right) for key, right in again.items()],
        "seed": seed,
        "inside": inside,
        "actions": [(name, *wording.ACTIONS[name]) for name in actions],
    }


def lenient_rows(found: Sequence[selectors.leniency.Found]) -> list[dict[str, Any]]:
    """Return entries of lenient lists in words, with what is missing for each."""
    return [
        {
            "entry": one.entry,
            "kind": wording.LENIENT[one.entry.kind],
            "applies": one.applies,
            "unknown": one.unknown and not one.missing,
            "missing": [wording.MISSING[name] for name in one.missing],
        }
        for one in found
    ]


def repair(found: Repair, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one repair shows."""
    return {
        "repair": found,
        "state": wording.REPAIR_STATES[found.state],
        "severity": wording.SEVERITIES[found.record.severity],
        "early": answers.local_date(now) < found.earliest,
        "overdue": found.due_at is not None and found.due_at < now,
        "actions": [(name, *wording.ACTIONS[name]) for name in selectors.repair_actions(found, actor, now)],
        "entries": timelines.entries(selectors.repair_trace(found)),
    }


def figures(given: Mapping[str, str], actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of figures shows; a year that is none becomes this one."""
    this, text = answers.local_date(now).year, str(given.get("year", ""))
    year = int(text) if text.isdecimal() and this - 20 <= int(text) <= this + 1 else this
    whole, before, bodies = selectors.figures(actor=actor, year=year)
    rows = [
        (_("Visits made"), whole.visits, before.visits),
        (_("Enterprises visited"), whole.firms, before.firms),
        (_("Visits per enterprise"), _shown(whole.per_firm), _shown(before.per_firm)),
        (_("Of several bodies at once"), _percent(whole.share), _percent(before.share)),
        (_("Refused by the gate"), whole.refused, before.refused),
    ]
    return {
        "year": year,
        "rows": rows,
        "bodies": list(bodies.items()),
        "found": [
            (one, wording.ANOMALIES[one.rule]) for one in selectors.standing_out(actor=actor, year=year, now=now)
        ],
        "views": tabs("figures", actor),
    }


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.0f}%"
