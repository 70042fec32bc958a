"""How the security record reads: what happened, and the particulars of one line, in the reader's language."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.foundation.accounts import roles

KINDS: Mapping[str, Any] = {
    "login": gettext_lazy("Logged in"),
    "login_failed": gettext_lazy("Wrong user name or password"),
    "logout": gettext_lazy("Logged out"),
    "second_factor_failed": gettext_lazy("Wrong second factor"),
    "second_factor.totp_activated": gettext_lazy("Second factor set up"),
    "second_factor.totp_deactivated": gettext_lazy("Second factor taken off"),
    "second_factor.recovery_codes_generated": gettext_lazy("Recovery codes made"),
    "second_factor_reset": gettext_lazy("Second factor removed"),
    "person_created": gettext_lazy("Account made"),
    "person_changed": gettext_lazy("Account corrected"),
    "person_disabled": gettext_lazy("Account locked"),
    "person_enabled": gettext_lazy("Account unlocked"),
    "password_set": gettext_lazy("New password given"),
    "password_changed": gettext_lazy("Own password changed"),
    "failures_forgiven": gettext_lazy("Failed attempts forgiven"),
    "token_issued": gettext_lazy("Token issued"),
    "token_revoked": gettext_lazy("Token revoked"),
    "appointed": gettext_lazy("Appointed"),
    "appointment_ended": gettext_lazy("Appointment ended"),
    "directory.regions_imported": gettext_lazy("Regions imported"),
    "directory.department_created": gettext_lazy("Department set up"),
    "directory.department_changed": gettext_lazy("Department changed"),
    "directory.department_merged": gettext_lazy("Department merged"),
    "directory.department_closed": gettext_lazy("Department closed"),
    "directory.board_changed": gettext_lazy("Board changed"),
    "directory.enterprises_imported": gettext_lazy("Enterprises imported"),
    "calendar.imported": gettext_lazy("Official days imported"),
    "calendar.hours": gettext_lazy("Office hours set"),
    "rulebook.applied": gettext_lazy("Rulebook put into force"),
}
"""Kind of a security event → what happened."""

GROUPS: Mapping[str, Any] = {
    "directory.": gettext_lazy("Departments, boards, regions"),
    "calendar.": gettext_lazy("Calendar"),
    "second_factor.": gettext_lazy("Second factors set up by people"),
}
"""Beginnings of kinds that a filter takes together."""

_NAMES: Mapping[str, Any] = {
    "role": gettext_lazy("Role"),
    "department": gettext_lazy("Department"),
    "board": gettext_lazy("Board"),
    "username": gettext_lazy("User name"),
    "name": gettext_lazy("Name"),
    "code": gettext_lazy("Code"),
    "on": gettext_lazy("From"),
    "document": gettext_lazy("Notice"),
    "year": gettext_lazy("Year"),
    "days": gettext_lazy("Days"),
    "hours": gettext_lazy("Office hours"),
    "valid_from": gettext_lazy("From"),
    "valid_to": gettext_lazy("Until"),
    "version": gettext_lazy("Version"),
    "effective_from": gettext_lazy("Takes effect"),
    "open": gettext_lazy("Open matters"),
    "relit": gettext_lazy("… that would change light"),
    "due_earlier": gettext_lazy("… due earlier"),
    "due_later": gettext_lazy("… due later"),
    "overdue": gettext_lazy("… overdue before"),
    "would_be_overdue": gettext_lazy("… overdue under it"),
    "told": gettext_lazy("People who would be told"),
    "moves_open": gettext_lazy("Open matters move to it"),
    "created": gettext_lazy("New"),
    "updated": gettext_lazy("Corrected"),
    "refused": gettext_lazy("Refused"),
    "successor_id": gettext_lazy("Successor"),
    "reason": gettext_lazy("Reason"),
    "short_name": gettext_lazy("Short name"),
    "kind": gettext_lazy("Kind"),
    "parent": gettext_lazy("Under"),
    "lead": gettext_lazy("Lead department"),
    "position": gettext_lazy("Place in the list"),
    "display_name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Telephone"),
    "language": gettext_lazy("Language"),
}


def kind(name: str) -> str:
    """Return what happened; a kind that nobody named yet is shown as it is."""
    return str(KINDS.get(name, name))


def particulars(data: Mapping[str, Any], *, departments: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (name, value) for what a line of the record says, in a fixed order; `departments`: id → name."""
    found = []
    for key, name in _NAMES.items():
        value = data.get(key)
        if value not in (None, "", []):
            found.append((str(name), _value(key, value, departments)))
    if fields := [one for one in data.get("fields", ()) if one != "pinyin"]:
        changed = _changed(data.get("values", ())) or [str(_NAMES.get(one, one)) for one in fields]
        found.insert(0, (_("Changed"), "; ".join(changed)))
    elif values := _changed(data.get("values", ())):
        found.insert(0, (_("Changed"), "; ".join(values)))
    return found


def _changed(values: Iterable[Any]) -> list[str]:
    return [f"{_NAMES.get(field, field)}: {before or '—'} → {after or '—'}" for field, before, after in values]


def _value(key: str, value: Any, departments: Mapping[str, str]) -> str:
    if key == "role":
        return str(roles.NAMES.get(value, value))
    if key in ("department", "successor_id"):
        return departments.get(str(value), str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key == "effective_from":
        return date_format(localtime(dt.datetime.fromisoformat(value)), "Y-m-d H:i")
    return str(value)
