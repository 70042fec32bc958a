"""The report of a run: every figure, every ratio, and whether the targets are met."""

import datetime as dt
import json
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.operations import Figure

RATIOS = {"intake": 6.0, "accept": 8.0, "sign": 8.0, "reply": 8.0, "list_coordinator": 6.0, "list_liaison": 6.0}
"""Operation → the most that ours ÷ raw SQL may be."""
AIMS = {"intake": 2.7, "list_coordinator": 2.0, "list_liaison": 2.0}
"""Operation → CPU milliseconds aimed below."""
GROWTH, MEMORY = 2.0, 200.0


class Target(NamedTuple):
    """What was aimed at and what was measured. Only a binding one decides whether the run is met."""

    name: str
    limit: str
    measured: str
    met: bool
    binding: bool = True


@dataclass(frozen=True)
class Section:
    """A measurement beside the volumes: its table as Markdown lines, its targets, and its values for JSON."""

    title: str
    lines: list[str]
    targets: list[Target]
    values: list[dict[str, Any]]


@dataclass(frozen=True)
class Volume:
    """What was measured with so many cases; memory: resident MiB of the web process afterwards."""

    cases: int
    memory: float
    figures: list[Figure]

    def figure(self, name: str) -> Figure:
        """Return the figure with this name."""
        return next(one for one in self.figures if one.name == name)


@dataclass(frozen=True)
class Report:
    """A whole run."""

    version: str
    volumes: list[Volume]
    sections: list[Section] = field(default_factory=list)

    def targets(self) -> list[Target]:
        """Return every target and aim."""
        found = [target for section in self.sections for target in section.targets]
        for one in self.volumes:
            at = f"at {one.cases:,} cases"
            for name, most in RATIOS.items():
                ratio = one.figure(name).ratio or 0.0
                found.append(Target(f"{name}, ours ÷ raw SQL, {at}", f"≤ {most:g} ×", f"{ratio:.2f} ×", ratio <= most))
            for name, aim in AIMS.items():
                ours = one.figure(name).ours
                found.append(Target(f"{name}, CPU {at}", f"aim < {aim:g} ms", f"{ours:.2f} ms", ours < aim, False))
            memory = f"{one.memory:.0f} MiB"
            found.append(Target(f"memory of a web process {at}", f"≤ {MEMORY:g} MiB", memory, one.memory <= MEMORY))
        if len(self.volumes) > 1:
            small, large = self.volumes[0], self.volumes[-1]
            for name in ("list_coordinator", "list_liaison"):
                growth = large.figure(name).ours / small.figure(name).ours
                sizes = f"CPU at {large.cases:,} ÷ at {small.cases:,}"
                found.append(Target(f"{name}, {sizes}", f"≤ {GROWTH:g} ×", f"{growth:.2f} ×", growth <= GROWTH))
        return found

    def met(self) -> bool:
        """Tell whether every binding target is met."""
        return all(target.met for target in self.targets() if target.binding)

    def text(self) -> str:
        """Return the report as Markdown."""
        lines = ["# What it costs, beside raw SQL", "", _circumstances(self.version), ""]
        for section in self.sections:
            lines += [f"## {section.title}", "", *section.lines, ""]
        for one in self.volumes:
            lines += [f"## {one.cases:,} cases", "", _HEAD, _RULE]
            lines += [_line(figure) for figure in one.figures]
            lines += ["", f"Resident memory of the web process: {one.memory:.0f} MiB.", ""]
        lines += ["## Targets", "", "| target | limit | measured | |", "|---|--:|--:|---|"]
        lines += [
            f"| {name} | {limit} | {value} | {_mark(met, binding)} |"
            for name, limit, value, met, binding in self.targets()
        ]
        return "\n".join(lines) + "\n"

    def plain(self) -> dict[str, Any]:
        """Return the report for JSON."""
        return {
            "made_at": dt.datetime.now(dt.UTC).isoformat(),
            "postgres": self.version,
            "volumes": [
                {"cases": one.cases, "memory_mib": one.memory, "figures": [figure.plain() for figure in one.figures]}
                for one in self.volumes
            ],
            "sections": {section.title: section.values for section in self.sections},
            "targets": [target._asdict() for target in self.targets()],
        }


_HEAD = "| operation | web ms | PostgreSQL ms | **ours** ms | ± | raw SQL ms | (pgbench itself) | statements | **ours ÷ raw** |"
_RULE = "|---|--:|--:|--:|--:|--:|--:|--:|--:|"


def _circumstances(version: str) -> str:
    return (
        f"{dt.date.today().isoformat()}, PostgreSQL {version} as the launcher sets it up (fsync on), Python"
        f" {platform.python_version()}, {os.cpu_count()} cores. CPU milliseconds an operation, medians of rounds taken in"
        " turns with raw SQL. *Ours* is one web process (granian, the WSGI application of the product) and PostgreSQL;"
        " *raw SQL* is PostgreSQL alone while pgbench writes or reads the very same rows as a superuser, without row-level"
        " security, permissions, hashes or JSON."
    )


def _line(one: Figure) -> str:
    name = f"{one.name}: {one.what}" + (f" ({one.note})" if one.note else "")
    compared = (
        f"{one.raw:.3f} | {one.raw_client:.3f} | {one.statements} | **{one.ratio:.2f}**" if one.raw else "– | – | – | –"
    )
    return f"| {name} | {one.web:.3f} | {one.postgres:.3f} | **{one.ours:.3f}** | {one.spread / 2:.3f} | {compared} |"


def _mark(met: bool, binding: bool) -> str:
    if met:
        return "met"
    return "**missed**" if binding else "not reached"


def write(report: Report, folder: Path) -> None:
    """Write report.md and report.json into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(report.text(), encoding="utf-8")
    (folder / "report.json").write_text(json.dumps(report.plain(), ensure_ascii=False, indent=1), encoding="utf-8")
