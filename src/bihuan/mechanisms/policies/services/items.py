"""Service items are written, published and reformed; demanded papers are noted, promises taken and followed up."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line, clean_text, needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices, permissions, selectors, wording
from ..models import Demand, Item, Promise, Reform
from ..rulebook import Policies
from ..rules import papers
from ..states import ITEMS, PROMISES, ItemState, PromiseState
from . import reading
from .recording import commit

STEPS_MOST, DAYS_MOST, CASES_MOST = 60, 1_000, 50


def draft_item(*, region: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Item:
    """Begin a service item: {code, name, kind, department, guide, basis, legal_days, days, steps: [name], papers}.

    papers: {name, ways, source, tolerated, promised}. Raises Forbidden, Conflict `code_taken`, Invalid,
    `papers_flawed` also where a paper is asked for that another department has. Leaves one fact.
    """
    today = answers.local_date(now)
    department = directory.department_in_force(region, str(body.get("department") or ""), today)
    if not permissions.writes(actor, region, department.id):
        raise errors.Forbidden(_("Your role may not take this action here."), action="draft_item")
    with database.writing():
        version = rulebooks.in_force(region, now)
        made = Item(
            region=region,
            department=department,
            code=reading.line(body, "code", 40),
            made_at=now,
            rulebook_version=version.id,
        )
        if Item.objects.filter(region=region, code=made.code).exists():
            raise errors.Conflict(_("There is a service item of this number."), code="code_taken", field="code")
        _describe(made, body, version.section(Policies))
        _cost(made, body)
        commit(made, "item_written", now=now, said={"code": made.code}, actor=actor, made=True)
    return made


def _describe(item: Item, body: Mapping[str, Any], book: Policies) -> None:
    item.name = reading.line(body, "name", 120)
    item.kind = reading.one_of(body, "kind", {one.id: one for one in book.item_kinds})
    item.guide = clean_text(str(body.get("guide") or ""))[:20_000]
    item.basis = reading.words(body, "basis", 300)
    item.legal_days = _days(body, "legal_days") if str(body.get("legal_days") or "").strip() else None


def _cost(item: Item, body: Mapping[str, Any]) -> None:
    """Set steps, papers and days. Raises Invalid."""
    given = body.get("steps") or []
    steps = [clean_line(str(one))[:120] for one in given] if isinstance(given, list) else []
    item.steps = [one for one in steps if one][:STEPS_MOST]
    if not item.steps:
        raise errors.Invalid(_("steps: at least one"), code="invalid_body", field="steps")
    item.days = _days(body, "days")
    if item.legal_days is not None and item.days > item.legal_days:
        said = _("What is promised is never longer than the law allows.")
        raise errors.Invalid(said, code="days_longer", field="days")
    item.papers = reading.proofs(body.get("papers") or [], "papers")


def _days(body: Mapping[str, Any], field: str) -> int:
    text = str(body.get(field) if body.get(field) is not None else "").strip()
    if not text.isascii() or not text.isdecimal() or int(text) > DAYS_MOST:
        raise errors.Invalid(_("A number of working days, please."), code="days_wrong", field=field)
    return int(text)


def take_item(*, item_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Item:
    """Take one action: `edit` (as `draft_item`), `publish`, `withdraw` {text}, `reform` {text, steps, papers, days,
    cases: [number]}: before and after are kept, and the matters that caused it.

    Raises NotFound, Forbidden, Conflict (`state_forbids`, `nothing_changed`), Invalid (`case_unknown` …). One fact.
    """
    if action in ("demand", "promise"):
        do = demand if action == "demand" else promise
        return do(item_id=item_id, body=body, actor=actor, now=now).item
    selectors.items.find(item_id=item_id, actor=actor)
    with database.writing():
        item = _locked(item_id, action, actor)
        came_from, said = item.state, {}
        if action == "edit":
            _describe(item, body, rulebooks.in_force(item.region, now).section(Policies))
            _cost(item, body)
        elif action == "publish":
            said = asdict(selectors.items.burden(item))
        elif action == "reform":
            said = _reform(item, body, actor, now)
        else:
            said = {"text": needed_text(body, most=400)}
            item.ended_at = now
        targets = ITEMS.named(action).targets
        item.state = next(iter(targets)).value if targets else item.state
        commit(item, f"item_{action}", now=now, said=said, actor=actor, came_from=came_from)
    return item


def _locked(item_id: uuid.UUID, action: str, actor: Actor) -> Item:
    item = Item.objects.select_for_update(of=("self",)).select_related("department").get(pk=item_id)
    transition = ITEMS.named(action)
    permissions.check_item(actor, action, item)
    ITEMS.check_state(transition, ItemState(item.state), may=lambda one: permissions.can_item(actor, one, item))
    return item


def _reform(item: Item, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> dict[str, Any]:
    text, found = needed_text(body), _cases(body.get("cases") or [], actor)
    before, kept = selectors.items.burden(item), (list(item.steps), list(item.papers), item.days)
    _cost(item, body)
    if kept == (item.steps, item.papers, item.days):
        raise errors.Conflict(_("Steps, papers and days are as they were."), code="nothing_changed")
    after = selectors.items.burden(item)
    item.reforms_count += 1
    made = Reform(
        item=item, region=item.region, number=item.reforms_count, text=text, at=now,
        before=asdict(before) | {"list": kept[0], "paper_list": kept[1]},
        after=asdict(after) | {"list": item.steps, "paper_list": item.papers},
    )  # fmt: skip
    made.save(force_insert=True)
    made.cases.set(found)
    numbers = [one.number for one in found]
    return {"text": text, "before": asdict(before), "after": asdict(after), "cases": numbers}


def _cases(numbers: Sequence[Any], actor: Actor) -> list[Case]:
    """Return the matters that caused a reform, as the actor may see them. Raises Invalid `case_unknown`."""
    found = []
    for number in [str(one).strip() for one in numbers][:CASES_MOST]:
        try:
            with database.reading(actor.scope()):
                found.append(cases.find(number=number, actor=actor))
        except errors.NotFound as problem:
            said = _("There is no such case, or you may not see it.")
            raise errors.Invalid(said, code="case_unknown", field="cases") from problem
    return found


def demand(*, item_id: uuid.UUID, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Demand:
    """Note that a paper was demanded: {paper, on, enterprise: credit code}; by the enterprise itself, or at a window.

    Whether it is on the list and whether another department has it is looked up now and kept. Raises NotFound,
    Forbidden, Conflict `state_forbids`, Invalid. Leaves one fact.
    """
    selectors.items.find(item_id=item_id, actor=actor)
    with database.writing():
        item = _locked(item_id, "demand", actor)
        firm = _firm(body, actor, needed=False)
        paper, on = reading.line(body, "paper", 120), reading.day(body, "on") or answers.local_date(now)
        if on > answers.local_date(now):
            raise errors.Invalid(_("A day, please."), code="day_wrong", field="on")
        listed, source = papers.demanded(paper, selectors.items.papers_of(item))
        made = Demand(
            region=item.region, item=item, department_id=item.department_id, enterprise=firm, paper=paper,
            listed=listed, shared=bool(source), source=source, on=on, noted_at=now,
            rulebook_version=item.rulebook_version,
        )  # fmt: skip
        commit(made, "paper_demanded", now=now, said={"paper": paper}, actor=actor, made=True)
    return made


def _firm(body: Mapping[str, Any], actor: Actor, *, needed: bool) -> Enterprise | None:
    own = actor.scope().enterprises
    if own:
        return Enterprise.objects.get(pk=own[0])
    code = str(body.get("enterprise") or "").strip()
    if not code and not needed:
        return None
    found = directory.enterprise(directory_rules.check_uscc(code, field="enterprise"))
    if found is None:
        raise errors.Invalid(_("There is no such enterprise."), code="enterprise_unknown", field="enterprise")
    return found


def promise(*, item_id: uuid.UUID, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Promise:
    """Take a promise: {enterprise, paper, kind: `tolerated` or `promised`}; its day is by the rulebook.

    Only where the item allows it for this paper. Raises NotFound, Forbidden, Conflict (`state_forbids`,
    `promise_open`, `not_allowed`), Invalid. Leaves one fact.
    """
    selectors.items.find(item_id=item_id, actor=actor)
    with database.writing():
        item = _locked(item_id, "promise", actor)
        firm = _firm(body, actor, needed=True)
        assert firm is not None
        name, kind = reading.line(body, "paper", 120), reading.one_of(body, "kind", wording.PROMISE_KINDS)
        paper = next((one for one in selectors.items.papers_of(item) if one.name == name), None)
        if paper is None or not (paper.tolerated if kind == "tolerated" else paper.promised):
            raise errors.Conflict(_("This item does not allow it for this paper."), code="not_allowed", field="paper")
        if Promise.objects.filter(item=item, enterprise=firm, paper=name, state="open").exists():
            raise errors.Conflict(_("A promise for this is open already."), code="promise_open", field="paper")
        version = rulebooks.in_force(item.region, now)
        within = version.section(Policies).tolerate_within
        made = Promise(
            region=item.region, item=item, department_id=item.department_id, enterprise=firm, kind=kind, paper=name,
            due_at=workcalendar.calendar_for(item.region).add(now, within).at, made_at=now,
            rulebook_version=version.id,
        )  # fmt: skip
        said = {"paper": name, "until": made.due_at.isoformat()}
        commit(made, "promise_made", now=now, said=said, actor=actor, made=True)
    return made


def take_promise(
    *, promise_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Promise:
    """Note that a promise was kept (`supply`) or broken (`break` {text}). Raises NotFound, Forbidden, Conflict
    `state_forbids`, Invalid. Leaves one fact.
    """
    with database.reading(actor.scope()):
        seen = Promise.objects.filter(pk=promise_id).exists()
    if not seen:
        raise errors.NotFound(_("There is no such service item here, or you may not see it."), code="promise_not_found")
    with database.writing():
        found = Promise.objects.select_for_update(of=("self",)).select_related("item").get(pk=promise_id)
        transition = PROMISES.named(action)
        permissions.check_item(actor, action, found)
        PROMISES.check_state(
            transition, PromiseState(found.state), may=lambda one: permissions.can_item(actor, one, found)
        )
        if action == "break":
            found.text = needed_text(body, most=400)
        came_from, found.state, found.ended_at = found.state, next(iter(transition.targets)).value, now
        said = {"text": found.text} if found.text else {}
        commit(found, f"promise_{action}", now=now, said=said, actor=actor, came_from=came_from)
    return found


def note_late_promises(*, now: dt.datetime) -> int:
    """Note that the day of promises passed and tell both sides, once; return how many. One transaction each."""
    noted = 0
    while True:
        with database.writing():
            rows = Promise.objects.select_for_update(skip_locked=True, of=("self",)).select_related("item")
            found = rows.filter(state="open", late_since=None, due_at__lte=now).order_by("due_at").first()
            if found is None:
                return noted
            found.late_since = now
            commit(found, "promise_late", now=now, said={}, changed=["late_since"])
            notices.promise_late(found, now=now)
            noted += 1
