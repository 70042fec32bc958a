"""晾晒: a month is drafted, checked by the units, published, frozen. A correction is a new version that all can see."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import exports, notices, permissions
from ..models import Edition, Remark
from ..rulebook import Scoreboard
from ..rules import periods
from ..states import EDITION, EditionState
from .excluding import reason_of

AUDIENCES = ("internal", "public")


def draft(*, region: str, month: int, actor: Actor, now: dt.datetime, reason: str = "") -> Edition:
    """Draft the edition of a month that is over; where one is out already, a corrected version with a reason.

    Raises Forbidden, Invalid (`month_running`, `reason_missing`), Conflict (`edition_open`).
    """
    permissions.check_edition(actor, "send_for_check", region)
    if month >= periods.month_of(answers.local_date(now)):
        raise errors.Invalid(_("This month is not over yet."), code="month_running", field="period")
    with database.writing():
        # Two drafts at once would both count versions: the second waits here.
        database.fetch("select pg_advisory_xact_lock(hashtext(%s))", [f"scoreboard:{region}:{month}"])
        before = Edition.objects.filter(region=region, month=month).order_by("-version").defer("content").first()
        if before is not None and before.state in (EditionState.DRAFT, EditionState.CHECKING):
            raise errors.Conflict(_("There is an edition of this month in work."), code="edition_open")
        made = Edition(
            region=region,
            month=month,
            version=before.version + 1 if before else 1,
            reason=reason_of(reason) if before else "",
            drafted_at=now,
            rulebook_version=rulebooks.in_force(region, now).id,
        )
        made.content = exports.content(region=region, month=month, now=now)
        _record(made, "drafted", actor, now, made=True)
    return made


def take(*, edition_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Edition:
    """Take one action on an edition and return it. `remark`: `text`; `answer_remark`: `remark`, `text`; `publish`:
    `audience` (internal or public); `take_back`: `reason`.

    Raises NotFound, Forbidden, Conflict (`state_forbids`, `check_runs`, `remarks_open`), Invalid.
    """
    transition = EDITION.named(action)
    with database.writing():
        edition = Edition.objects.select_for_update().filter(pk=edition_id).first()
        if edition is None or not (actor.system or edition.region in permissions.regions_of(actor)):
            raise errors.NotFound(_("There is no such edition here, or you may not see it."), code="edition_not_found")
        permissions.check_edition(actor, action, edition.region)
        if edition.state not in transition.sources:
            raise errors.Conflict(
                _("The edition is “%(state)s”; this is not possible now.") % {"state": edition.state},
                code="state_forbids",
                state=edition.state,
                allowed_actions=[row.action for row in EDITION.allowed(EditionState(edition.state))],
            )
        came_from = edition.state
        for target in transition.targets:
            edition.state = target.value
        said = _STEPS[action](edition, body, actor, now)
        _record(edition, _KIND[action], actor, now, came_from=came_from, **said)
        _tell(action, edition, said, now)
    return edition


def _send(edition: Edition, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> dict[str, Any]:
    rule = rulebooks.in_force(edition.region, now).section(Scoreboard)
    edition.check_until = workcalendar.calendar_for(edition.region).add(now, rule.check_for).at
    edition.content = exports.content(region=edition.region, month=edition.month, now=now)
    return {"check_until": answers.local(edition.check_until).isoformat(timespec="minutes")}  # type: ignore[union-attr]


def _remark(edition: Edition, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> dict[str, Any]:
    text = reason_of(body.get("text"), field="text")
    assert edition.check_until is not None
    if now > edition.check_until:
        raise errors.Conflict(_("The time to check is over."), code="check_over")
    assert actor.reader is not None, "units act through persons"
    grant = next(one for one in actor.reader.grants if one.department_id and edition.region in one.regions)
    assert grant.department_id is not None
    Remark.objects.create(
        edition=edition,
        region=edition.region,
        department=grant.department_id,
        text=text,
        made_by=actor.reader.person_id,
        made_at=now,
    )
    return {"unit": _name(grant.department_id), "text": text}


def _answer(edition: Edition, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> dict[str, Any]:
    text = reason_of(body.get("text"), field="text")
    found = Remark.objects.select_for_update().filter(edition=edition, pk=_id(body.get("remark"))).first()
    if found is None:
        raise errors.NotFound(_("There is no such remark."), code="remark_not_found", field="remark")
    if found.answered_at is not None:
        raise errors.Conflict(_("This remark has been answered."), code="remark_answered")
    found.answer, found.answered_by, found.answered_at = text, actor.person_id, now
    found.save()
    return {"unit": _name(found.department), "text": text}


def _publish(edition: Edition, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> dict[str, Any]:
    audience = str(body.get("audience") or "")
    if audience not in AUDIENCES:
        raise errors.Invalid(_("Please say for whom: internal or public."), code="audience_invalid", field="audience")
    assert edition.check_until is not None
    if now <= edition.check_until:
        raise errors.Conflict(_("The units may still check."), code="check_runs")
    if Remark.objects.filter(edition=edition, answered_at=None).exists():
        raise errors.Conflict(_("There are remarks without an answer."), code="remarks_open")
    rule = rulebooks.in_force(edition.region, now).section(Scoreboard)
    edition.content = exports.content(region=edition.region, month=edition.month, now=now)
    edition.sha256, edition.audience, edition.published_at = exports.digest(edition.content), audience, now
    edition.freezes_at = workcalendar.calendar_for(edition.region).add(now, rule.freeze_after).at
    return {"audience": audience, "sha256": edition.sha256}


def _take_back(edition: Edition, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> dict[str, Any]:
    why = reason_of(body.get("reason"))
    edition.freezes_at = None
    return {"reason": why, "sha256": edition.sha256}


def _freeze(edition: Edition, body: Mapping[str, Any], actor: Actor, now: dt.datetime) -> dict[str, Any]:
    edition.frozen_at, edition.freezes_at = now, None
    return {"sha256": edition.sha256}


_STEPS: dict[str, Callable[[Edition, Mapping[str, Any], Actor, dt.datetime], dict[str, Any]]] = {
    "send_for_check": _send,
    "remark": _remark,
    "answer_remark": _answer,
    "publish": _publish,
    "take_back": _take_back,
    "freeze": _freeze,
}
_KIND = {
    "send_for_check": "sent",
    "remark": "remarked",
    "answer_remark": "answered",
    "publish": "published",
    "take_back": "taken_back",
    "freeze": "frozen",
}


def freeze_due(*, now: dt.datetime) -> int:
    """Freeze the editions whose time to be taken back is over, and return their number."""
    with database.writing():
        due = list(
            Edition.objects.filter(state=EditionState.PUBLISHED, freezes_at__lt=now).values_list("id", flat=True)
        )
    for edition_id in due:
        take(edition_id=edition_id, action="freeze", actor=THE_SYSTEM, now=now, body={})
    return len(due)


_CHANGES = (
    *("state", "content", "sha256", "audience"),
    *("check_until", "published_at", "freezes_at", "frozen_at"),
)
"""What a step may change of an edition."""


def _record(
    edition: Edition,
    kind: str,
    actor: Actor,
    now: dt.datetime,
    *,
    came_from: str | None = None,
    made: bool = False,
    **said: Any,
) -> None:
    ledger.record_and_save(
        edition,
        kind=f"scoreboard.edition_{kind}",
        actor_id=actor.person_id,
        now=now,
        said={**said, "month": periods.written(edition.month), "version": edition.version},
        came_from=came_from,
        changed=_CHANGES,
        made=made,
    )


def _tell(action: str, edition: Edition, said: dict[str, Any], now: dt.datetime) -> None:
    name = _KIND[action]
    if name in notices.STAFF:
        month = periods.written(edition.month)
        notices.send(name, region=edition.region, month=month, edition_id=edition.id, data=said, now=now)


def _name(department_id: uuid.UUID) -> str:
    return directory.names_of_departments([department_id]).get(str(department_id), "")


def _id(text: Any) -> uuid.UUID:
    """Return the id that `text` writes, or one that nothing has."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return uuid.UUID(int=0)
