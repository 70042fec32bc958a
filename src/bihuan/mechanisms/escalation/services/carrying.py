"""附件随件上报: the files of a matter go up in parts, each a word of its thread; above they are whole or not there.

A part is signed, in order and received once like every word, so that no retry loses or doubles a file. Its bytes are
not kept with the message: they lie under their hash, and are put in when it leaves.
"""

import base64
import datetime as dt
import hashlib
import io
import json
from typing import Any

from django.db import transaction

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Attachment, Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.services.attaching import path_of
from bihuan.foundation.kernel import errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import rules
from ..models import Arrival, Escalation, Message, Part
from ..rulebook import Escalation as Rule
from .posting import post
from .recording import commit


def send_files(one: Escalation, case: Case, now: dt.datetime) -> None:
    """Queue the files of a case that was just sent up, the oldest first, as far as `files_mb` reaches.

    What does not fit stays below, and its name is on record.
    """
    room = rulebooks.version(one.rulebook_version).section(Rule).files_mb << 20
    kept: list[str] = []
    for file in Attachment.objects.filter(case=case).order_by("uploaded_at", "id"):
        if file.size > room:
            kept.append(file.name)
            continue
        room -= file.size
        parts = rules.parts_of(file.size)
        about = {"name": file.name, "sha256": file.sha256, "size": file.size, "parts": parts}
        for number in range(1, parts + 1):
            post(one, case, "file", now=now, **about, part=number, shown=file.visible_to_enterprise)
    if kept:
        commit(one, case, "files_kept", now=now, said={"names": kept})


def text_of(message: Message) -> str:
    """Return the text of a message as it leaves: into a part of a file its bytes are put, the same each time.

    A file that is no longer there leaves without bytes, and is not taken in above.
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


def take_part(one: Arrival, case: Case, words: dict[str, Any], now: dt.datetime) -> None:
    """A part of a file came up: keep it; with the last one the file is whole, checked by its hash, and put on the case.

    What is too large, broken, or not allowed here is not taken in; that is on record, and the matter goes on.
    """
    mine = Part.objects.filter(arrival=one, sha256=words["sha256"])
    if words["part"] == 1:
        taken = sum(Attachment.objects.filter(case=case).values_list("size", flat=True))
        if taken + words["size"] > rulebooks.version(one.rulebook_version).section(Rule).files_mb << 20:
            _refuse(one, case, words, "too_large", now)
            return
    elif mine.count() != words["part"] - 1:
        return  # the file was refused with an earlier part
    content = base64.b64decode(words["content"])
    Part.objects.create(arrival=one, sha256=words["sha256"], number=words["part"], content=content)
    if words["part"] < words["parts"]:
        return
    whole = b"".join(bytes(part) for part in mine.order_by("number").values_list("content", flat=True))
    mine.delete()
    if len(whole) != words["size"] or hashlib.sha256(whole).hexdigest() != words["sha256"]:
        _refuse(one, case, words, "broken", now)
        return
    below = Actor(holds=one.case_id, on_behalf_of=one.from_region)
    try:
        with transaction.atomic():
            cases.attach(
                number=case.number,
                actor=below,
                now=now,
                name=words["name"],
                content=io.BytesIO(whole),
                visible_to_enterprise=words["shown"],
            )
    except errors.Problem as problem:
        _refuse(one, case, words, problem.code, now)


def _refuse(one: Arrival, case: Case, words: dict[str, Any], code: str, now: dt.datetime) -> None:
    commit(one, case, "file_refused", now=now, said={"name": words["name"], "why": code})
