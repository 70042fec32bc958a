"""Windows: entered together, closed one by one."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line, needed_text

from .. import permissions, selectors
from ..models import Mandate, Window
from ..states import WINDOWS, MandateState, WindowState
from .recording import check_keeps, lines_of, record, together


def open_windows(*, region: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> list[Window]:
    """Enter windows of one department: {department: code, names: one a line}; all of them or none. Return them.

    Raises Forbidden, Invalid naming the field, Conflict `window_exists`. One fact for each.
    """
    check_keeps(actor, region, "open_windows")
    names = [clean_line(one) for one in lines_of(body, "names")]
    if long := next((one for one in names if len(one) > 60), ""):
        message = _("“%(line)s” is too long.") % {"line": long[:40]}
        raise errors.Invalid(message, code="too_long", field="names")
    today = answers.local_date(now)
    department = directory.department_in_force(region, str(body.get("department") or ""), today)
    with database.writing():
        together(region)
        taken = Window.objects.filter(region=region, state=WindowState.OPEN.value, name__in=names)
        if found := taken.values_list("name", flat=True).first():
            message = _("There is a window called “%(name)s”.") % {"name": found}
            raise errors.Conflict(message, code="window_exists", field="names")
        made = [Window(region=region, name=name, department=department, opened_at=now) for name in names]
        for one in made:
            record(one, "window_opened", now=now, said={"name": one.name}, actor=actor, made=True)
    return made


def take_window(
    *, window_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Window:
    """`close` a window with {text}. Raises NotFound, Forbidden, Conflict `window_staffed` where somebody serves."""
    if all(one.window.id != window_id for one in selectors.windows(actor=actor)):
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="window_not_found")
    with database.writing():
        window = Window.objects.select_for_update().get(pk=window_id)
        transition = WINDOWS.named(action)
        if not permissions.can(actor, action, window):
            raise errors.Forbidden(_("Your role may not take this action here."), action=action)
        WINDOWS.check_state(transition, WindowState(window.state), may=lambda one: permissions.can(actor, one, window))
        if Mandate.objects.filter(window=window, state=MandateState.SERVING.value).exists():
            raise errors.Conflict(_("Somebody serves there; move or release them first."), code="window_staffed")
        said = {"text": needed_text(body)}
        came_from, window.state, window.ended_at = window.state, WindowState.CLOSED.value, now
        record(window, "window_close", now=now, said=said, actor=actor, came_from=came_from)
    return window
