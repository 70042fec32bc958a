"""The notice of a meeting (会议通知): a letter to all departments invited, which keeps step with the meeting."""

import datetime as dt
from collections.abc import Collection

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.documents import services as documents

from .. import exports
from ..models import Meeting


def invite(meeting: Meeting, departments: Collection[Department], *, actor: Actor, now: dt.datetime) -> None:
    """Write to departments that are invited; to nobody where there is none. The caller holds the meeting's lock."""
    if departments:
        draft = exports.notice(meeting, tuple(departments))
        documents.issue(draft=draft, actor_id=actor.person_id, now=now)


def move(meeting: Meeting, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Withdraw the notices of a meeting that was moved, and write to all who had one with the new time."""
    told = documents.all_open_about(thing=meeting.id, kind=exports.NOTICE)
    withdraw(meeting, reason=reason, actor=actor, now=now)
    keys = dict.fromkeys(key for one in told for key in (one.addressee_id, *one.also_ids) if key is not None)
    found = [directory.department_by_id(key) for key in keys]
    invite(meeting, [one for one in found if one is not None], actor=actor, now=now)


def withdraw(meeting: Meeting, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Withdraw the notices of a meeting that is moved or cancelled; their numbers stay used."""
    for one in documents.all_open_about(thing=meeting.id, kind=exports.NOTICE):
        documents.withdraw(letter_id=one.id, text=reason, actor_id=actor.person_id, now=now)


def close(meeting: Meeting, *, actor: Actor, now: dt.datetime) -> None:
    """Write the notices of a meeting off that has begun."""
    for one in documents.all_open_about(thing=meeting.id, kind=exports.NOTICE):
        documents.write_off(letter_id=one.id, text=meeting.number, actor_id=actor.person_id, now=now)
