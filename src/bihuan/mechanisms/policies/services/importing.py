"""Files of profiles and of policies are taken in: good rows at once, bad ones come back with their line and why."""

import contextlib
import datetime as dt
import hashlib
import io
import itertools
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import reading as files
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.kernel.text import clean_line
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import BLOCK, Clause, Import, Past, Policy, Profile
from ..rulebook import Policies
from ..rules import profiles
from ..states import KEEPERS
from . import matching
from .filling import begin
from .recording import commit
from .writing import draft, write_clause

BATCH, FEW, ERRORS_MOST = 2_000, 20, 1_000
CODE = ("uscc", "统一社会信用代码", "信用代码")
_POLICY = {
    "code": ("code", "文号"),
    "title": ("title", "政策名称", "政策"),
    "level": ("level", "层级"),
    "department": ("department", "责任部门", "部门"),
    "valid_from": ("valid_from", "生效日期"),
    "valid_to": ("valid_to", "失效日期"),
    "summary": ("summary", "摘要"),
    "basis": ("basis", "依据"),
    "clause": ("clause", "条款编号"),
    "name": ("name", "条款", "条款名称"),
    "track": ("track", "享受方式"),
    "stack": ("stack", "不重复享受"),
    "conditions": ("conditions", "条件"),
    "formula": ("formula", "公式", "标准"),
    "cap": ("cap", "每次封顶"),
    "year_cap": ("year_cap", "年度封顶"),
    "as_of": ("as_of", "基准日"),
    "shares": ("shares", "出资"),
}
_TRACKS = {"免申即享": "free", "快申快享": "quick", "法定程序": "statutory"}
_LEVELS = {"中央": "state", "省": "province", "省级": "province", "市": "city", "市级": "city", "区": "county",
           "区级": "county", "县级": "county", "镇街": "town"}  # fmt: skip


@dataclass
class _Report:
    taken: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)

    def refuse(self, line: int, problem: errors.Problem) -> None:
        """Keep why a row was refused; of very many only the first thousand."""
        if len(self.refused) < ERRORS_MOST:
            self.refused.append({"line": line, "field": problem.field or "", "error": str(problem.detail)})


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """What came of a file. again: the same file was in already and changed nothing."""

    record: Import
    again: bool


def take_in(*, kind: str, region: str, file: BinaryIO, filename: str, actor: Actor, now: dt.datetime) -> TakenIn:
    """Take in a file (CSV, Excel). kind: `profiles` (a row each enterprise: credit code and fields by id or name) or
    `policies` (a row each clause; policies that are not there are begun as drafts, nothing is published).

    The same file twice changes nothing and says so. Raises Forbidden, Invalid (`file_invalid`, kind), TooLarge. Leaves
    one fact of the file, and for policies those of each row.
    """
    if kind not in ("profiles", "policies"):
        raise errors.Invalid(_("kind: profiles or policies"), code="invalid_body", field="kind")
    roles = permissions.FILLERS if kind == "profiles" else KEEPERS
    if not permissions.holds(actor, roles, region):
        raise errors.Forbidden(_("Your role may not take this action here."), action="import")
    content = file.read(files.MAX_BYTES + 1)
    digest = hashlib.sha256(kind.encode() + content).hexdigest()
    with database.writing():
        before = Import.objects.filter(region=region, digest=digest).first()
    if before is not None:
        return TakenIn(record=before, again=True)
    rows = files.rows(io.BytesIO(content), filename=filename)
    report = _Report()
    if kind == "profiles":
        _profiles(rows, region, report, now)
    else:
        _policies(rows, region, report, actor, now)
    with database.writing():
        record = Import(
            region=region,
            kind=kind,
            name=clean_line(filename)[:200],
            digest=digest,
            taken=report.taken,
            refused=report.refused,
            fields=sorted(report.fields),
            made_by=actor.person_id,
            made_at=now,
        )
        said = {"name": record.name, "taken": report.taken, "refused": len(report.refused)}
        commit(record, "imported", now=now, said=said, actor=actor, made=True)
    return TakenIn(record=record, again=False)


def _profiles(rows: Iterator[files.Row], region: str, report: _Report, now: dt.datetime) -> None:
    book = rulebooks.in_force(region, now).section(Policies)
    names = {word: one.id for one in book.fields for word in (one.id, one.name.zh, one.name.en)}
    kinds = {one.id: one.kind for one in book.fields}
    places = frozenset(directory.descendants(region))
    while batch := list(itertools.islice(rows, BATCH)):
        good = []
        for line, cells in batch:
            try:
                good.append((line, *_profile_row(cells, names, kinds)))
            except errors.Problem as problem:
                report.refuse(line, problem)
        _put_many(good, places, report, now)
    if report.taken > FEW:
        with database.writing():
            Clause.objects.filter(state="open").update(stale=True)


