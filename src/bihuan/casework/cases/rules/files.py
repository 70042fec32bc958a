"""Which files may be kept, judged by their content and not by what they are called."""

from collections.abc import Iterable
from pathlib import PurePosixPath

import puremagic

from bihuan.foundation.kernel.text import clean_line

MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".wps": "application/wps-office.wps",
    ".et": "application/wps-office.et",
    ".ofd": "application/ofd",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".webm": "audio/webm",
    ".mp4": "video/mp4",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
"""Endings that are accepted, with the media type under which the file is handed out again."""

_ALIASES = {
    ".jpeg": {".jpg", ".jpe", ".jfif"},
    ".heic": {".heif"},
    ".opus": {".ogg"},
    ".ogg": {".opus"},
    ".m4a": {".mp4"},
}


_PARTS = {".docx": b"word/", ".xlsx": b"xl/", ".pptx": b"ppt/", ".ofd": b"OFD.xml"}
"""Packages (zip), and the part that makes each what it is (GB/T 33190 for OFD): any zip would do otherwise."""
_COMPOUND = {".doc", ".xls", ".ppt", ".wps", ".et"}
"""Compound files of Microsoft and WPS; what is inside cannot be told from the beginning."""
_SAME_TYPE = {"jpeg": "jpg", "opus": "ogg"}


def type_of(name: str) -> str:
    """Return the type of a file as a rulebook names it, by its ending: `jpg` for photo.JPEG, empty without one."""
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    return _SAME_TYPE.get(ending, ending)


def endings(types: Iterable[str]) -> list[str]:
    """Return the endings (with dot) that are accepted here and that the rulebook's types allow, in order."""
    allowed = set(types)
    return [ending for ending in MEDIA_TYPES if type_of(f"x{ending}") in allowed]


class FileRefused(ValueError):
    """The file may not be kept; `code` says why: `empty`, `type_unknown`, `type_differs`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def safe_name(name: str) -> str:
    """Return the last part of a file name, in one line, without separators, at most 120 characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    cleaned = clean_line(last).strip(". ") or "file"
    stem, dot, ending = cleaned.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:9]}" if dot else cleaned[:120]


def media_type(*, name: str, head: bytes, size: int) -> str:
    """Return the media type of a file, when its content is what its ending says and both are accepted.

    head: the whole content, or at least its first 64 KiB. Raises FileRefused.
    """
    if size == 0:
        raise FileRefused("empty")
    ending = PurePosixPath(name).suffix.lower()
    if ending not in MEDIA_TYPES:
        raise FileRefused("type_unknown")
    if ending in _PARTS:
        if not head.startswith(b"PK\x03\x04") or _PARTS[ending] not in head:
            raise FileRefused("type_differs")
    elif ending in _COMPOUND:
        if not head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            raise FileRefused("type_differs")
    elif ending in (".txt", ".csv"):
        if _seen(name, head) & {".html", ".htm", ".svg", ".xml", ".exe"} or not _is_text(head):
            raise FileRefused("type_differs")
    elif not _seen(name, head) & ({ending} | _ALIASES.get(ending, set())):
        raise FileRefused("type_differs")
    return MEDIA_TYPES[ending]


def _seen(name: str, head: bytes) -> set[str]:
    """Return the endings that a content may have."""
    try:
        return {match.extension for match in puremagic.magic_string(head, filename=name)}
    except puremagic.PureError:
        return set()


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            head[: len(head) - 4 if len(head) > 60_000 else len(head)].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
