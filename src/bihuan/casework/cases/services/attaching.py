"""Files of a case: judged by content, capped in size, kept once under their SHA-256 in the data folder."""

import datetime as dt
import hashlib
import os
import uuid
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.foundation.kernel import database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Attachment, Case
from ..permissions import Actor
from ..rulebook import Attachments
from ..rules import facts, files
from ..states import CaseState
from .turn import Turn, commit, lock

_CHUNK = 1 << 16
_REFUSALS = {
    "empty": gettext_lazy("The file is empty."),
    "type_unknown": gettext_lazy(
        "Files of this kind are not accepted; photos, PDF, Office documents and sound recordings are."
    ),
    "type_differs": gettext_lazy("The content of the file is not what its name says."),
}


def folder() -> Path:
    """Return the folder of all attachments."""
    return Path(settings.DATA_DIR) / "attachments"


def path_of(sha256: str) -> Path:
    """Return where the bytes with this hash lie."""
    return folder() / sha256[:2] / sha256


def attach(
    *, number: str, actor: Actor, now: dt.datetime, name: str, content: BinaryIO, visible_to_enterprise: bool = True
) -> Attachment:
    """Add a file to a case. The raiser and everybody who works on the case may; ended cases take no more files.

    Raises NotFound, Forbidden, Conflict (ended, too many files), TooLarge, Invalid (empty, kind, content).
    Publishes FileAttached. The same file twice is kept and listed once; given
    again for the enterprise, it is shown to it from then on.
    """
    with database.writing():
        case = lock(number=number, actor=actor)
        if not may_attach(actor, case):
            raise errors.Forbidden(_("You may not add files to this case."))
        if case.state in (CaseState.MERGED, CaseState.ARCHIVED):
            raise errors.Conflict(
                _("This case has ended; no files can be added."), code="state_forbids", state=case.state
            )
        rule = rulebooks.version(case.rulebook_version).section(Attachments)
        if Attachment.objects.filter(case=case).count() >= rule.max_count:
            raise errors.Conflict(_("This case has as many files as allowed."), code="too_many_files")
        stored, size, head = store(content, most=rule.max_mb << 20)
        name = files.safe_name(name)
        try:
            if files.type_of(name) not in rule.types:
                raise files.FileRefused("type_unknown")
            media_type = files.media_type(name=name, head=head, size=size)
        except files.FileRefused as refusal:
            raise errors.Invalid(_REFUSALS[refusal.code], code=f"file_{refusal.code}", field="file") from refusal
        shown = visible_to_enterprise or permissions.is_raiser(actor, case)
        attachment = Attachment.objects.filter(case=case, sha256=stored).first()
        if attachment is None:
            attachment = Attachment.objects.create(
                case=case,
                region=case.region,
                sha256=stored,
                name=name,
                media_type=media_type,
                size=size,
                visible_to_enterprise=shown,
                uploaded_by_id=actor.person_id,
                uploaded_at=now,
            )
        elif shown and not attachment.visible_to_enterprise:
            attachment.visible_to_enterprise = True
            attachment.save(update_fields=["visible_to_enterprise"])
        else:
            return attachment
        turn = Turn(case=case, actor=actor, now=now, book=rulebooks.version(case.rulebook_version))
        said = {"name": name, "sha256": stored, "size": size, "visible_to_enterprise": shown}
        commit(turn, before=facts.snapshot(case), kind="case.attached", said=said)
    return attachment


def may_attach(actor: Actor, case: Case) -> bool:
    """Tell whether the actor raised the case or works on it; the product itself puts on what another level sends."""
    roles = (
        "system",
        "seat",
        "coordinator",
        "catch_all",
        "board_head",
        "lead:liaison",
        "lead:department_head",
        "co:liaison",
    )
    return permissions.is_raiser(actor, case) or any(permissions.holds_role(actor, case, role) for role in roles)


def store(content: BinaryIO, *, most: int) -> tuple[str, int, bytes]:
    """Write the bytes under their hash and return (sha256, size, first MiB). Raises TooLarge beyond `most` bytes."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    passing = folder() / f".{uuid.uuid4().hex}"
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with passing.open("wb") as file:
            while chunk := content.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise errors.TooLarge(
                        _("A file may have %(most)s MB at most.") % {"most": most >> 20},
                        code="file_too_large",
                        field="file",
                    )
                digest.update(chunk)
                head += chunk[: max(0, (1 << 20) - len(head))]
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = path_of(digest.hexdigest())
        target.parent.mkdir(exist_ok=True, mode=0o700)
        passing.replace(target)
    finally:
        passing.unlink(missing_ok=True)
    return digest.hexdigest(), size, head
