"""Filling the register with whole cases in bulk: rows as the product writes them, by COPY instead of through services.

Half of the cases lie in the district that is looked at, half in ten neighbours. 3 % are open. Each case has the fact of
its raising, sealed as the product seals it, the clock that rules it, its contact, and a co-department where it has one;
open ones have their timers.
"""

import datetime as dt
import random
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg

from benchmarks.installation import DISTRICT, NEIGHBOURS, Installation

OPEN_SHARE = 0.03
BATCH = 20_000
YEARS = 4
DROP_INDEXES_FROM = 100_000
"""More new rows than this are quicker entered without secondary indexes, which are then built anew."""

OPEN = (
    ("submitted", 10), ("accepted", 4), ("dispatched", 10), ("objected", 1), ("signed", 8), ("handling", 50),
    ("awaiting_enterprise", 4), ("suspended", 4), ("replied", 6), ("verifying", 2), ("reopened", 1),
)  # fmt: skip
ENDED = (("archived", 84), ("closed", 8), ("declined", 6), ("merged", 2))
PATH = ("accepted", "dispatched", "signed", "replied", "closed", "archived")
"""Instants of a case in order; each state has those up to its own."""
REACHED = {
    "submitted": 0, "declined": 0, "merged": 0, "accepted": 1, "dispatched": 2, "objected": 2, "signed": 3, "handling": 3,
    "awaiting_enterprise": 3, "suspended": 3, "replied": 4, "verifying": 4, "closed": 5, "reopened": 5, "archived": 6,
}  # fmt: skip
_SUBJECTS = "厂房门口道路积水 消防验收退回 用电增容受阻 社保补缴困难 环评批复迟缓 出口退税未到 招工难 账款拖欠 用地手续 排污许可".split()
_SENTENCES = (
    "上月起每逢下雨积水二十厘米，货车进不来。",
    "材料交了三次，每次退回的理由都不一样。",
    "窗口说要等上级批复，到现在没有回音。",
    "我们已按要求整改，请派人到现场复核。",
    "生产线停了两周，每天损失不小。",
    "希望几个部门一次到场，讲清还差什么。",
    "合同约定三十天付款，已经拖了半年。",
    "请告知办理时限和联系人。",
)


