"""制度: drafted by hand or from what caused it, put in force, reviewed, withdrawn. Cases are linked first."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.casework.cases.rulebook import Categories
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import answers, database, errors, events
from bihuan.foundation.kernel.workdays import Duration
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..events import InstitutionChanged
from ..models import Institution, Link
from ..rules import bodies
from ..selectors.institutions import zone_of
from .recording import Move, commit, department, needed_person, read_body, rule

REVIEW = "institution_review"
"""The clock that watches the day of the next review."""
BACK = dt.timedelta(days=730)
"""How far back an institution may have come into force when it is entered."""


def draft(*, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Institution:
    """Enter a draft by hand: {region?, title, text, cases?} (numbers). Returns the institution.

    Raises Forbidden (who does not keep the registers of the region), Invalid `case_unknown` (a case that is not there,
    or not for these eyes), Invalid for missing words. Leaves one fact; InstitutionChanged.
    """
    given: bodies.Draft = read_body(bodies.Draft, body)
    with database.writing():
        region = given.region or next(iter(actor.reader.regions_for(permissions.KEEPING)), "") if actor.reader else ""
        permissions.check_keeps(actor, region)
        return _enter(
            Institution(region=region, title=given.title, text=given.text, source="hand"),
            case_ids=cases_named(given.cases, region, actor),
            by=needed_person(actor),
            now=now,
        )


def follow_institution(
    *,
    source: str,
    source_id: uuid.UUID,
    region: str,
    title: str,
    text: str,
    case_ids: Collection[uuid.UUID],
    actor_id: uuid.UUID | None,
    now: dt.datetime,
    origin: str = "",
    kind: str = "",
) -> Institution:
    """Enter the draft that something else made, once: the same source again returns what is there and changes nothing.

    source: `conference`, `proposal`, `retrospective` … (at most 24 characters); source_id: its row there; origin: how
    people call it. The caller has checked permission. Leaves one fact the first time; InstitutionChanged.
    """
    with database.writing():
        # One after the other: two that bring the same source do not both find nothing.
        database.fetch("select pg_advisory_xact_lock(hashtext(%s))", [f"registers:{source_id}"])
        found = Institution.objects.filter(source=source, source_id=source_id).first()
        if found is not None:
            return found
        made = Institution(region=region, title=title, text=text, kind=kind)
        made.source, made.source_id, made.origin = source, source_id, origin
        known = Case.objects.filter(pk__in=case_ids).order_by("id").values_list("id", flat=True)
        return _enter(made, case_ids=list(known), by=actor_id, now=now)


def cases_named(named: Sequence[str], region: str, actor: Actor) -> list[uuid.UUID]:
    """Return the ids of cases of a region that the actor may see. Raises Invalid `case_unknown`."""
    chosen = Case.objects.filter(visible(actor), region=region, number__in=named)
    found = dict(chosen.values_list("number", "id"))
    if missing := sorted(set(named) - set(found)):
        message = _("There is no case %(number)s here.") % {"number": missing[0]}
        raise errors.Invalid(message, code="case_unknown", field="cases")
    return sorted(found.values())


def _enter(made: Institution, *, case_ids: Sequence[uuid.UUID], by: uuid.UUID | None, now: dt.datetime) -> Institution:
    made.drafted_at, made.rulebook_version = now, rulebooks.in_force(made.region, now).id
    made.case_count = len(case_ids)
    said = {"title": made.title, "text": made.text, "cases": [str(one) for one in case_ids], "source": made.source}
    commit(made, "drafted", now=now, said={**said, "origin": made.origin}, by=by, made=True)
    _link(made, case_ids, now)
    _tell(made, "drafted", by, now)
    return made


def _link(thing: Institution, case_ids: Sequence[uuid.UUID], now: dt.datetime) -> None:
    Link.objects.bulk_create([Link(institution=thing, case_id=one, region=thing.region, at=now) for one in case_ids])


def _tell(thing: Institution, name: str, by: uuid.UUID | None, now: dt.datetime) -> None:
    linked = Link.objects.filter(institution=thing).order_by("case").values_list("case", flat=True)
    events.publish(
        InstitutionChanged(
            institution_id=thing.id,
            region=thing.region,
            title=thing.title,
            fact=f"registers.institution_{name}",
            state=thing.state,
            kind=thing.kind,
            owner_department_id=thing.owner_id,
            case_ids=tuple(linked),
            source=thing.source,
            source_id=thing.source_id,
            actor_id=by,
            at=now,
        )
    )


def _done(move: Move, name: str, *, changed: Sequence[str], said: Mapping[str, Any]) -> None:
    move.done(name, changed=changed, said=said)
    _tell(move.thing, name, move.actor.person_id, move.now)


def _put_in_force(move: Move) -> None:
    """施行. Raises Invalid: an owner that is closed or merged, a day ahead or too far back, an unknown category."""
    thing, body = move.thing, move.body
    today, owner = answers.local_date(move.now), department(thing.region, body.owner, move.now)
    if permissions.works_in(move.actor, owner.id):
        raise errors.Forbidden(_("Somebody outside the department puts it in force and reviews it."))
    on = body.on or today
    if not today - BACK <= on <= today:
        message = _("on: a day not ahead, and at most two years back")
        raise errors.Invalid(message, code="day_out_of_range", field="on")
    thing.kind, thing.owner, thing.in_force_on = body.kind, owner, on
    thing.category, thing.words = _category(thing.region, body.category or "", move.now), body.words
    changed = ["kind", "owner", "in_force_on", "category", "words", *_expect(move)]
    said = {"kind": body.kind, "owner": owner.name, "on": on.isoformat(), "text": body.text}
    said |= {"category": thing.category, "words": thing.words, "review": thing.due_at.isoformat()}
    _done(move, "put_in_force", changed=changed, said=said)


def _category(region: str, code: str, now: dt.datetime) -> str:
    known = {one.id for one in rulebooks.in_force(region, now).section(Categories).root}
    if code and code not in known:
        message = _("There is no category %(code)s here.") % {"code": code}
        raise errors.Invalid(message, code="category_unknown", field="category")
    return code


def _expect(move: Move) -> list[str]:
    """Start the clock of the next review: on the day given, at the end of its office hours, or as the rulebook says."""
    day: dt.date | None = move.body.review_on
    allotment: Duration | dt.datetime = rule(move.thing).review_within
    if day is not None:
        if day <= answers.local_date(move.now):
            message = _("review_on: the day has to lie ahead")
            raise errors.Invalid(message, code="day_out_of_range", field="review_on")
        allotment = dt.datetime.combine(day, dt.time(17, 30), zone_of(move.thing.region))
    return deadlines.expect(move.thing, REVIEW, allotment, now=move.now)


def _review(move: Move) -> None:
    """评估: what it came to. Raises Conflict `owner_gone` while its department is closed or merged."""
    thing = move.thing
    if thing.owner.valid_to is not None and thing.owner.valid_to <= answers.local_date(move.now):
        message = _("%(name)s is closed; give the institution to another department first.")
        raise errors.Conflict(message % {"name": thing.owner.name}, code="owner_gone")
    thing.review, thing.reviewed_at = move.body.text, move.now
    changed = ["review", "reviewed_at", *_expect(move)]
    _done(move, "review", changed=changed, said={"text": thing.review, "next": thing.due_at.isoformat()})


def _amend(move: Move) -> None:
    """New words, or other cases that count; the old ones stay in the trace. Raises Invalid where nothing changes."""
    thing, body = move.thing, move.body
    given = {name: getattr(body, name) for name in ("title", "text", "category", "words")}
    before = {name: getattr(thing, name) for name, value in given.items() if value not in (None, getattr(thing, name))}
    if not before:
        raise errors.Invalid(_("Nothing would change."), code="nothing_changes", field="text")
    if "category" in before:
        _category(thing.region, body.category, move.now)
    for name in before:
        setattr(thing, name, given[name])
    said = {"reason": body.reason, "before": before, "after": {name: given[name] for name in before}}
    _done(move, "amend", changed=list(before), said=said)


def _more(move: Move) -> None:
    """Link more cases. Raises Conflict `linked_already` when there is no new one."""
    thing = move.thing
    there = set(Link.objects.filter(institution=thing).values_list("case", flat=True))
    new = [one for one in cases_named(move.body.cases, thing.region, move.actor) if one not in there]
    if not new:
        raise errors.Conflict(_("These cases are linked already."), code="linked_already")
    _link(thing, new, move.now)
    thing.case_count += len(new)
    said = {"cases": [str(one) for one in new], "count": len(new)}
    _done(move, "link", changed=["case_count"], said=said)


def _fewer(move: Move) -> None:
    """Unlink cases that were linked by mistake. Raises Invalid `not_linked` for a number that is not linked."""
    thing, named = move.thing, set(move.body.cases)
    found = Link.objects.filter(institution=thing, case__number__in=named).select_related("case").defer("case__search")
    links = {one.case.number: one for one in found}
    if missing := sorted(named - set(links)):
        message = _("Case %(number)s is not linked.") % {"number": missing[0]}
        raise errors.Invalid(message, code="not_linked", field="cases")
    said = {"cases": sorted(str(one.case_id) for one in links.values()), "count": len(links)}
    Link.objects.filter(pk__in=[one.pk for one in links.values()]).delete()
    thing.case_count -= len(links)
    _done(move, "unlink", changed=["case_count"], said=said | {"reason": move.body.reason})


def _change_owner(move: Move) -> None:
    """Another department answers for it; the day of the review stays."""
    owner = department(move.thing.region, move.body.owner, move.now)
    move.thing.owner = owner
    _done(move, "change_owner", changed=["owner"], said={"owner": owner.name, "reason": move.body.reason})


def _withdraw(move: Move) -> None:
    """废止: it is kept, and no longer in force."""
    move.thing.reason, move.thing.ended_at = move.body.reason, move.now
    changed = ["reason", "ended_at", *deadlines.expect(move.thing, "", None, now=move.now)]
    _done(move, "withdraw", changed=changed, said={"reason": move.body.reason})


STEPS = {
    "put_in_force": _put_in_force,
    "review": _review,
    "amend": _amend,
    "link": _more,
    "unlink": _fewer,
    "change_owner": _change_owner,
    "withdraw": _withdraw,
}
