"""Boards of a region's service centre. Each has a lead department at all times."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from bihuan.foundation.directory import events, permissions, selectors
from bihuan.foundation.directory.models import Board, BoardKind, Department
from bihuan.foundation.directory.services._common import (
    change,
    changes_directory,
    clean_code,
    clean_name,
    compared,
    lock_region,
    today,
)
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import writing
from bihuan.foundation.kernel.events import publish
from bihuan.foundation.kernel.text import clean_line


def create_board(
    *,
    region: str,
    code: str,
    name: str,
    lead: str,
    actor_id: uuid.UUID,
    now: dt.datetime,
    kind: str = BoardKind.SERVICE,
    position: int = 0,
    valid_from: dt.date | None = None,
) -> Board:
    """Set up a board and return it. `lead` is the code of its lead department; boards are listed by `position`.

    Raises errors.Invalid (`board_without_lead`, `code_invalid`, `name_invalid`, `kind_invalid`, …), errors.Conflict
    (`board_exists`), errors.Forbidden. Publishes BoardChanged (created).
    """
    code, name = clean_code(code), clean_name(name, limit=60)
    _check_kind(kind)
    with writing():
        lock_region(region)
        permissions.check_structure(actor_id, region)
        selectors.region_in_force(region, today(now))
        if Board.objects.filter(region=region, code=code).exists():
            raise errors.Conflict(
                _("There is a board with the code %(code)s already.") % {"code": code},
                code="board_exists",
                field="code",
            )
        board = Board.objects.create(
            region=region,
            code=code,
            name=name,
            kind=kind,
            lead_department=_lead(region, lead, today(now)),
            position=position,
            valid_from=valid_from,
        )
        changes_directory()
        _publish(board, "created", actor_id, now)
    return board


def update_board(
    *,
    board_id: uuid.UUID,
    actor_id: uuid.UUID,
    now: dt.datetime,
    name: str | None = None,
    kind: str | None = None,
    lead: str | None = None,
    position: int | None = None,
    reason: str = "",
) -> Board:
    """Rename a board, give it another lead or place; what is None stays.

    Raises errors.Invalid (`board_without_lead`, …), errors.NotFound, errors.Forbidden.
    Publishes BoardChanged (changed) if anything changed.
    """
    with writing():
        board = _lock(board_id, actor_id)
        before = _shown(board)
        if kind is not None:
            _check_kind(kind)
        changed = change(
            board,
            name=None if name is None else clean_name(name, limit=60),
            kind=kind,
            lead_department=None if lead is None else _lead(board.region, lead, today(now)),
            position=position,
        )
        if changed:
            _publish(board, "changed", actor_id, now, values=compared(before, _shown(board)), reason=reason)
    return board


def close_board(
    *, board_id: uuid.UUID, actor_id: uuid.UUID, now: dt.datetime, on: dt.date | None = None, reason: str = ""
) -> Board:
    """End a board from the day `on` (today), and return it.

    Raises errors.Conflict (`board_ended`), errors.Invalid, errors.NotFound, errors.Forbidden.
    Publishes BoardChanged (closed).
    """
    on = on or today(now)
    with writing():
        board = _lock(board_id, actor_id)
        if board.valid_to is not None:
            raise errors.Conflict(_("%(name)s is closed already.") % {"name": board.name}, code="board_ended")
        if board.valid_from is not None and on <= board.valid_from:
            raise errors.Invalid(_("The end lies before the beginning."), code="period_invalid", field="on")
        change(board, valid_to=on)
        _publish(board, "closed", actor_id, now, values=(("valid_to", "", on.isoformat()),), reason=reason)
    return board


def _check_kind(kind: str) -> None:
    if kind not in BoardKind.values:
        raise errors.Invalid(_("There is no such kind of board."), code="kind_invalid", field="kind")


def _lead(region: str, code: str, on: dt.date) -> Department:
    if not code:
        raise errors.Invalid(_("A board needs a lead department."), code="board_without_lead", field="lead")
    return selectors.department_in_force(region, code, on, field="lead")


def _lock(board_id: uuid.UUID, actor_id: uuid.UUID) -> Board:
    found = Board.objects.filter(pk=board_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such board."), code="board_unknown")
    lock_region(found.region)
    permissions.check_structure(actor_id, found.region)
    return Board.objects.select_for_update().select_related("lead_department").get(pk=board_id)


def _shown(board: Board) -> dict[str, str]:
    return {
        "name": board.name,
        "kind": board.kind,
        "lead": board.lead_department.name,
        "position": str(board.position),
    }


def _publish(
    board: Board,
    what: str,
    actor_id: uuid.UUID,
    now: dt.datetime,
    *,
    values: events.Values = (),
    reason: str = "",
) -> None:
    publish(
        events.BoardChanged(
            region=board.region,
            actor_id=actor_id,
            now=now,
            board_id=board.pk,
            code=board.code,
            change=what,
            values=values,
            reason=clean_line(reason)[:200],
        )
    )
