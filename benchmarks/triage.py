"""Triage: one proposal, and training on a hundred thousand decided matters, in a process of its own.

    python -m benchmarks.triage [--rows 100000]

Matters are invented: words of the product's own list of subjects, drawn for a lead of thirty departments, so that there
is something to learn. CPU time on one core. Targets: a proposal ≤ 20 ms, training ≤ 5 minutes and ≤ 2 GiB.
"""

import argparse
import json
import os
import random
import time
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.report import Section, Target

ROWS, DEPARTMENTS, MATTERS = 100_000, 30, 1_000
PROPOSAL, TRAINING, MEMORY = 20.0, 300.0, 2048.0
"""Limits: CPU milliseconds of one proposal, seconds and MiB of training."""


@dataclass(frozen=True)
class Entry:
    """A matter of a catalogue, as far as it is recognized."""

    words: tuple[str, ...]


@dataclass
class Measured:
    """What came out. proposal: CPU milliseconds of the slowest of a hundred, by catalogue and model together."""

    rows: int
    seconds: float
    mib: float
    file_mib: float
    accuracy: float
    proposal: float
    typical: float


def matters(rows: int) -> tuple[list[tuple[str, str]], dict[str, list[str]]]:
    """Return invented texts of about 150 characters, and for each question the answers."""
    dice = random.Random(20260601)
    from bihuan.mechanisms.dispatch.rules import texts

    subjects = tomllib.loads((Path(texts.__file__).parent / "subjects.toml").read_text("utf-8"))
    words = [value.split() for value in subjects.values()]
    common = "请 我们 公司 问题 一直 没有 解决 希望 部门 尽快 处理 多次 反映 已经 时间 情况 现在 影响 生产 经营".split()
    found: list[tuple[str, str]] = []
    labels: dict[str, list[str]] = {name: [] for name in ("category", "tier", "board", "lead", "co")}
    for _row in range(rows):
        lead = dice.randrange(DEPARTMENTS)
        own = words[lead % len(words)]
        body = [dice.choice(own if dice.random() < 0.3 else common) + str(dice.randrange(99)) for _ in range(40)]
        found.append(("".join(dice.choices(own, k=3)), "".join(body)))
        labels["lead"].append(f"d{lead:02}")
        labels["category"].append(f"c{lead % 16:02}")
        labels["board"].append(f"b{lead % 10}")
        labels["tier"].append(("ordinary", "complex", "hard")[lead % 3])
        labels["co"].append("-" if lead % 2 else f"d{(lead + 1) % DEPARTMENTS:02}")
    return found, labels


def run(rows: int = ROWS) -> Measured:
    """Train and answer in this process, whose peak memory counts."""
    from bihuan.foundation.kernel import memory
    from bihuan.mechanisms.dispatch.rules import catalogue, learning

    texts, labels = matters(rows)
    begin = time.process_time()
    model = learning.train(texts, labels)
    seconds = time.process_time() - begin
    mib = memory.peak_mib()
    content = learning.save(model)
    model = learning.load(content, digest=learning.digest_of(content))
    dice = random.Random(1)
    entries = [Entry(tuple(texts[dice.randrange(rows)][1][at : at + 4] for at in (0, 9, 20))) for _ in range(MATTERS)]
    times = []
    for title, body in texts[:101]:
        start = time.process_time()
        catalogue.recognize(entries, title=title, body=body)
        model.answer(title, body)
        times.append((time.process_time() - start) * 1e3)
    times = sorted(times[1:])  # the first one makes what all others use
    return Measured(
        rows=rows,
        seconds=seconds,
        mib=mib,
        file_mib=len(content) / 2**20,
        accuracy=model.heads["lead"].figures["accuracy"],
        proposal=times[-1],
        typical=times[len(times) // 2],
    )


def section(found: Measured) -> Section:
    """Return what was measured as a part of the report."""
    return Section(
        title="Triage",
        lines=[
            "| what | measured |",
            "|---|--:|",
            f"| training on {found.rows:,} matters, CPU s | {found.seconds:.0f} |",
            f"| peak memory, MiB | {found.mib:.0f} |",
            f"| file of the model, MiB | {found.file_mib:.1f} |",
            f"| lead right, of matters held back | {found.accuracy:.3f} |",
            f"| a proposal with {MATTERS:,} matters in the catalogue, CPU ms: typical, slowest of 100"
            f" | {found.typical:.1f}, {found.proposal:.1f} |",
        ],
        targets=[
            Target("a proposal, CPU", f"≤ {PROPOSAL:g} ms", f"{found.proposal:.1f} ms", found.proposal <= PROPOSAL),
            Target("training, CPU", f"≤ {TRAINING:g} s", f"{found.seconds:.0f} s", found.seconds <= TRAINING),
            Target("training, memory", f"≤ {MEMORY:g} MiB", f"{found.mib:.0f} MiB", found.mib <= MEMORY),
        ],
        values=[asdict(found)],
    )


def main() -> None:
    """Print the report, or the figures for whoever started this."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.triage")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = run(options.rows)
    if options.json:
        print(json.dumps(asdict(found)))
        return
    part = section(found)
    print("\n".join(part.lines))
    for target in part.targets:
        print(f"{target.name}: {target.measured} ({target.limit})")


if __name__ == "__main__":
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    main()
