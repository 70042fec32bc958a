"""Questionnaires and whom they were sent to. Who answered what is read by the product alone."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import database, errors, signing
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Known, Questionnaire, Recipient
from ..rulebook import Questionnaires
from ..rules import branching
from ..states import QUESTIONNAIRES, SYSTEM, QuestionnaireState

PAGE = 50
PURPOSE, LINK = "bihuan.questionnaires.link", "q"


def section(questionnaire: Questionnaire) -> Questionnaires:
    """Return what the rulebook under which the questionnaire was begun says."""
    return rulebooks.version(questionnaire.rulebook_version).section(Questionnaires)


def questions_of(questionnaire: Questionnaire) -> tuple[branching.Question, ...]:
    """Return the questions."""
    return branching.read(questionnaire.questions)


def seen(actor: Actor) -> Any:
    """Return the questionnaires the actor may see; the policy of migration 0002 says the same a second time."""
    rows = Questionnaire.objects.all()
    if actor.system:
        return rows
    if actor.reader is None or not actor.reader.roles & set(permissions.READERS):
        return rows.none()
    # Before it is closed only those see it who ask.
    asks = [
        region for region in actor.scope().regions if permissions.holds(actor, frozenset(permissions.RUNNING), region)
    ]
    told = Q(region__in=asks) | Q(state=QuestionnaireState.CLOSED.value)
    return rows.filter(region__in=actor.scope().regions).filter(told)


def find(questionnaire_id: uuid.UUID, actor: Actor) -> Questionnaire:
    """Return one questionnaire that the actor may see. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Questionnaire | None = seen(actor).filter(pk=questionnaire_id).first()
    if found is None:
        raise errors.NotFound(
            _("There is no such questionnaire here, or you may not see it."), code="questionnaire_not_found"
        )
    return found


def register_page(
    *, actor: Actor, state: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Questionnaire], uuid.UUID | None]:
    """Return questionnaires the actor may see, newest first, and the id to continue after."""
    with database.reading(actor.scope()):
        rows = seen(actor)
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(id__lt=before) if before is not None else rows
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def actions(questionnaire: Questionnaire, actor: Actor) -> list[str]:
    """Return what this actor could do with it now, in table order: one truth for page, API and tests."""
    rows = QUESTIONNAIRES.allowed(QuestionnaireState(questionnaire.state))
    return [row.action for row in rows if row.roles - {SYSTEM} and permissions.can(actor, row.action, questionnaire)]


def trace(questionnaire: Questionnaire, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a questionnaire, oldest first; none of them says who answered."""
    with database.reading(THE_SYSTEM.scope()):
        return (
            [ledger.content(fact) for fact in ledger.history(questionnaire.id)]
            if permissions.runs(actor, questionnaire)
            else []
        )


def progress(found: Sequence[Questionnaire]) -> dict[uuid.UUID, int]:
    """Return questionnaire → how many have answered. One query."""
    with database.reading(THE_SYSTEM.scope()):
        rows = Recipient.objects.filter(questionnaire__in=list(found), version__gt=0)
        counted = rows.values_list("questionnaire").annotate(n=Count("id")).order_by()
        return {one.id: 0 for one in found} | dict(counted)


def token_of(recipient: Recipient) -> str:
    """Return the signed text of a recipient's link."""
    return signing.sign(key=settings.SECRET_KEY, purpose=PURPOSE, what=LINK, ident=recipient.ident)


def opened(token: str) -> Recipient | None:
    """Return the recipient to whom a link belongs, whatever state the questionnaire is in; None for a forged one."""
    read = signing.read(key=settings.SECRET_KEY, purpose=PURPOSE, text=token)
    if read is None:
        return None
    with database.reading(THE_SYSTEM.scope()):
        return Recipient.objects.select_related("questionnaire", "enterprise").filter(ident=read[1]).first()


def links(*, questionnaire: Questionnaire, actor: Actor) -> Iterator[tuple[str, str, str, int]]:
    """Yield (credit code, name, signed text of the link, persons told) of all who are asked, for sending it by hand.

    Raises Forbidden unless the actor runs the questionnaire.
    """
    permissions.check_runs(actor, questionnaire)
    with database.reading(THE_SYSTEM.scope()):
        rows = Recipient.objects.filter(questionnaire=questionnaire).select_related("enterprise").order_by("id")
        found = list(rows.only("ident", "told", "enterprise__uscc", "enterprise__name"))
    return ((one.enterprise.uscc, one.enterprise.name, token_of(one), one.told) for one in found)


def firm_questionnaires(*, actor: Actor) -> list[tuple[Recipient, str]]:
    """Return what the actor's enterprise is or was asked, newest first, each with its link."""
    firms = list(actor.scope().enterprises)
    with database.reading(THE_SYSTEM.scope()):
        rows = Recipient.objects.filter(enterprise_id__in=firms).select_related("questionnaire")
        found = list(rows.order_by("-questionnaire_id")[:PAGE])
    return [(one, token_of(one)) for one in found]


def asked_of(*, firm: Enterprise, actor: Actor) -> list[Recipient] | None:
    """Return what an enterprise was asked, newest first, for itself and for those who ask where it is; else None."""
    own = str(firm.id) in {str(one) for one in actor.scope().enterprises}
    if not own and not permissions.holds(actor, frozenset(permissions.RUNNING), firm.region):
        return None
    with database.reading(THE_SYSTEM.scope()):
        rows = Recipient.objects.filter(enterprise=firm).select_related("questionnaire")
        found = list(rows.order_by("-questionnaire_id")[:PAGE])
    return [one for one in found if own or not permissions.rated(actor, one.questionnaire)]


def known_of(enterprise: Enterprise, book: Questionnaires, now: dt.datetime) -> dict[str, str]:
    """Return what is known of an enterprise: fact → value, from the directory and from what it said not long ago."""
    town = directory.region(enterprise.town) if enterprise.town else None
    found = {
        "town": town.name if town else "",
        "industry": enterprise.industry,
        "size": enterprise.get_size_display() if enterprise.size else "",
        "address": enterprise.address,
    }
    days = {one.id: one.days for one in book.facts}
    with database.reading(THE_SYSTEM.scope()):
        rows = Known.objects.filter(enterprise=enterprise)
        # What it said of itself corrects what the directory says, while it is fresh.
        for one in rows:
            if now - one.told_at <= dt.timedelta(days=days.get(one.fact, 366)):
                found[one.fact] = one.value
    return {fact: str(value) for fact, value in found.items() if value}


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the page behind a link shows: the questions, what is known and not asked, what was answered before."""

    recipient: Recipient
    questions: tuple[branching.Question, ...]
    known: Mapping[str, str]
    given: Mapping[str, Any]
    asked_facts: tuple[str, ...]


def page_of(recipient: Recipient, now: dt.datetime) -> Page:
    """Return what the page behind a link shows."""
    questionnaire = recipient.questionnaire
    questions, book = questions_of(questionnaire), section(questionnaire)
    known = known_of(recipient.enterprise, book, now)
    # What it said in this very questionnaire it may change in it.
    own = {one.fact for one in questions if one.fact and one.key in recipient.given}
    known = {fact: value for fact, value in known.items() if fact not in own}
    asked = tuple(one.fact for one in questions if one.fact in known)
    return Page(recipient=recipient, questions=questions, known=known, given=recipient.given, asked_facts=asked)