def make(house: Installation, *, have: int, want: int, now: dt.datetime, open_share: float = OPEN_SHARE) -> float:
    """Bring the number of bulk cases from `have` to `want`; return the seconds it took."""
    began = time.perf_counter()
    texts = _texts()
    with house.connect() as database:
        database.execute("set session_replication_role = replica")
        database.execute("set maintenance_work_mem = '512MB'")
        database.execute("set synchronous_commit = off")
        ground = _ground(database, firms=max(500, want // 20))
        later = _without_indexes(database) if want - have >= DROP_INDEXES_FROM else []
        for first in range(have, want, BATCH):
            tables: dict[str, list[str]] = {table: [] for table in _COLUMNS}
            for number in range(first, min(first + BATCH, want)):
                _one(tables, number, texts, ground, now, open_share)
            for table, lines in tables.items():
                _copy(database, table, lines)
        for statement in later:
            database.execute(statement)
        for table in (*_COLUMNS, "directory_enterprise"):
            database.execute(f"vacuum (freeze, analyze) {table}")
        database.execute("checkpoint")
    return time.perf_counter() - began


def count(house: Installation) -> int:
    """Return the number of bulk cases there are."""
    with house.connect() as database:
        return int(database.execute("select count(*) from cases_case where number like 'BV-%'").fetchone()[0])


def count_open(house: Installation, region: str) -> int:
    """Return the number of open bulk cases of a region."""
    sql = "select count(*) from cases_case where region = %s and number like 'BV-%%' and state = any(%s)"
    with house.connect() as database:
        return int(database.execute(sql, [region, [state for state, _ in OPEN]]).fetchone()[0])


@dataclass(frozen=True)
class _Ground:
    """What cases refer to. departments: region → ids, the first is the one of the liaison."""

    departments: Mapping[str, list[str]]
    firms: list[str]
    person: str
    rulebook: str
    slots: Mapping[str, Any]


def _ground(database: "psycopg.Connection[Any]", *, firms: int) -> _Ground:
    departments: dict[str, list[str]] = {}
    order = "select region, id::text from directory_department order by region, code <> 'housing', code"
    for region, one in database.execute(order):
        departments.setdefault(region, []).append(one)
    return _Ground(
        departments=departments,
        firms=_firms(database, firms),
        person=database.execute("select id::text from accounts_person where username = 'seat'").fetchone()[0],
        rulebook=database.execute("select id::text from rulebooks_rulebookversion limit 1").fetchone()[0],
        slots={},
    )


def _firms(database: "psycopg.Connection[Any]", want: int) -> list[str]:
    from bihuan.foundation.directory import rules

    have = database.execute("select count(*) from directory_enterprise where source = 'bench'").fetchone()[0]
    with database.cursor().copy(
        "copy directory_enterprise (id, uscc, name, pinyin, region, town, address, industry, size, source, created_at,"
        " updated_at) from stdin"
    ) as copy:
        for number in range(have, want):
            region = (DISTRICT, *NEIGHBOURS)[number % 11]
            uscc = rules.compose_uscc(region=region, serial=100_000 + number)
            name = f"{region}第{number}号实业有限公司"
            copy.write_row(
                (uuid.uuid4(), uscc, name, f"n{number}", region, "", "", "", "", "bench", _DAY_ONE, _DAY_ONE)
            )
    rows = database.execute("select id::text from directory_enterprise where source = 'bench' order by uscc")
    return [row[0] for row in rows]


_DAY_ONE = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)


def _without_indexes(database: "psycopg.Connection[Any]") -> list[str]:
    """Drop the indexes of the large tables that no constraint needs; return the statements that make them again."""
    rows = database.execute(
        "select i.indexname, i.indexdef from pg_indexes i where i.tablename = any(%s) and not exists"
        " (select from pg_constraint c where c.conname = i.indexname)",
        [list(_COLUMNS)],
    ).fetchall()
    for name, _definition in rows:
        database.execute(f'drop index "{name}"')
    return [definition for _name, definition in rows]


def _copy(database: "psycopg.Connection[Any]", table: str, lines: list[str]) -> None:
    with database.cursor().copy(f"copy {table} ({', '.join(_COLUMNS[table])}) from stdin") as copy:
        copy.write("".join(lines))


def _weighted(choices: Iterable[tuple[str, int]]) -> list[str]:
    return [name for name, weight in choices for _ in range(weight)]


_OPEN_STATES, _ENDED_STATES = _weighted(OPEN), _weighted(ENDED)


def _texts() -> list[tuple[str, str, str]]:
    """Return (title, description, search terms as a tsvector) of 400 varied matters."""
    from bihuan.casework.cases.rules import numbers

    chosen = random.Random(7)
    found = []
    for number in range(400):
        title = f"{chosen.choice(_SUBJECTS)}，第{number}号园区企业反映"
        description = "".join(chosen.sample(_SENTENCES, chosen.randint(3, 7)))
        terms = " ".join(f"'{term}'" for term in numbers.search_terms([title, description]))
        found.append((title, description, terms))
    return found


def _one(
    tables: dict[str, list[str]],
    number: int,
    texts: list[tuple[str, str, str]],
    ground: _Ground,
    now: dt.datetime,
    open_share: float,
) -> None:
    """Add the rows of case `number` to the tables."""
    chosen = random.Random(number)
    is_open = chosen.random() < open_share
    state = chosen.choice(_OPEN_STATES if is_open else _ENDED_STATES)
    times = _times(chosen, is_open, now)
    region = DISTRICT if number % 2 else NEIGHBOURS[number // 2 % 10]
    departments = ground.departments[region]
    lead = chosen.choice(departments) if REACHED[state] >= 2 else None
    co = chosen.choice(departments) if lead and chosen.random() < 0.15 else None
    title, description, terms = texts[number % len(texts)]
    instant = int(dt.datetime.fromisoformat(times["raised"]).timestamp() * 1000)
    head = f"{instant:012x}"
    ident = f"{head[:8]}-{head[8:]}-7{number & 0xFFF:03x}-8{number >> 60:03x}-{number & 0xFFFFFFFFFFFF:012x}"
    firm = None if number % 10 == 0 else ground.firms[chosen.randrange(len(ground.firms))]
    row = _row(state, times, lead=lead, co=co if co != lead else None)
    month = times["raised"][2:4] + times["raised"][5:7]
    row |= {"id": ident, "number": f"BV-{region}-{month}-{number:07}", "region": region}
    row |= {"title": title, "description": description, "enterprise_id": firm, "anonymous": firm is None}
    row |= {"raised_by": ground.person, "rulebook_version": ground.rulebook, "category": "approval", "search": terms}
    text, row["last_hash"] = _sealed(row, times)
    tables["cases_case"].append(_line("cases_case", row))
    fact = {"stream": ident, "seq": 1, "region": region, "kind": "case.raised", "at": times["raised"]}
    fact |= {"actor_id": ground.person, "hash": row["last_hash"], "canonical": text}
    tables["ledger_fact"].append(_line("ledger_fact", fact))
    contact = {"case_id": ident, "region": region, "name": "王工", "phone": f"136{number:08}", "email": ""}
    tables["cases_contact"].append(_line("cases_contact", contact))
    _clock(tables, row, times)
    if row["co_department_ids"] != "{}":
        part = {"id": str(uuid.UUID(int=number | 0xC0 << 120)), "case_id": ident, "region": region, "department_id": co}
        part |= {"round": 1, "due_at": times["due"], "reply_text": "", "replied_at": None}
        tables["cases_codepartment"].append(_line("cases_codepartment", part))


_slots: dict[tuple[bool, int], dict[str, str]] = {}


def _times(chosen: random.Random, is_open: bool, now: dt.datetime) -> dict[str, str]:
    """Return the instants of a case as texts: open ones began in the last four weeks, ended ones in four years."""
    slot = (is_open, chosen.randrange(400 if is_open else 6000))
    if slot not in _slots:
        _slots[slot] = _reckoned(slot, now)
    return _slots[slot]


def _reckoned(slot: tuple[bool, int], now: dt.datetime) -> dict[str, str]:
    from bihuan.casework.cases.rules.facts import to_plain
    from bihuan.foundation.kernel.workdays import Duration
    from bihuan.foundation.workcalendar import selectors as workcalendar

    is_open, place = slot
    if is_open:
        raised = now - dt.timedelta(hours=1 + place * 28 * 24 / 400)
    else:
        raised = now - dt.timedelta(days=60 + place * (YEARS * 365 - 60) / 6000, minutes=place % 600)
    calendar = workcalendar.calendar_for(DISTRICT)
    allotted = calendar.add(raised, Duration.parse("15wd" if is_open and place % 2 else "5wd"))
    start, end = calendar.position(allotted.counts_from), calendar.position(allotted.at)
    lights = [raised, *(calendar.instant(start + round((end - start) * share)) for share in (0.6, 0.8, 1))]
    hours = {"raised": 0, "accepted": 2, "dispatched": 3, "signed": 5, "replied": 70, "closed": 90, "archived": 900}
    found = {name: to_plain(raised + dt.timedelta(hours=after)) for name, after in hours.items()}
    found |= {"due": to_plain(allotted.at), "from": to_plain(allotted.counts_from)}
    found["lights"] = "{" + ",".join(to_plain(light) for light in lights) + "}"
    found["future"] = "".join(str(int(light > now)) for light in lights)
    return found


def _row(state: str, times: Mapping[str, str], *, lead: str | None, co: str | None) -> dict[str, Any]:
    """Return what a case row says of its way so far."""
    reached = REACHED[state]
    row: dict[str, Any] = {f"{name}_at": times[name] if index < reached else None for index, name in enumerate(PATH)}
    held = times["replied"] if reached >= 4 else times["accepted"] if state in ("declined", "merged") else None
    ended = reached >= 5 and state != "reopened"
    row |= {
        "state": state,
        "lead_department_id": lead,
        "co_department_ids": "{" + co + "}" if co else "{}",
        "first_contact_at": row["signed_at"],
        "tier": "ordinary" if reached else "",
        "board": "projects" if reached else "",
        "closed_kind": "resolved" if ended else "",
        "closed_at": times["closed"] if ended else None,
        "decline_reason": "not_in_scope" if state == "declined" else "",
        "reply_kind": "resolved" if reached >= 4 else "",
        "reply_text": "已会同消防部门复验，现场通过。" if reached >= 4 else "",
        "word": "confirmed" if state == "archived" else "pending",
        "achieved": True if state == "archived" else None,
        "achieved_at": times["closed"] if state == "archived" else None,
        "achieved_by": "enterprise" if state == "archived" else "",
        "reopenings": int(state == "reopened"),
        "raised_at": times["raised"],
        "due_at": times["due"],
        "original_due_at": times["due"],
        "light_at": times["lights"],
        "light_ids": "{green,yellow,orange,red}",
        "counts_from": times["from"],
        "held_at": times["signed"] if state == "suspended" else held,
        "allotment": "5wd",
    }
    return row


_DEFAULTS: dict[str, Any] = {
    "last_seq": 1, "follow_up_digest": "0" * 64, "channel": "web", "town": "", "place": "", "urgent": False,
    "bound": False, "objected_ids": "{}", "false_closure": False, "rating_changes": 0, "extensions": 0, "hand_offs": 0,
    "returns": 0, "reworks": 0, "verifier_ids": "{}", "escalated_to": "", "provisional": False, "source": "",
    "source_id": "",
}  # fmt: skip


def _sealed(row: Mapping[str, Any], times: Mapping[str, str]) -> tuple[str, str]:
    """Return canonical text and hash of the fact that the case was raised."""
    from bihuan.casework.cases.rules.facts import TRACKED
    from bihuan.foundation.ledger import rules, services

    said = {name: _DEFAULTS.get(name, row.get(name)) for name in TRACKED}
    said |= {"state": "submitted", "co_department_ids": [], "objected_ids": [], "verifier_ids": []}
    for name in ("tier", "board", "closed_kind", "reply_kind", "reply_text", "decline_reason", "achieved_by"):
        said[name] = ""
    for name in ("lead_department_id", "achieved", "held_at", *(f"{one}_at" for one in PATH), "first_contact_at"):
        said[name] = None
    said |= {"light_at": times["lights"][1:-1].split(","), "light_ids": ["green", "yellow", "orange", "red"]}
    content = {
        "v": rules.FORMAT, "stream": row["id"], "seq": 1, "region": row["region"], "kind": "case.raised",
        "at": times["raised"], "actor": row["raised_by"], "on_behalf_of": None, "from": None, "to": "submitted",
        "reason": None, "rulebook": row["rulebook_version"], "data": {"set": said}, "prev": None,
    }  # fmt: skip
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()
    return text, rules.digest(services.algorithm(), text.encode())


def _clock(tables: dict[str, list[str]], row: Mapping[str, Any], times: Mapping[str, str]) -> None:
    state = "stopped" if row["held_at"] else "running"
    if row["state"] == "suspended":
        state = "paused"
    lights = [["green", "0"], ["yellow", "0.6"], ["orange", "0.8"], ["red", "1"]]
    begun = {"kind": "started", "at": times["raised"], "allotment": "5wd", "lights": lights}
    clock = {
        "id": "c1" + row["id"][2:],
        "region": row["region"],
        "subject": row["id"],
        "kind": "handling" if row["accepted_at"] else "acceptance",
        "part": "",
        "cycle": 1,
        "state": state,
        "started_at": times["raised"],
        "allotment": "5wd",
        "due_at": times["due"],
        "original_due_at": times["due"],
        "light_ids": "{green,yellow,orange,red}",
        "light_at": times["lights"],
        "paused_at": row["held_at"] if state == "paused" else None,
        "stopped_at": row["held_at"] if state == "stopped" else None,
        "void": False,
        "provisional": False,
        "alarms": True,
        "calendar_version": 1,
        "rulebook_version": row["rulebook_version"],
        "holder_department": row["lead_department_id"],
        "holder_role": "",
        "facts": orjson.dumps([begun]).decode(),
    }
    tables["deadlines_clock"].append(_line("deadlines_clock", clock))
    if state == "running":
        for position, at in enumerate(times["lights"][1:-1].split(",")):
            fired = None if times["future"][position] == "1" else at
            timer = {"clock_id": clock["id"], "threshold": lights[position][0], "position": position, "fire_at": at}
            tables["deadlines_timer"].append(_line("deadlines_timer", timer | {"fired_at": fired, "failures": 0}))


def _column_names(*labels: str) -> Iterator[tuple[str, list[str]]]:
    from django.apps import apps

    for label in labels:
        model = apps.get_model(label)
        columns = [field.column for field in model._meta.concrete_fields]
        serial = model._meta.pk is not None and model._meta.pk.get_internal_type() == "BigAutoField"
        yield model._meta.db_table, columns[1:] if serial else columns


_COLUMNS: dict[str, list[str]] = {}


def ready() -> None:
    """Learn the tables' columns, once Django is set up."""
    _COLUMNS.update(
        _column_names(
            "cases.Case", "ledger.Fact", "cases.Contact", "deadlines.Clock", "deadlines.Timer", "cases.CoDepartment"
        )
    )


def _line(table: str, row: Mapping[str, Any]) -> str:
    return "\t".join([_text(row.get(name, _DEFAULTS.get(name))) for name in _COLUMNS[table]]) + "\n"


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    if value is True or value is False:
        return "t" if value else "f"
    return value if isinstance(value, str) else str(value)
