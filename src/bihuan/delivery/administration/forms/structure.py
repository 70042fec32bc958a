"""Forms about departments and boards."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Board, BoardKind, Department, DepartmentKind
from bihuan.foundation.ui.forms import ProblemForm

from . import fields


def _departments(region: str, on: dt.date, *, but: Department | None = None) -> list[tuple[str, str]]:
    found = directory.departments(region, on=on)
    return [(one.code, one.name) for one in found if but is None or one.pk != but.pk]


class DepartmentForm(ProblemForm):
    """A department: what it is called, what it is, and what stands above it. The code is given once."""

    name = fields.line(_("Name"), 100)
    short_name = fields.line(_("Short name"), 30, required=False, help_text=_("As lists show it."))
    code = fields.line(
        _("Code"),
        32,
        help_text=_("Small letters, digits, - and _; other systems know it by this."),
        autocapitalize="none",
    )
    kind = fields.choice(_("Kind"))
    parent = fields.choice(_("Under"), required=False)
    valid_from = fields.day(_("In force from"), help_text=_("Empty: always."))
    reason = fields.reason()

    def __init__(
        self, data: Any, *, region: str, on: dt.date, department: Department | None = None, **kwargs: Any
    ) -> None:
        initial = {}
        if department is not None:
            above = next((one for one in directory.departments(region) if one.pk == department.parent_id), None)
            initial = {
                "name": department.name,
                "short_name": department.short_name,
                "kind": department.kind,
                "parent": above.code if above else "",
            }
        super().__init__(data, initial=initial, **kwargs)
        self.fields["kind"].choices = DepartmentKind.choices  # type: ignore[attr-defined]
        others = _departments(region, on, but=department)
        self.fields["parent"].choices = [("", _("Stands alone")), *others]  # type: ignore[attr-defined]
        for name in ("code", "valid_from") if department else ("reason",):
            del self.fields[name]


class CloseForm(ProblemForm):
    """From when something is no longer in force, and why."""

    on = fields.day(_("No longer in force from"), help_text=_("Empty: from today."))
    reason = fields.reason()


class MergeForm(CloseForm):
    """Which department takes over."""

    into = fields.choice(_("Successor"), missing=_("Please choose who takes over."))
    field_order = ("into", "on", "reason")

    def __init__(self, data: Any, *, department: Department, on: dt.date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        others = [
            (str(one.pk), one.name)
            for one in directory.departments(department.region, on=on)
            if one.pk != department.pk and one.valid_to is None
        ]
        self.fields["into"].choices = [("", _("Choose a department")), *others]  # type: ignore[attr-defined]


class BoardForm(ProblemForm):
    """A board: its name, what it is for, who leads it, its place in lists. The code is given once."""

    name = fields.line(_("Name"), 60)
    code = fields.line(
        _("Code"),
        32,
        help_text=_("Small letters, digits, - and _; other systems know it by this."),
        autocapitalize="none",
    )
    kind = fields.choice(_("Kind"))
    lead = fields.choice(_("Lead department"), missing=_("A board needs a lead department."))
    position = forms.IntegerField(
        label=_("Place in the list"),
        min_value=0,
        max_value=999,
        error_messages={"invalid": _("Please write a whole number."), "required": _("Please write a whole number.")},
    )
    valid_from = fields.day(_("In force from"), help_text=_("Empty: always."))
    reason = fields.reason()

    def __init__(self, data: Any, *, region: str, on: dt.date, board: Board | None = None, **kwargs: Any) -> None:
        given: dict[str, Any] = {"position": 10 * (len(directory.boards(region)) + 1)}
        if board is not None:
            given = {
                "name": board.name,
                "kind": board.kind,
                "lead": board.lead_department.code,
                "position": board.position,
            }
        super().__init__(data, initial=given, **kwargs)
        self.fields["kind"].choices = BoardKind.choices  # type: ignore[attr-defined]
        self.fields["lead"].choices = [("", _("Choose a department")), *_departments(region, on)]  # type: ignore[attr-defined]
        for name in ("code", "valid_from") if board else ("reason",):
            del self.fields[name]
