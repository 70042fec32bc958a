"""The anonymous dialogue: whoever holds the code reads the answers and writes more, and is nobody."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import database, errors, throttle
from bihuan.foundation.kernel.text import needed_text

from .. import notices, rules
from ..models import Clue, Message
from ..selectors import Word
from ..states import OPEN, Stage
from . import recording

TRIES = throttle.Limit(name="vault:code", times=60, per=dt.timedelta(hours=1))
"""How many wrong codes one address may try; a code cannot be guessed anyway."""


@dataclass(frozen=True, kw_only=True)
class Thread:
    """What the holder of a code sees: number, how far it is in plain words (`waiting`, `at_work`, `ended`), words."""

    number: str
    standing: str
    received_at: dt.datetime
    words: list[Word]
    may_write: bool


def thread(*, code: str, sender: str, now: dt.datetime) -> Thread:
    """Return the dialogue that a code opens. Raises NotFound `code_wrong`, TooMany. Leaves no trace of the reading.

    sender: whom wrong codes are counted for (`giving.unlinkable`).
    """
    throttle.check(limits=[(TRIES, sender)], now=now)
    with recording.inside():
        clue = _opened(code)
        found = _thread(clue) if clue else None
    if found is None:
        throttle.count(limit=TRIES, whom=sender, now=now)
        raise errors.NotFound(_("This code opens nothing."), code="code_wrong", field="code")
    return found


def say(*, code: str, text: str, sender: str, now: dt.datetime) -> Thread:
    """Add what the informant writes, at the full hour. Raises NotFound, TooMany, Invalid, Conflict `ended`."""
    throttle.check(limits=[(TRIES, sender)], now=now)
    written = needed_text({"text": text}, most=8_000)
    clue, about, said = None, {}, ""
    with database.writing():
        with recording.inside():
            clue = _opened(code, lock=True)
            if clue is not None:
                _check_open(clue)
                if _said_already(clue, written):
                    return _thread(clue)
                add(clue, side="informant", text=written, by=None, at=rules.coarse(now))
                clue.news = True
                clue.save(update_fields=["news"])
                recording.enter(region=clue.region, kind="word", at=rules.coarse(now), actor_id=None, clue=clue)
                about, said, found = clue.get("about"), clue.get("content")["text"], _thread(clue)
        if clue is not None:
            people = notices.officers(region=clue.region, about=about, text=said, now=now)
            notices.send("word", people=people, region=clue.region, now=now)
            return found
    throttle.count(limit=TRIES, whom=sender, now=now)
    raise errors.NotFound(_("This code opens nothing."), code="code_wrong", field="code")


def add(clue: Clue, *, side: str, text: str, by: uuid.UUID | None, at: dt.datetime) -> None:
    """Write one word about a clue that is locked."""
    message = Message(clue=clue, region=clue.region, side=side, by=by, at=at, place=clue.messages.count() + 1)
    message.put(text=text)
    message.save(force_insert=True)


def _opened(code: str, *, lock: bool = False) -> Clue | None:
    digest = rules.digest(rules.normal(code[:64]), purpose="code", pepper=settings.SECRET_KEY)
    rows = Clue.objects.select_for_update() if lock else Clue.objects.all()
    return rows.filter(code_digest=digest).first()


def _said_already(clue: Clue, text: str) -> bool:
    """Tell whether this is the word said last: a page sent once more by going back."""
    last = clue.messages.order_by("-place").first()
    return last is not None and last.side == "informant" and bool(last.get("text") == text)


def _check_open(clue: Clue) -> None:
    if Stage(clue.stage) not in OPEN:
        raise errors.Conflict(_("This is closed; nothing more can be written."), code="ended")


def _thread(clue: Clue) -> Thread:
    shown = clue.messages.exclude(side="note").order_by("place")
    ended = Stage(clue.stage) not in OPEN
    return Thread(
        number=clue.number,
        standing="ended" if ended else "waiting" if clue.stage == Stage.RECEIVED else "at_work",
        received_at=clue.received_at,
        words=[Word(side=one.side, text=one.get("text"), at=one.at, by=None) for one in shown],
        may_write=not ended,
    )
