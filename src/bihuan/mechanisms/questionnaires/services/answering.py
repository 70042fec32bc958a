"""What anybody with a link does: open it and answer, again and again until it is closed; the last version counts."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import database, errors, throttle
from bihuan.foundation.kernel.text import clean_line, clean_text

from .. import selectors
from ..models import Known, Questionnaire, Recipient, Statement
from ..rules import branching, humans
from ..states import QuestionnaireState
from ..wording import ROBOTS, WRONG
from .recording import commit

WRONG_LINKS = throttle.Limit(name="questionnaire_link:address", times=30, per=dt.timedelta(hours=1))
ANSWERS = throttle.Limit(name="questionnaire_answer:address", times=60, per=dt.timedelta(hours=1))
CHANGES = throttle.Limit(name="questionnaire_answer:link", times=20, per=dt.timedelta(days=1))
VALUE_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came in from a page. raw: name → values; stamp: when the page was drawn; filled: the hidden field."""

    raw: Mapping[str, Sequence[str]]
    stamp: str
    filled: str = ""


def open_link(*, token: str, address: str, now: dt.datetime) -> Recipient:
    """Return whom a link belongs to, if it can be answered now. Call outside a transaction.

    address: whom wrong links are counted for; it is not kept. Raises NotFound `link_forged`, Conflict `link_closed`,
    TooMany after too many wrong links.
    """
    throttle.check(limits=[(WRONG_LINKS, address)], now=now)
    found = selectors.opened(token)
    if found is None:
        throttle.count(limit=WRONG_LINKS, whom=address, now=now)
        raise errors.NotFound(_("This link is damaged, or it was not made here."), code="link_forged")
    _check(found.questionnaire, now)
    return found


def _check(questionnaire: Questionnaire, now: dt.datetime) -> None:
    over = questionnaire.until is None or now >= questionnaire.until
    if questionnaire.state != QuestionnaireState.OPEN or over:
        raise errors.Conflict(_("This questionnaire is closed. Thank you."), code="link_closed")


def answer(*, token: str, sent: Sent, address: str, now: dt.datetime) -> Recipient:
    """Keep what an enterprise answered; a later version replaces it until the questionnaire is closed.

    Raises what `open_link` raises, Invalid `robot`, `forged`, `stale`, `quick`, Invalid `answers_wrong` with
    `wrong` (key → sentence), TooMany, Conflict `statement_taken` (a person has decided on what it stated).
    Leaves one fact, which says nothing of the answers but their fingerprint.
    """
    recipient = open_link(token=token, address=address, now=now)
    book = selectors.section(recipient.questionnaire)
    reason = humans.why_not(
        key=settings.SECRET_KEY,
        ident=recipient.ident,
        stamped=sent.stamp,
        filled=sent.filled,
        now=now,
        quickest=dt.timedelta(seconds=book.quickest),
    )
    if reason:
        raise errors.Invalid(str(ROBOTS[reason]), code=reason)
    throttle.count(limit=ANSWERS, whom=address, now=now)
    throttle.count(limit=CHANGES, whom=recipient.ident, now=now)
    with database.writing():
        chosen = Recipient.objects.select_for_update(of=("self",)).select_related("questionnaire", "enterprise")
        # Many answer at the same time, but nobody while it is being closed.
        database.fetch(
            "select id from questionnaires_questionnaire where id = %s for share", [recipient.questionnaire_id]
        )
        recipient = chosen.get(pk=recipient.pk)
        _check(recipient.questionnaire, now)
        page = selectors.page_of(recipient, now)
        raw = {key: [clean_text(value) for value in values] for key, values in sent.raw.items()}
        checked = branching.check(page.questions, raw, known=page.known)
        if checked.wrong:
            wrong = {key: str(WRONG[code]) for key, code in checked.wrong.items()}
            raise errors.Invalid(_("Some answers are missing or not right."), code="answers_wrong", wrong=wrong)
        _state(recipient, page, checked, raw, now)
        known = {fact: page.known[fact] for fact in page.asked_facts}
        _learn(recipient, page, checked, raw, now)
        recipient.given, recipient.known = checked.given, known
        recipient.version, recipient.answered_at = recipient.version + 1, now
        digest = hashlib.sha256(orjson.dumps(checked.given, option=orjson.OPT_SORT_KEYS)).hexdigest()
        said = {"version": recipient.version, "digest": digest}
        commit(recipient, "answered", now=now, said=said, changed=["given", "known", "version", "answered_at"])
    return recipient


def _state(
    recipient: Recipient,
    page: selectors.Page,
    checked: branching.Checked,
    raw: Mapping[str, Sequence[str]],
    now: dt.datetime,
) -> None:
    """Keep the problems it states; one on which a person has decided stays as it was decided on."""
    kept = {one.question: one for one in Statement.objects.select_for_update().filter(recipient=recipient)}
    for one in page.questions:
        if one.kind != "problem":
            continue
        text, take_up = checked.given.get(one.key, ""), bool(raw.get(f"{one.key}-name"))
        before = kept.get(one.key)
        same = before is not None and (before.text, before.take_up) == (text, take_up)
        if before is not None and not same and (before.problem_id or before.aside):
            said = _("What you stated is being worked on already and cannot be changed any more.")
            raise errors.Conflict(said, code="statement_taken", question=one.key)
        if before is not None and not text:
            before.delete()
        elif before is not None and not same:
            before.text, before.take_up, before.group = text, take_up, None
            before.save(update_fields=["text", "take_up", "group"])
        elif before is None and text:
            Statement.objects.create(
                questionnaire_id=recipient.questionnaire_id,
                recipient=recipient,
                region=recipient.region,
                question=one.key,
                text=text,
                take_up=take_up,
                made_at=now,
            )


def _learn(
    recipient: Recipient,
    page: selectors.Page,
    checked: branching.Checked,
    raw: Mapping[str, Sequence[str]],
    now: dt.datetime,
) -> None:
    """Remember what it said of itself, so that nobody asks again: answers to questions of fact, and corrections."""
    said: dict[str, str] = {}
    for one in page.questions:
        if one.fact and one.key in checked.given:
            texts = dict(one.options)
            value = checked.given[one.key]
            parts = value if isinstance(value, list) else [str(value)]
            said[one.fact] = branching.BETWEEN.join(texts.get(part, part) for part in parts)[:1_000]
    for fact in page.asked_facts:
        corrected = clean_line("".join(raw.get(f"known-{fact}", ())[:1]))[:VALUE_MAX]
        if corrected and corrected != page.known[fact]:
            said[fact] = corrected
    for fact, value in said.items():
        Known.objects.update_or_create(
            enterprise_id=recipient.enterprise_id,
            fact=fact,
            defaults={"value": value, "told_at": now, "region": recipient.region},
        )
