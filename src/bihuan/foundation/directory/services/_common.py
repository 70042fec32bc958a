"""What the directory's services share: the lock on a region's structure, cleaned names and codes, the import report."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.foundation.directory import events, selectors
from bihuan.foundation.directory.models import Region
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.text import clean_line

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{1,31}")


@dataclass(frozen=True, kw_only=True)
class RowError:
    """Why one row of a file was left out: its line in the file, the column concerned, a stable code, a sentence."""

    line: int
    field: str
    code: str
    detail: str


@dataclass(kw_only=True)
class ImportReport:
    """What an import did. Rows in error changed nothing; all others are in."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[RowError] = field(default_factory=list)

    def refuse(self, line: int, problem: errors.Problem) -> None:
        """Note that the row at `line` was left out because of `problem`."""
        self.refused.append(
            RowError(line=line, field=problem.field or "", code=problem.code, detail=str(problem.detail))
        )


def today(now: dt.datetime) -> dt.date:
    """Return the calendar day of an instant where the product stands."""
    return timezone.localdate(now)


def lock_region(code: str) -> Region:
    """Lock a region, so that changes of its structure happen one after the other. Raises errors.Invalid."""
    found = Region.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise errors.Invalid(
            _("There is no region with the code %(code)s here.") % {"code": code}, code="region_unknown", field="region"
        )
    return found


def clean_code(code: str) -> str:
    """Return the code of a department or board. Raises errors.Invalid (`code_invalid`)."""
    code = clean_line(code).lower()
    if not _CODE.fullmatch(code):
        raise errors.Invalid(
            _("A code has 2 to 32 letters, digits, hyphens or underscores."), code="code_invalid", field="code"
        )
    return code


def clean_name(name: str, *, limit: int, field: str = "name") -> str:
    """Return a name as one clean line. Raises errors.Invalid (`name_invalid`) if empty or longer than `limit`."""
    name = clean_line(name)
    if not 1 <= len(name) <= limit:
        raise errors.Invalid(
            _("A name has 1 to %(limit)d characters.") % {"limit": limit}, code="name_invalid", field=field
        )
    return name


def change(row: Any, **values: Any) -> tuple[str, ...]:
    """Set the given values on `row`, leaving out those that are None, save what differs, and return its field names."""
    changed = [name for name, value in values.items() if value is not None and getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
        changes_directory()
    return tuple(changed)


def compared(before: dict[str, str], after: dict[str, str]) -> events.Values:
    """Return (field, before, after) for every value that differs."""
    return tuple((name, old, after[name]) for name, old in before.items() if old != after[name])


def changes_directory() -> None:
    """Forget what was remembered, now for this transaction and again once others can see the change."""
    selectors.forget()
    transaction.on_commit(selectors.forget)
