"""附件随件上下: the files of a matter travel in parts, each a word of its thread; there they are whole or not there.

Up goes what the case has when it is sent, and what is added while it is above; down goes, with the answer, what the
level above shows to the one below. A part is signed, in order and received once like every word, so that no retry loses
or doubles a file. Its bytes are not kept with the message: they lie under their hash, and are put in when it leaves.
"""

import base64
import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum

from bihuan.casework.cases import events as told
from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Attachment, Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook.lists import BELOW
from bihuan.casework.cases.services.attaching import path_of
from bihuan.foundation.kernel import errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import rules
from ..models import RUNNING_STATES, Arrival, Escalation, Message, Part
from ..rulebook import Escalation as Rule
from ..states import ArrivalState, EscalationState
from .posting import post
from .recording import commit


def carry(*, event: told.FileAttached) -> None:
    """A file was added to a case: it follows the matter up while that is above, and an answer down that is given."""
    new = Q(sha256=event.data["sha256"])
    above = Escalation.objects.select_for_update(of=("self",)).filter(case=event.case_id, state__in=RUNNING_STATES)
    for one in above:
        send_up_files(one, now=event.at, which=new)
    if event.parties.channel == BELOW.id:
        answered = Arrival.objects.select_for_update(of=("self",)).filter(case=event.case_id)
        for arrival in answered.filter(state=ArrivalState.ANSWERED):
            send_down_files(arrival, now=event.at, which=new)


def send_up_files(one: Escalation, *, now: dt.datetime, which: Q | None = None) -> None:
    """Queue the files of a case that is above, those of `which` or all."""
    _send(one, Attachment.objects.filter(which or Q(), case=one.case_id), now)


def send_down_files(one: Arrival, *, now: dt.datetime, which: Q | None = None) -> None:
    """Queue the files that go with an answer: what the level below may see, and what came down to this one."""
    taken = Escalation.objects.filter(case=one.case_id).values_list("files_taken", flat=True)
    shown = Q(visible_to_enterprise=True) | Q(sha256__in=[sha for some in taken for sha in some])
    _send(one, Attachment.objects.filter(which or Q(), shown, case=one.case_id), now)


def _send(one: Escalation | Arrival, files: Iterable[Attachment], now: dt.datetime) -> None:
    """Queue files that the other level does not have, the oldest first, as far as `files_mb` reaches.

    What does not fit stays here, and its name is on record.
    """
    waiting = [file for file in files if file.sha256 not in {*one.files_sent, *one.files_taken}]
    room, kept = _room(one), []
    for file in sorted(waiting, key=lambda file: (file.uploaded_at, file.id)):
        if file.size > room:
            kept.append(file.name)
            continue
        room -= file.size
        one.files_sent.append(file.sha256)
        parts = rules.parts_of(file.size)
        about = {"name": file.name, "sha256": file.sha256, "size": file.size, "parts": parts}
        for number in range(1, parts + 1):
            post(one, one.case, "file", now=now, **about, part=number, shown=file.visible_to_enterprise)
    type(one).objects.filter(pk=one.pk).update(files_sent=one.files_sent)
    if kept:
        commit(one, one.case, "files_kept", now=now, said={"names": kept})


def _room(one: Escalation | Arrival) -> int:
    """Return how many bytes of files may still travel with a matter, in either direction."""
    carried = Attachment.objects.filter(case=one.case_id, sha256__in=[*one.files_sent, *one.files_taken])
    limit = rulebooks.version(one.rulebook_version).section(Rule).files_mb << 20
    return int(limit - (carried.aggregate(all=Sum("size"))["all"] or 0))


def text_of(message: Message) -> str:
    """Return the text of a message as it leaves: into a part of a file its bytes are put, the same each time.

    A file that is no longer there leaves without bytes, and is not taken in.
    """
    if message.kind != "file":
        return message.text
    whole = json.loads(message.text)
    words = whole["words"]
    try:
        with path_of(words["sha256"]).open("rb") as file:
            file.seek((words["part"] - 1) * rules.PART)
            content = file.read(rules.PART)
    except FileNotFoundError:
        content = b""
    return rules.canonical(whole | {"words": words | {"content": base64.b64encode(content).decode()}})


def take_part(one: Escalation | Arrival, case: Case, words: dict[str, Any], now: dt.datetime) -> None:
    """A part of a file came: keep it; with the last one the file is whole, checked by its hash, and put on the case.

    What is too large, broken, or not allowed here is not taken in; that is on record, and the matter goes on.
    """
    owner: dict[str, Any] = {"arrival": one} if isinstance(one, Arrival) else {"escalation": one}
    mine = Part.objects.filter(**owner, sha256=words["sha256"])
    if words["part"] == 1:
        mine.delete()
        code = "taken_back" if one.state == EscalationState.WITHDRAWN else ""
        code = code or ("too_large" if words["size"] > _room(one) else "")
        if code:
            _refuse(one, case, words, code, now)
            return
    elif mine.count() != words["part"] - 1:
        return  # the file was refused with an earlier part
    content = base64.b64decode(words["content"])
    Part.objects.create(**owner, sha256=words["sha256"], number=words["part"], content=content)
    if words["part"] < words["parts"]:
        return
    whole = b"".join(bytes(part) for part in mine.order_by("number").values_list("content", flat=True))
    mine.delete()
    if len(whole) != words["size"] or hashlib.sha256(whole).hexdigest() != words["sha256"]:
        _refuse(one, case, words, "broken", now)
        return
    before = list(one.files_taken)
    try:
        with transaction.atomic():
            # First, so that the file is known as theirs when the case tells of it, and does not go back.
            one.files_taken.append(words["sha256"])
            type(one).objects.filter(pk=one.pk).update(files_taken=one.files_taken)
            _attach(one, case, words, whole, now)
    except errors.Problem as problem:
        one.files_taken = before
        _refuse(one, case, words, problem.code, now)


def _attach(one: Escalation | Arrival, case: Case, words: dict[str, Any], whole: bytes, now: dt.datetime) -> None:
    """Put a file on the case: from below as its raiser showed it; from above for the staff, who decide what to show."""
    if isinstance(one, Arrival):
        actor, shown = Actor(holds=one.case_id, on_behalf_of=one.from_region), words["shown"]
    else:
        actor, shown = Actor(system=True, on_behalf_of=one.to_region), False
    cases.attach(
        number=case.number,
        actor=actor,
        now=now,
        name=words["name"],
        content=io.BytesIO(whole),
        visible_to_enterprise=shown,
    )


def _refuse(one: Escalation | Arrival, case: Case, words: dict[str, Any], code: str, now: dt.datetime) -> None:
    commit(one, case, "file_refused", now=now, said={"name": words["name"], "why": code})
