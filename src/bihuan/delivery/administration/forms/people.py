"""Forms about people: searching, making and correcting accounts, appointing."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import roles
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.accounts.selectors import Narrowed
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Region
from bihuan.foundation.kernel import errors
from bihuan.foundation.ui.forms import ProblemForm

from . import fields

Choices = list[tuple[str, Any]]
ROLES: Choices = [(role.value, roles.NAMES[role]) for role in Role]


def _optional(choices: Choices, empty: Any) -> Choices:
    return [("", empty), *choices]


class PersonFilter(forms.Form):
    """What the list of people is narrowed to. Nonsense in the address narrows nothing."""

    q = fields.line(_("Name, user name or telephone"), 60, required=False)
    role = fields.choice(_("Role"), required=False)
    department = fields.choice(_("Department"), required=False)
    state = fields.choice(_("State"), required=False)

    def __init__(self, data: Any, *, region: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        departments: Choices = [(str(one.pk), one.short_name) for one in directory.departments(region)]
        states = [("active", _("May log in")), ("locked", _("Locked")), ("idle", _("Without an office"))]
        for name, choices, empty in (
            ("role", ROLES, _("All roles")),
            ("department", departments, _("All departments")),
            ("state", states, _("All states")),
        ):
            self.fields[name].choices = _optional(choices, empty)  # type: ignore[attr-defined]

    def narrowed(self) -> Narrowed:
        """Return what was asked for."""
        self.is_valid()
        given = self.cleaned_data
        department = given.get("department") or ""
        return Narrowed(
            text=given.get("q") or "",
            role=given.get("role") or "",
            department_id=uuid.UUID(department) if department else None,
            state=given.get("state") or "",
        )


class PersonForm(ProblemForm):
    """Somebody's account. The user name is given once and never changed."""

    username = fields.line(
        _("User name"), 64, help_text=_("Letters a–z, Chinese characters, digits, . @ - _"), autocapitalize="none"
    )
    display_name = fields.line(_("Name"), 60)
    phone = fields.line(_("Telephone"), 20, required=False, inputmode="tel")
    email = fields.line(_("E-mail"), 254, required=False, inputmode="email")
    language = fields.choice(_("Language"))

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = list(settings.LANGUAGES)  # type: ignore[attr-defined]
        if known:
            del self.fields["username"]


class ReasonForm(ProblemForm):
    """Why something is done to an account."""

    reason = fields.reason()


class AppointForm(ProblemForm):
    """To what somebody is appointed, where, from when and why."""

    role = fields.choice(_("Role"))
    region = fields.choice(_("Region"))
    department = fields.choice(_("Department"), required=False)
    board = fields.choice(_("Board"), required=False)
    enterprise = fields.line(_("Credit code of the enterprise"), 64, required=False, autocapitalize="characters")
    since = fields.day(_("From"), help_text=_("Empty: from now on."))
    until = fields.day(_("Until"), help_text=_("The last day. Empty: until it is ended."))
    reason = fields.reason(_("Reason or document"))

    def __init__(self, data: Any, *, regions: Sequence[Region], region: str, on: dt.date, **kwargs: Any) -> None:
        super().__init__(data, initial={"region": region}, **kwargs)
        departments: Choices = [(str(one.pk), one.name) for one in directory.departments(region, on=on)]
        boards: Choices = [(one.code, one.name) for one in directory.boards(region, on=on)]
        for name, choices in (
            ("role", _optional(ROLES, _("Choose a role"))),
            ("region", [(one.code, one.name) for one in regions]),
            ("department", _optional(departments, _("Choose a department"))),
            ("board", _optional(boards, _("Choose a board"))),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """Return what `accounts.services.appoint` takes; only what the role is tied to goes along.

        Raises errors.Invalid (`uscc_invalid`, `enterprise_unknown`).
        """
        given = self.cleaned_data
        role = given["role"]
        found: dict[str, Any] = {"role": role, "region": given["region"], "reason": given["reason"]}
        if role in roles.NEEDS_DEPARTMENT and given["department"]:
            found["department_id"] = uuid.UUID(given["department"])
        if role in roles.NEEDS_BOARD and given["board"]:
            found["board"] = given["board"]
        if role in roles.NEEDS_ENTERPRISE and given["enterprise"]:
            found["enterprise_id"] = _enterprise(given["enterprise"])
        if given["since"]:
            found["since"] = _midnight(given["since"])
        if given["until"]:
            found["until"] = _midnight(given["until"] + dt.timedelta(days=1))
        return found


def _enterprise(text: str) -> uuid.UUID:
    try:
        found = directory.enterprise(text)
    except errors.Invalid as problem:
        raise errors.Invalid(problem.detail, code=problem.code, field="enterprise") from problem
    if found is None:
        raise errors.Invalid(
            str(_("There is no enterprise with this credit code here.")), code="enterprise_unknown", field="enterprise"
        )
    return found.pk


def _midnight(on: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(on, dt.time()))