def _profile_row(
    cells: Mapping[str, str], names: Mapping[str, str], kinds: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    """Return credit code and values of a row; an empty cell leaves a field as it is. Raises Invalid."""
    uscc = directory_rules.check_uscc(next((cells[name] for name in CODE if cells.get(name)), ""), field="uscc")
    values = {}
    for heading, cell in cells.items():
        name = names.get(heading.strip())
        if name is None or not cell.strip():
            continue
        try:
            values[name] = profiles.value(kinds[name], cell)
        except profiles.Wrong as problem:
            said = _("%(field)s: this is no %(kind)s") % {"field": heading, "kind": kinds[name]}
            raise errors.Invalid(said, code="value_wrong", field=name) from problem
    if not values:
        raise errors.Invalid(_("There is nothing to take in."), code="row_empty")
    return uscc, values


def _put_many(
    good: Sequence[tuple[int, str, dict[str, Any]]], places: frozenset[str], report: _Report, now: dt.datetime
) -> None:
    """Put the values of one batch of rows into profiles, in one transaction."""
    with database.writing():
        firms = {one.uscc: one for one in Enterprise.objects.filter(uscc__in=[uscc for _line, uscc, _v in good])}
        known: dict[uuid.UUID, dict[str, Any]] = {}
        for line, uscc, values in good:
            firm = firms.get(uscc)
            if firm is None or firm.region not in places:
                report.refuse(line, errors.Invalid(_("There is no such enterprise here."), field="uscc"))
                continue
            known.setdefault(firm.id, {}).update(values)
            report.taken += 1
            report.fields |= set(values)
        begin([one for one in firms.values() if one.id in known], now)
        serials = Profile.objects.filter(enterprise__in=known).values_list("serial", flat=True)
        for block in sorted({serial // BLOCK for serial in serials}):
            matching.hold(block)
        rows = list(Profile.objects.select_for_update(of=("self",)).filter(enterprise__in=known).order_by("serial"))
        past: list[Past] = []
        changed = [one for one in rows if _put(one, known[one.enterprise_id], past, now)]
        Past.objects.bulk_create(past, ignore_conflicts=True, batch_size=5_000)
        Profile.objects.bulk_update(changed, ["facts", "sources", "changed_at"], batch_size=500)
        if len(changed) <= FEW:
            for one in changed:
                matching.rematch(profile=Profile.objects.select_related("enterprise").get(pk=one.pk), now=now)


def _put(profile: Profile, values: Mapping[str, Any], past: list[Past], now: dt.datetime) -> bool:
    today = answers.local_date(now)
    changed = {name: value for name, value in values.items() if profile.facts.get(name) != value}
    for name, value in changed.items():
        past.append(Past(id=uuid7(), profile=profile, field=name, value=profile.facts.get(name), until=today))
        profile.facts[name] = value
        profile.sources[name] = {"source": "file", "at": now.isoformat()}
    profile.changed_at = now
    return bool(changed)


def _policies(rows: Iterator[files.Row], region: str, report: _Report, actor: Actor, now: dt.datetime) -> None:
    known = {word: one.code for one in directory.departments(region) for word in (one.code, one.name, one.short_name)}
    for line, cells in rows:
        row = {name: next((cells[each] for each in words if cells.get(each)), "") for name, words in _POLICY.items()}
        row["department"] = known.get(row["department"].strip(), row["department"])
        row["level"] = _LEVELS.get(row["level"].strip(), row["level"].strip())
        row["track"] = _TRACKS.get(row["track"].strip(), row["track"].strip())
        for day in ("valid_from", "valid_to", "as_of"):
            with contextlib.suppress(profiles.Wrong):  # what is no day is refused with its field
                row[day] = profiles.value("date", row[day]) or ""
        try:
            with database.writing():
                _clause(row, region, actor, now)
        except errors.Problem as problem:
            report.refuse(line, problem)
        else:
            report.taken += 1


def _clause(row: dict[str, Any], region: str, actor: Actor, now: dt.datetime) -> None:
    """Write one clause, in a policy that is there or is begun: together or not at all."""
    policy = Policy.objects.filter(region=region, code=clean_line(row["code"])).exclude(state="dropped").first()
    policy = policy or draft(region=region, body=row, actor=actor, now=now)
    shares = [part.split() for part in _parts(row["shares"].replace("%", ""))]
    body = row | {
        "code": row["clause"],
        "conditions": [_condition(one) for one in _parts(row["conditions"])],
        "shares": [{"level": _LEVELS.get(one[0], one[0]), "percent": one[-1]} for one in shares],
    }
    write_clause(policy_id=policy.id, body=body, actor=actor, now=now)


def _parts(cell: str) -> list[str]:
    """Return the parts of a cell: on lines of their own, or with semicolons between."""
    return [part.strip() for part in cell.replace("；", ";").replace("\n", ";").split(";") if part.strip()]


def _condition(line: str) -> dict[str, str]:
    words, bar, cel = line.replace("｜", "|").partition(" | ")
    return {"text": words.strip(), "cel": cel.strip()} if bar else {"text": "", "cel": line}
