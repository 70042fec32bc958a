"""Changes of the directory go into the security record: the structure decides who sees what."""

import dataclasses
import datetime as dt
import re
import uuid
from typing import Any

from bihuan.foundation.accounts import services
from bihuan.foundation.directory import events as directory
from bihuan.foundation.kernel.events import Event, subscribe

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
    """Subscribe to the directory's events."""
    for event_type in _RECORDED:
        subscribe(event_type, record_change)


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
