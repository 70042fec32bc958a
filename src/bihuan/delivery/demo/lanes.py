"""Several processes share the work of a window: who does what is decided by the plan alone, never by who is faster.

    this process ── raises all new matters, so that numbers come in order, and does its share; then lets time act
      └─ helpers  `python -c …lanes.help()`: the rest, one line in (window, new matters), one line out (done)

A matter is in one lane for the whole of a window, together with those merged into it: so nobody waits for a row that
another one holds. Between windows every lane has committed.
"""

import contextlib
import json
import os
import subprocess
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from .world import Step

MOST = 4
_START = "import django; django.setup(); from bihuan.delivery.demo import building; building.help_out()"


def default() -> int:
    """Return how many lanes this machine can use."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST)


def shares(steps: Sequence[Step], lanes: int) -> list[list[Step]]:
    """Deal the steps of one window out to lanes, in order within each; what is raised now belongs to the first."""
    if lanes == 1:
        return [list(steps)]
    together: dict[int, int] = {}

    def root(key: int) -> int:
        while together.setdefault(key, key) != key:
            key = together[key]
        return key

    for step in steps:
        if step.action == "merge":
            together[root(step.case)] = root(step.body["into"])
    groups: dict[int, int] = defaultdict(int)
    fresh = set()
    for step in steps:
        key = root(step.case)
        groups[key] += 1
        if step.action == "raise":
            fresh.add(key)
    load = [sum(groups[key] for key in fresh)] + [0] * (lanes - 1)
    lane_of = dict.fromkeys(fresh, 0)
    for key in sorted(groups.keys() - fresh, key=lambda one: (-groups[one], one)):
        lane_of[key] = load.index(min(load))
        load[lane_of[key]] += groups[key]
    dealt: list[list[Step]] = [[] for _lane in range(lanes)]
    for step in steps:
        dealt[lane_of[root(step.case)]].append(step)
    return dealt


class Helper:
    """A process that does the work of one lane. `news` are matters (key, number, id) it has not been told of yet."""

    def __init__(self, *, lane: int, lanes: int, folder: Path) -> None:
        self.news: list[tuple[int, str, str]] = []
        environment = {**os.environ, "BIHUAN_DATA": str(folder), "BIHUAN_POOL": "1"}
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _START, str(lane), str(lanes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            process_group=0,
            text=True,
        )

    def tell(self, window: int) -> None:
        """Let it do its share of a window, after telling the news."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"window": window, "new": self.news}) + "\n")
        self._process.stdin.flush()
        self.news = []

    def wait(self) -> None:
        """Wait until the helper has done what it was told. Raises RuntimeError if it ended instead."""
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "done\n":
            raise RuntimeError("a helper of the demonstration ended; the lines above say why")

    def end(self) -> None:
        """Let the helper end; what it has not committed is rolled back."""
        self._process.kill()
        self._process.communicate()


@contextlib.contextmanager
def helpers(*, lanes: int, folder: Path) -> Iterator[list[Helper]]:
    """Start the helpers of all lanes but the first, wait until they are ready, and end them after the block."""
    started: list[Helper] = []
    try:
        # One by one, so that those already started are ended when a later one fails to start.
        for lane in range(1, lanes):
            started.append(Helper(lane=lane, lanes=lanes, folder=folder))  # noqa: PERF401
        for helper in started:
            helper.wait()
        yield started
    finally:
        for helper in started:
            helper.end()


def told() -> Iterator[tuple[int, dict[int, tuple[str, uuid.UUID]]]]:
    """For a helper: yield (number of the window, new matters) as told; asking for the next one says that it is done."""
    sys.stdout.write("done\n")
    sys.stdout.flush()
    for line in sys.stdin:
        message = json.loads(line)
        yield message["window"], {key: (number, uuid.UUID(id_)) for key, number, id_ in message["new"]}
        sys.stdout.write("done\n")
        sys.stdout.flush()
