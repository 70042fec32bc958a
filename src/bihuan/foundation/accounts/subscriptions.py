"""Changes of the directory and the calendar go into the security record: they decide who sees what, and by when."""

import dataclasses
import datetime as dt
import re
import uuid
from typing import Any

from bihuan.foundation.accounts import services
from bihuan.foundation.directory import events as directory
from bihuan.foundation.kernel.events import Event, subscribe
from bihuan.foundation.workcalendar.events import CalendarChanged

_RECORDED: tuple[type[Event], ...] = (
    directory.RegionsImported,
    directory.DepartmentCreated,
    directory.DepartmentChanged,
    directory.DepartmentMerged,
    directory.DepartmentClosed,
    directory.BoardChanged,
    directory.EnterprisesImported,
)


def connect() -> None:
    """Subscribe to the events of the directory and the calendar."""
    for event_type in _RECORDED:
        subscribe(event_type, record_change)
    subscribe(CalendarChanged, record_calendar)


def record_calendar(event: CalendarChanged) -> None:
    """Add what a person did to the calendar; what a release brings is in the calendar's own journal."""
    if event.actor_id is None or event.now is None:
        return
    region = event.regions[0] if event.regions else ""
    facts = {key: _plain(value) for key, value in event.detail.items() if key != "region"}
    services.record(f"calendar.{event.what}", now=event.now, actor_id=event.actor_id, region=region, **facts)


def record_change(event: Any) -> None:
    """Add a change of the directory to the security record, as `directory.department_merged` and so on."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
    facts = {key: _plain(value) for key, value in dataclasses.asdict(event).items()}
    now, actor_id, region = event.now, event.actor_id, event.region
    for key in ("now", "actor_id", "region"):
        facts.pop(key)
    services.record(f"directory.{name}", now=now, actor_id=actor_id, region=region, **facts)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID | dt.date) else value
