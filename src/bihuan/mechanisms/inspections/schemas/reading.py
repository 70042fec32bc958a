"""What comes in as text, read: days, ids, a check as it is asked for."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import errors, ids

from ..services import Planned


def planned(body: Mapping[str, Any], department: Department) -> Planned:
    """Return a check as it is asked for. Raises Invalid (on)."""
    return Planned(
        enterprise=str(body.get("enterprise", "")),
        on=day(str(body.get("on", ""))),
        kind=str(body.get("kind", "planned")),
        parts={department.id: (keys(body, "items"), keys(body, "officers"))},
        reason=str(body.get("reason") or ""),
        filed=str(body.get("filed") or ""),
    )


def day(text: str) -> dt.date:
    """Return a day as it comes in. Raises Invalid."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        said = _("%(field)s: a date such as 2026-12-31") % {"field": "on"}
        raise errors.Invalid(said, code="invalid_body", field="on")
    return found


def keys(body: Mapping[str, Any], field: str) -> list[uuid.UUID]:
    """Return the ids in a field, each once. Raises Invalid for what is none."""
    given = body.get(field) or []
    found = [ids.parse(str(one)) for one in given] if isinstance(given, list) else [None]
    if None in found or len(found) > 200:
        raise errors.Invalid(_("%(field)s: a list of ids") % {"field": field}, code="invalid_body", field=field)
    return list(dict.fromkeys(one for one in found if one is not None))
