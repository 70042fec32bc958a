"""Measure the product beside raw SQL, in one run on one PostgreSQL, and write a report.

    python -m benchmarks                 10,000 and 1,000,000 cases and clocks; about half an hour on 2 cores
    python -m benchmarks --quick         10,000 cases, 100,000 clocks, fewer repetitions; about two minutes
    python -m benchmarks --only time     working time and the sweep of timers alone, a million clocks; five minutes
    python -m benchmarks --only pages    pages of a register with 100,000 open cases beside an empty page; five minutes
    python -m benchmarks --only gate     a decision of the gate for checks of enterprises, up to 100,000 checks
    python -m benchmarks --only scoreboard   the scoreboard of a month as the register grows, and its recount

Exit status 1 when a target is missed.
"""

import argparse
import datetime as dt
import sys
from pathlib import Path

from benchmarks import accounting, apart, gate, operations, pages, report, scoreboard, sweep, volume, worktime
from benchmarks.installation import Installation, installed, serving

RESULTS = Path(__file__).parent / "results"


def one_volume(house: Installation, cases: int, options: argparse.Namespace) -> report.Volume:
    """Bring the register to `cases` and measure everything there."""
    have = volume.count(house)
    if have < cases:
        print(f"{cases:,} cases: entering {cases - have:,} …", flush=True)
        took = volume.make(house, have=have, want=cases, now=dt.datetime.now(dt.UTC))
        print(f"  {took:.0f} s", flush=True)
    with serving() as web:
        bench = operations.Bench(
            house=house,
            web=web,
            scripts=operations.scripts_in(house.folder / "scripts"),
            times=options.times,
            raw_times=max(1000, options.times),
            rounds=options.rounds,
            first=operations.first_number(),
        )
        print(f"{cases:,} cases", flush=True)
        operations.catch(bench)
        operations.writes(bench)
        operations.reads(bench)
        memory = accounting.resident_mib(web.pid)
        operations.append(bench)
        if not options.no_verify:
            operations.verify(bench)
    return report.Volume(cases=cases, memory=memory, figures=bench.figures)


def clocks(house: Installation, most: int) -> list[report.Section]:
    """Measure working time, and the sweep with up to `most` open clocks in a process and a database of their own."""
    print("working time", flush=True)
    found = [worktime.section(worktime.run())]
    print(f"sweep with up to {most:,} open clocks", flush=True)
    found.append(sweep.section([sweep.Swept(**one) for one in apart.ask(house, "benchmarks.sweep", most)]))
    return found


def decisions(house: Installation, most: int) -> report.Section:
    """Measure the gate in a process and a database of its own."""
    print(f"gate with up to {most:,} checks", flush=True)
    return gate.section([gate.Decided(**one) for one in apart.ask(house, "benchmarks.gate", most)])


def main() -> int:
    """Run, print and write the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Ours beside raw SQL, CPU an operation.")
    parser.add_argument("--quick", action="store_true", help="10,000 cases only, fewer repetitions")
    parser.add_argument(
        "--only", choices=("time", "cases", "pages", "scoreboard", "gate"), help="leave the other parts out"
    )
    parser.add_argument("--clocks", type=int, help="most open clocks of the sweep")
    parser.add_argument("--open", type=int, help="open cases in sight of the pages")
    parser.add_argument("--cases", type=int, nargs="+", help="volumes to measure, ascending")
    parser.add_argument("--times", type=int, help="repetitions in a round")
    parser.add_argument("--rounds", type=int, help="rounds, ours and raw SQL in turns")
    parser.add_argument("--no-verify", action="store_true", help="leave out the verification of the whole ledger")
    parser.add_argument("--data", type=Path, help="keep the installation in this folder, and use it again")
    options = parser.parse_args()
    options.cases = options.cases or ([10_000] if options.quick else [10_000, 1_000_000])
    options.clocks = options.clocks or (100_000 if options.quick else 1_000_000)
    options.open = options.open or (10_000 if options.quick else 100_000)
    options.times = options.times or (150 if options.quick else 400)
    options.rounds = options.rounds or 3
    with installed(options.data) as house:
        sections = clocks(house, options.clocks) if options.only in (None, "time") else []
        if options.only in (None, "gate"):
            sections.append(decisions(house, 10_000 if options.quick else 100_000))
        volumes = []
        if options.only in (None, "cases"):
            volume.ready()
            volumes = [one_volume(house, cases, options) for cases in options.cases]
        if options.only in (None, "pages"):
            volume.ready()
            print(f"pages with {options.open:,} open cases", flush=True)
            found = pages.run(house, most=options.open, times=max(40, options.times // 10), rounds=options.rounds)
            sections.append(pages.section(found, most=options.open))
        if options.only in (None, "scoreboard"):
            volume.ready()
            print("scoreboard of a month", flush=True)
            measured = scoreboard.run(
                house, volumes=options.cases, times=max(20, options.times // 20), rounds=options.rounds
            )
            sections.append(scoreboard.section(measured))
        written = report.Report(version=house.version, volumes=volumes, sections=sections)
    text = written.text()
    print(text)
    report.write(written, RESULTS)
    print(f"written to {RESULTS}/report.md")
    return 0 if written.met() else 1


if __name__ == "__main__":
    sys.exit(main())
