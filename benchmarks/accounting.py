"""CPU and memory of running processes, from /proc.

CPU is what a machine shared with others can measure steadily; wall time is not.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

TICK = 1000 / os.sysconf("SC_CLK_TCK")
HOUSEKEEPING = ("checkpointer", "background writer", "walwriter", "autovacuum", "logical replication", "logger")
"""Processes of PostgreSQL that work at their own times, not for one statement."""


@dataclass(frozen=True)
class Spent:
    """CPU milliseconds of the web process and of PostgreSQL."""

    web: float
    postgres: float

    @property
    def both(self) -> float:
        """Return the sum."""
        return self.web + self.postgres

    def __sub__(self, earlier: "Spent") -> "Spent":
        return Spent(self.web - earlier.web, self.postgres - earlier.postgres)

    def __truediv__(self, number: int) -> "Spent":
        return Spent(self.web / number, self.postgres / number)


def family(root: int) -> list[int]:
    """Return `root` and the ids of all its living descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/<pid>/stat from the state on: 1 parent, 11–14 utime, stime, cutime, cstime."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _title(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def cpu(root: int) -> float:
    """Return the CPU milliseconds of a process and its descendants so far, those that ended included.

    Of a PostgreSQL (`root` is the postmaster) the processes that keep house are left out.
    """
    ticks = 0
    for pid in family(root):
        fields = _stat(pid)
        if fields and not any(name in _title(pid) for name in HOUSEKEEPING):
            ticks += sum(int(field) for field in fields[11:15])
    return ticks * TICK


def spent(*, web: int | None, postmaster: int) -> Spent:
    """Return what web (if there is one) and PostgreSQL have used so far."""
    return Spent(cpu(web) if web else 0.0, cpu(postmaster))


def resident_mib(root: int) -> float:
    """Return the resident memory of the largest process of a family, in MiB."""
    largest = 0
    for pid in family(root):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                largest = max(largest, int(line.split()[1]))
    return largest / 1024


def settle() -> None:
    """Let a process that has just answered go back to sleep before it is looked at."""
    time.sleep(0.05)
