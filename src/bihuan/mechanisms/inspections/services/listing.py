"""What is published before anybody is checked: entered by bodies, published by somebody else (司法行政)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line, clean_text, needed_text

from .. import permissions, selectors
from ..models import LISTS, Item, Leniency, Listed, Officer, Power, Sheltered
from ..models.catalogue import SUBJECTS
from ..rules.leniency import KINDS
from ..states import LISTED, ListedState
from .recording import commit, firm_of, rule


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What comes in for a list: its name, the region, the body's code, and the fields of the entry."""

    name: str
    region: str
    department: str = ""
    fields: Mapping[str, Any]


def enter(*, entered: Entered, actor: Actor, now: dt.datetime) -> Listed:
    """Enter an item, a power, an officer or a sheltered enterprise; it holds once somebody else publishes it.

    Raises NotFound (list, body), Forbidden, Invalid (a field), Conflict `listed_twice`. Leaves one fact.
    Source: 国办发〔2024〕54号, published bodies, items and officers; 卫东 whitelist.
    """
    if entered.name not in LISTS:
        raise errors.NotFound(_("There is no list of this name."), code="list_unknown")
    with database.writing():
        today = answers.local_date(now)
        body = None
        if entered.name == "sheltered":
            permissions.check_lists(actor, entered.region)
        else:
            body = directory.department_in_force(entered.region, entered.department, today)
            permissions.check_enters(actor, entered.region, body.id)
        made: Listed = _MAKERS[entered.name](entered, body, today, now)
        made.region, made.basis = entered.region[:6], _line(entered.fields, "basis", 400)
        made.entered_by, made.entered_at = actor.person_id, now
        _check_once(made)
        commit(made, f"{entered.name}_entered", now=now, said={"name": _name(made)}, actor=actor, made=True)
    return made


def _line(fields: Mapping[str, Any], name: str, most: int, *, needed: bool = True) -> str:
    given = clean_line(str(fields.get(name) or ""))
    if len(given) > most or (needed and not given):
        message = _("%(field)s: please write something, at most %(max)d characters") % {"field": name, "max": most}
        raise errors.Invalid(message, code="invalid_body", field=name)
    return given


def _day(fields: Mapping[str, Any], name: str) -> dt.date | None:
    given = str(fields.get(name) or "")
    try:
        found = parse_date(given) if given else None
    except ValueError:
        found = None
    if given and found is None:
        said = _("%(field)s: a date such as 2026-12-31") % {"field": name}
        raise errors.Invalid(said, code="invalid_body", field=name)
    return found


def _item(entered: Entered, body: Department | None, today: dt.date, now: dt.datetime) -> Item:
    fields = entered.fields
    category = str(fields.get("category", ""))
    if category not in {one.id for one in rule(entered.region, now).categories}:
        raise errors.Invalid(_("category: choose one of the rulebook's"), code="invalid_body", field="category")
    name = _line(fields, "name", 120)
    return Item(
        department=body,
        code=_line(fields, "code", 40),
        name=name,
        category=category,
        subject=_line(fields, "subject", 60, needed=False) or name[:60],
        standard=clean_text(str(fields.get("standard") or ""))[:4000],
        on_site=_yes(fields.get("on_site", "yes")),
    )


def _power(entered: Entered, body: Department | None, today: dt.date, now: dt.datetime) -> Power:
    subject = str(entered.fields.get("subject", ""))
    if subject not in SUBJECTS:
        raise errors.Invalid(_("subject: by statute, by law, or entrusted"), code="invalid_body", field="subject")
    return Power(department=body, subject=subject, until=_day(entered.fields, "until"))


def _officer(entered: Entered, body: Department | None, today: dt.date, now: dt.datetime) -> Officer:
    fields = entered.fields
    until = _day(fields, "until")
    if until is None or until < today:
        raise errors.Invalid(_("until: the last day of the certificate"), code="invalid_body", field="until")
    username = str(fields.get("person") or "")
    person = accounts.person_named(username) if username else None
    if username and person is None:
        raise errors.Invalid(_("person: no account has this name"), code="unknown", field="person")
    return Officer(
        department=body,
        name=_line(fields, "name", 40),
        certificate=_line(fields, "certificate", 40),
        until=until,
        person=person.id if person else None,
    )


