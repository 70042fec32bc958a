"""一案一报: drafted from what was found, edited in versions, approved by somebody else, looked back at later."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM
from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.registers import services as registers
from bihuan.foundation.kernel import errors, events
from bihuan.foundation.kernel.text import needed_text

from .. import exports, selectors
from ..events import Learnt, RetrospectiveConcluded
from ..models import Output, Retrospective, Version
from ..rules import dissecting
from .dissecting import invalid
from .moving import Move
from .recording import rule, shown_grounds

_LONGEST = 40_000
_END_OF_DAY = dt.time(17, 30)


def draft(move: Move) -> None:
    """The product writes the report from what was found; whoever asked for it answers for it as its author."""
    found = selectors.dissection(retrospective_id=move.retrospective.id, actor=THE_SYSTEM, now=move.now)
    text = exports.draft(found, grounds=shown_grounds(move.retrospective), now=move.now)
    _write(move, "draft", text, drafted=True)


def edit(move: Move) -> None:
    """A new version {text}; the one before stays."""
    text = needed_text(move.body, most=_LONGEST)
    newest = _newest(move.retrospective)
    if text == newest.text:
        raise invalid(_("Nothing in the report was changed."), "text", "unchanged")
    _write(move, "edit", text, drafted=False)


def _newest(retrospective: Retrospective) -> Version:
    newest = Version.objects.filter(retrospective=retrospective).order_by("-number").first()
    assert newest is not None, "every drafted report has a version"
    return newest


def _write(move: Move, name: str, text: str, *, drafted: bool) -> None:
    last = Version.objects.filter(retrospective=move.retrospective).order_by("-number").first()
    made = Version.objects.create(
        retrospective=move.retrospective,
        region=move.retrospective.region,
        number=1 + (last.number if last else 0),
        text=text,
        sha256=exports.sha256(text),
        author_id=move.person_id,
        drafted=drafted,
        at=move.now,
    )
    move.done(name, changed=[], said={"version": made.number, "sha256": made.sha256})


def submit(move: Move) -> None:
    """The newest version goes to whoever approves.

    Raises Conflict `report_stale` when causes or the like were changed since, Invalid `names_somebody` when what is to
    be published tells who it is about.
    """
    _check_fresh(move.retrospective)
    for one in move.retrospective.outputs.filter(struck_at=None, kind__in=selectors.PUBLISHED).order_by("id"):
        texts = selectors.published_texts(one)
        registers.check_nameless(
            *texts, case=move.case, region=move.retrospective.region, now=move.now, stays=one.stays
        )
    move.done("submit", changed=move.expect("approve"), said={"version": _newest(move.retrospective).number})


def _check_fresh(retrospective: Retrospective) -> None:
    if _newest(retrospective).number <= retrospective.stale_version:
        message = _("What was found was changed since the report was written; draft it again, or edit it.")
        raise errors.Conflict(message, code="report_stale")


def send_back(move: Move) -> None:
    """The report is not good enough yet, for a reason."""
    move.done("send_back", changed=move.expect("report"), said={"text": needed_text(move.body)})


def approve(move: Move) -> None:
    """Another person than its authors approves the newest version; its hash is written down, its outputs go out.

    Raises Forbidden `own_report`.
    """
    retrospective, newest = move.retrospective, _newest(move.retrospective)
    _check_fresh(retrospective)
    authors = [str(one) for one in Version.objects.filter(retrospective=retrospective).values_list("author", flat=True)]
    if code := dissecting.why_not_approve(approver=str(move.person_id), authors=authors):
        raise errors.Forbidden(_("Whoever wrote the report does not approve it."), code=code, action="approve")
    retrospective.approved_version, retrospective.approved_sha256 = newest.number, newest.sha256
    retrospective.concluded_at = move.now
    changed = ["approved_version", "approved_sha256", "concluded_at", *_look_back(move)]
    move.done("approve", changed=changed, said={"version": newest.number, "sha256": newest.sha256})
    _conclude(move)


def _look_back(move: Move) -> list[str]:
    day = move.retrospective.check_on
    ahead = None if day is None else dt.datetime.combine(day, _END_OF_DAY, move.now.tzinfo)
    within = rule(move.retrospective).limits.check_after
    at = ahead if ahead is not None and ahead > move.now else within
    return deadlines.expect(move.retrospective, "retro_check", at, now=move.now)


def _conclude(move: Move) -> None:
    retrospective = move.retrospective
    causes = retrospective.causes.filter(struck_at=None).order_by("found_at", "id").values_list("branch", "text")
    outputs = list(retrospective.outputs.filter(struck_at=None).order_by("id"))
    for one in outputs:
        _enter(move, one)
    events.publish(
        RetrospectiveConcluded(
            retrospective_id=retrospective.id,
            case_id=retrospective.case_id,
            number=retrospective.number,
            region=retrospective.region,
            title=retrospective.title,
            causes=tuple(causes),
            outputs=tuple(Learnt(kind=one.kind, title=one.title, text=one.text) for one in outputs),
            report_sha256=retrospective.approved_sha256,
            actor_id=move.actor.person_id,
            at=move.now,
        )
    )


def _enter(move: Move, made: Output) -> None:
    """Enter an output into its register. Raises Invalid `names_somebody` where a model or warning case does so."""
    retrospective = move.retrospective
    given: dict[str, Any] = {
        "source": "retrospective",
        "source_id": made.id,
        "region": retrospective.region,
        "title": made.title,
        "text": made.text,
        "actor_id": move.actor.person_id,
        "now": move.now,
    }
    if made.kind == "institution":
        registers.follow_institution(case_ids=[retrospective.case_id], origin=retrospective.number, **given)
    elif made.kind == "warning":
        *_words, lesson = selectors.published_texts(made)
        registers.warn(case_id=retrospective.case_id, lesson=lesson, stays=made.stays, **given)
    else:
        try:
            # What somebody nominated before stays as it is; the report is approved all the same.
            with transaction.atomic():
                registers.nominate(
                    case_id=retrospective.case_id, department_id=retrospective.unit_id, stays=made.stays, **given
                )
        except errors.Conflict as conflict:
            if conflict.code != "nominated_already":
                raise


def check(move: Move) -> None:
    """防止次生问题 (R4): which side effects {occurred: places from 1} came after all, and what was done."""
    retrospective, text = move.retrospective, needed_text(move.body)
    given = move.body.get("occurred") or []
    places = given if isinstance(given, list) else [given]
    known = {str(place) for place in range(1, len(retrospective.side_effects) + 1)}
    came = {str(place) for place in places}
    if came - known:
        raise invalid(_("occurred: places of side effects, from 1"), "occurred")
    effects = enumerate(retrospective.side_effects, start=1)
    retrospective.side_effects = [effect | {"occurred": str(place) in came} for place, effect in effects]
    retrospective.check_text, retrospective.ended_at = text, move.now
    changed = ["side_effects", "check_text", "ended_at", *deadlines.expect(retrospective, "", None, now=move.now)]
    move.done("check", changed=changed, said={"text": text, "occurred": sorted(came)})
