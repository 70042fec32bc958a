"""A questionnaire goes out to thousands, is kept open, closed; invitations go in batches, each exactly once."""

import contextlib
import datetime as dt
import secrets
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import answers, database, errors, signing
from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.kernel.text import needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices, permissions, selectors
from ..models import Questionnaire, Recipient
from ..rulebook import Questionnaires
from ..rules import branching
from ..states import QUESTIONNAIRES, SYSTEM, QuestionnaireState
from ..wording import FACTS
from .recording import commit
from .sorting import put_together

MOST = 50_000
BATCH = 200
LONGEST = dt.timedelta(days=366)


def take(
    *, questionnaire_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Questionnaire:
    """Take one action of a person on a questionnaire and return it as it then is.

    `send` {until, enterprises | towns, trades, sizes}, `remind`, `extend` {until, text}, `sort`, `close`, `drop`
    {text}. Raises NotFound, Forbidden, Conflict `state_forbids`, `questionnaire_flawed` with what is wrong, Invalid.
    Leaves one fact; publishes QuestionnaireChanged.
    """
    with database.writing():
        selectors.find(questionnaire_id, actor)
        found = Questionnaire.objects.select_for_update().get(pk=questionnaire_id)
        transition = QUESTIONNAIRES.named(action, without=frozenset() if action == "close" else frozenset({SYSTEM}))
        permissions.check(actor, action, found)
        QUESTIONNAIRES.check_state(
            transition, QuestionnaireState(found.state), may=lambda one: permissions.can(actor, one, found)
        )
        came_from = found.state
        found.state = next(iter(transition.targets), found.state)
        fact, said = _TAKEN[action](found, now, body)
        changed = ["state", "sent_at", "until", "ended_at", "asked", "skipped", "sorted_at"]
        commit(found, fact, now=now, said=said, actor=actor, came_from=came_from, changed=changed)
    return found


def _until(body: Mapping[str, Any], after: dt.datetime, now: dt.datetime) -> dt.datetime:
    day = None
    with contextlib.suppress(ValueError):
        day = parse_date(str(body.get("until", "")))
    end = answers.end_of_day(day) if day else None
    if end is None or not after < end <= now + LONGEST:
        raise errors.Invalid(_("until: a day that lies ahead, within one year"), code="invalid_body", field="until")
    return end


def _send(found: Questionnaire, now: dt.datetime, body: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    book = rulebooks.version(found.rulebook_version).section(Questionnaires)
    facts = [*FACTS, *(one.id for one in book.facts)]
    if flaws := branching.flaws(selectors.questions_of(found), facts=facts):
        wrong = [{"question": one.question, "code": one.code} for one in flaws]
        raise errors.Conflict(
            _("Something is wrong with the questions; nothing was sent."), code="questionnaire_flawed", flaws=wrong
        )
    usual = workcalendar.calendar_for(found.region).add(now, book.open_for).at
    found.until = _until(body, now, now) if body.get("until") else usual
    found.sent_at = now
    firms = _firms(found.region, body)
    enough = _asked_enough([one.pk for one in firms], book, now)
    rows = [_recipient(found, one) for one in firms if one.pk not in enough]
    if not rows:
        raise errors.Invalid(_("There is nobody to ask."), code="nobody_to_ask", field="enterprises")
    Recipient.objects.bulk_create(rows, batch_size=2_000)
    found.asked, found.skipped = len(rows), len(enough)
    return "sent", {"count": found.asked, "skipped": found.skipped, "until": found.until.isoformat()}


def _recipient(found: Questionnaire, firm: Enterprise) -> Recipient:
    return Recipient(
        id=uuid7(),
        questionnaire=found,
        region=found.region,
        enterprise=firm,
        ident=signing.ident(secrets.token_bytes(10)),
        town=firm.town,
        industry=firm.industry,
        size=firm.size,
    )


def _firms(region: str, body: Mapping[str, Any]) -> list[Enterprise]:
    """Return who is meant: those listed by credit code, or all of the region in these towns, trades and sizes."""
    rows = Enterprise.objects.filter(closed_on=None, region__in=[region, *directory.descendants(region)])
    rows = rows.only("id", "uscc", "town", "industry", "size")
    listed = _words(body.get("enterprises"))
    if listed:
        wanted = {directory_rules.check_uscc(one, field="enterprises") for one in listed}
        found = list(rows.filter(uscc__in=wanted).order_by("id"))
        if missing := wanted - {one.uscc for one in found}:
            said = _("No enterprise of this region has the credit code %(code)s.") % {"code": min(missing)}
            raise errors.Invalid(said, code="unknown", field="enterprises")
    else:
        if towns := _words(body.get("towns")):
            rows = rows.filter(town__in=towns)
        if sizes := _words(body.get("sizes")):
            rows = rows.filter(size__in=sizes)
        if trades := _words(body.get("trades")):
            rows = rows.filter(industry__regex=f"^({'|'.join(one for one in trades if one.isalnum())})")
        found = list(rows.order_by("id")[: MOST + 1])
    if len(found) > MOST:
        said = _("At most %(most)d enterprises at once.") % {"most": MOST}
        raise errors.Invalid(said, code="too_many", field="enterprises")
    return found


def _words(given: Any) -> list[str]:
    return [str(one) for one in given if one] if isinstance(given, (list, tuple)) else str(given or "").split()


def _asked_enough(firms: Sequence[uuid.UUID], book: Questionnaires, now: dt.datetime) -> set[uuid.UUID]:
    """Return those of the enterprises that all bodies together have asked often enough lately (Q3)."""
    since = now - dt.timedelta(days=book.cap.days)
    rows = Recipient.objects.filter(enterprise__in=firms, questionnaire__sent_at__gt=since)
    counted = rows.values_list("enterprise").annotate(n=Count("id")).order_by()
    return {firm for firm, count in counted if count >= book.cap.most}


def _remind(found: Questionnaire, now: dt.datetime, body: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Tell them once more, by letting their invitations wait again: the batches do the rest."""
    rows = Recipient.objects.filter(questionnaire=found, version=0, told_at__isnull=False, told__gt=0)
    return "reminded", {"count": rows.update(told_at=None)}


def _extend(found: Questionnaire, now: dt.datetime, body: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    text = needed_text(body, most=400)
    assert found.until is not None
    found.until = _until(body, found.until, now)
    return "extended", {"until": found.until.isoformat(), "text": text}


def _sort(found: Questionnaire, now: dt.datetime, body: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    statements, groups = put_together(found)
    found.sorted_at = now
    return "sorted", {"count": statements, "groups": groups}


def _close(found: Questionnaire, now: dt.datetime, body: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    answered = Recipient.objects.filter(questionnaire=found, version__gt=0).count()
    found.ended_at, found.sorted_at = now, now
    put_together(found)
    notices.closed(found, count=answered, now=now)
    return "closed", {"count": answered, "asked": found.asked}


def _drop(found: Questionnaire, now: dt.datetime, body: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    found.ended_at = now
    return "dropped", {"text": needed_text(body, most=400)}


_TAKEN = {"send": _send, "remind": _remind, "extend": _extend, "sort": _sort, "close": _close, "drop": _drop}


def close_due(*, now: dt.datetime) -> int:
    """Close the questionnaires whose time is over; return how many. One transaction each."""
    closed = 0
    while True:
        with database.writing():
            rows = Questionnaire.objects.select_for_update(skip_locked=True)
            found = rows.filter(state=QuestionnaireState.OPEN.value, until__lte=now).order_by("until").first()
            if found is None:
                return closed
            found.state = QuestionnaireState.CLOSED.value
            fact, said = _close(found, now, {})
            changed = ["state", "ended_at", "sorted_at"]
            commit(found, fact, now=now, said=said, came_from=QuestionnaireState.OPEN.value, changed=changed)
            closed += 1


def invite_waiting(*, now: dt.datetime) -> int:
    """Invite the next batch of those who wait to be asked; return how many. One transaction: told once or not."""
    with database.writing():
        rows = Recipient.objects.select_for_update(skip_locked=True, of=("self",)).select_related("questionnaire")
        open_ = Questionnaire.objects.filter(state=QuestionnaireState.OPEN.value, until__gt=now)
        found = list(rows.filter(told_at=None, version=0, questionnaire__in=open_).order_by("id")[:BATCH])
        for one in found:
            key = notices.REMINDED if one.told else notices.ASKED
            one.told = max(one.told, notices.ask(one, key=key, now=now))
            one.told_at = now
        Recipient.objects.bulk_update(found, ["told", "told_at"])
    return len(found)