def _leniency(entered: Entered, body: Department | None, today: dt.date, now: dt.datetime) -> Leniency:
    fields = entered.fields
    kind, category = str(fields.get("kind", "")), str(fields.get("category", ""))
    if kind not in KINDS:
        raise errors.Invalid(_("kind: choose which lenient list it is"), code="invalid_body", field="kind")
    if category not in {one.id for one in rule(entered.region, now).categories}:
        raise errors.Invalid(_("category: choose one of the rulebook's"), code="invalid_body", field="category")
    needs = {name: _yes(fields.get(name)) for name in ("first", "minor", "corrected")}
    text = _line(fields, "text", 400, needed=False)
    violation = _line(fields, "violation", 120)
    return Leniency(department=body, kind=kind, category=category, violation=violation, text=text, **needs)


def _yes(given: Any) -> bool:
    return str(given) in {"yes", "true", "True", "1", "on"}


def _sheltered(entered: Entered, body: Department | None, today: dt.date, now: dt.datetime) -> Sheltered:
    return Sheltered(enterprise=firm_of(str(entered.fields.get("enterprise", ""))))


_MAKERS: dict[str, Any] = {
    "item": _item,
    "power": _power,
    "officer": _officer,
    "sheltered": _sheltered,
    "leniency": _leniency,
}
_ONCE = {
    Item: ("department", "code"),
    Power: ("department",),
    Officer: ("certificate",),
    Sheltered: ("enterprise",),
    Leniency: ("department", "kind", "violation"),
}


def _check_once(made: Listed) -> None:
    """Raise Conflict unless it stands on its list only now; the database refuses what comes at the same moment."""
    model = type(made)
    database.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"inspections:{model._meta.db_table}"])
    same = {name: getattr(made, name) for name in _ONCE[model]}
    rows = model.objects.filter(**same).exclude(state=ListedState.WITHDRAWN.value)  # type: ignore[attr-defined]
    rows = rows.filter(region=made.region) if isinstance(made, Sheltered) else rows
    if rows.exists():
        raise errors.Conflict(_("It stands on the list already."), code="listed_twice")


def _name(listed: Any) -> str:
    if isinstance(listed, Leniency):
        return listed.violation
    if isinstance(listed, Power):
        return listed.department.short_name
    return listed.enterprise.name if isinstance(listed, Sheltered) else listed.name


def take_listed(
    *, name: str, listed_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Listed:
    """`publish`; `withdraw` {text}; `recuse` {enterprise, text} for officers. Return the entry as it then is.

    Raises NotFound, Forbidden (whoever entered it does not publish it), Conflict `state_forbids`, Invalid. Leaves one
    fact. What is withdrawn stays with the checks in which it was used.
    """
    with database.writing():
        selectors.find_listed(name=name, listed_id=listed_id, actor=actor)
        listed: Any = LISTS[name].objects.select_for_update().get(pk=listed_id)  # type: ignore[attr-defined]
        transition = LISTED.named(action)
        permissions.check(actor, action, listed)
        LISTED.check_state(transition, ListedState(listed.state), may=lambda one: permissions.can(actor, one, listed))
        came_from, said, changed = listed.state, {}, ["state"]
        if action == "publish":
            listed.state, listed.published_at = ListedState.PUBLISHED.value, now
            changed.append("published_at")
        elif action == "withdraw":
            said = {"text": needed_text(body, most=400)}
            listed.state, listed.ended_at = ListedState.WITHDRAWN.value, now
            changed.append("ended_at")
        else:
            firm = firm_of(str(body.get("enterprise", "")))
            said = {"name": firm.name, "text": needed_text(body, most=400)}
            listed.recused = list(dict.fromkeys([*listed.recused, firm.id]))
            changed.append("recused")
        commit(listed, action, now=now, said=said, actor=actor, came_from=came_from, changed=changed)
    return listed  # type: ignore[no-any-return]
