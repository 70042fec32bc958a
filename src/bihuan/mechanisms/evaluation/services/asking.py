"""评价邀请: after each closing the raiser is asked, by their own channel; a link rates once, without logging in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.states import ClosedKind
from bihuan.foundation.kernel import database, errors, throttle
from bihuan.foundation.kernel.text import clean_text
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices
from ..models import Device, Invitation
from ..rules import links
from . import marking
from .recording import commit, round_of, rule

WORDS_MAX = 2_000
WRONG_LINKS = throttle.Limit(name="evaluation_link:address", times=20, per=dt.timedelta(hours=1))


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Who uses a link, as far as it matters: whom wrong links are counted for, what the browser says of its kind, and
    whether a member of staff is logged in on it. Of these only a salted hash and the last one are kept, for some days.
    """

    address: str = ""
    looks: str = ""
    beside_staff: bool = False


def invite(case: Case, now: dt.datetime) -> None:
    """Ask the raiser of a case that was just closed, once a closing; nothing is asked that was said already."""
    if case.closed_kind == ClosedKind.WITHDRAWN or case.rating_result is not None:
        return
    valid = rule(case).invitation.valid
    invitation = Invitation(
        case=case,
        region=case.region,
        round=round_of(case),
        sent_at=now,
        expires_at=workcalendar.calendar_for(case.region).add(now, valid).at,
        rulebook_version=case.rulebook_version,
    )
    token = links.make(key=settings.SECRET_KEY, ident=invitation.id, expires_at=invitation.expires_at)
    once = f"{invitation.id}:invited"
    invitation.people = notices.tell_raiser("invited", case=case, data={"token": token}, now=now, once=once)
    commit(invitation, "invited", now=now, said={"people": invitation.people}, made=True)


def open_link(*, token: str, visit: Visit, now: dt.datetime) -> Invitation:
    """Return the invitation of a link, with its case, if it can rate now.

    Raises NotFound `link_forged` (changed, cut short, or not made here), Conflict `link_expired`, `link_used` (the
    matter was rated since, by this link or otherwise), `link_overtaken` (the matter goes on), TooMany after too many
    wrong links. Call outside a transaction, so that a wrong link counts whatever becomes of the request.
    """
    invitation = _known(token, visit, now)
    _check(invitation, invitation.case, now)
    return invitation


def _known(token: str, visit: Visit, now: dt.datetime) -> Invitation:
    throttle.check(limits=[(WRONG_LINKS, visit.address)], now=now)
    found = links.read(key=settings.SECRET_KEY, token=token)
    with database.writing():
        known = Invitation.objects.select_related("case", "case__lead_department") if found else None
        invitation = known.filter(pk=found[0]).first() if known is not None and found else None
    if invitation is None:
        throttle.count(limit=WRONG_LINKS, whom=visit.address, now=now)
        raise errors.NotFound(_("This link is damaged, or it was not made here."), code="link_forged")
    return invitation


def _check(invitation: Invitation, case: Case, now: dt.datetime) -> None:
    if invitation.used_at is not None or case.rating_result is not None:
        said = _("This matter has been rated. Whoever raised it can change the rating once, with the follow-up code.")
        raise errors.Conflict(said, code="link_used")
    if now > invitation.expires_at:
        said = _("This link has expired. You can still rate with the number and the follow-up code.")
        raise errors.Conflict(said, code="link_expired")
    if invitation.round != round_of(case) or case.state not in ("closed", "archived"):
        said = _("Work on this matter goes on. You will be asked again when it is done.")
        raise errors.Conflict(said, code="link_overtaken")


def rate_by_link(*, token: str, body: Mapping[str, Any], visit: Visit, now: dt.datetime) -> Case:
    """Rate by the link of an invitation, once, as whoever raised the matter; returns the case.

    body: of the case's action `rate`. Of two at the same time one is told that the matter has been rated. Raises what
    `open_link` and `cases.services.take` raise. Leaves the fact of the rating and that the invitation is used.
    """
    found = open_link(token=token, visit=visit, now=now)
    with database.writing():
        case = Case.objects.defer("search").select_for_update(of=("self",)).get(pk=found.case_id)
        invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=found.id)
        _check(invitation, case, now)
        Invitation.objects.filter(pk=invitation.pk).update(by_link=True)
        Device.objects.create(
            case=case,
            region=case.region,
            digest=links.device_class(key=settings.SECRET_KEY, region=case.region, looks=visit.looks),
            beside_staff=visit.beside_staff,
            seen_at=now,
        )
        return cases.take(number=case.number, action="rate", actor=Actor(holds=case.id), now=now, body=body)


EXPLAINED_WITHIN = dt.timedelta(hours=1)


def explain_by_link(*, token: str, reasons: Sequence[str], words: str, visit: Visit, now: dt.datetime) -> None:
    """Say what was not good, right after a bad rating by the same link; once, and nothing else can be changed so.

    Raises NotFound `link_forged`, Conflict `link_used` (not this link, too late, or said already), Invalid.
    """
    invitation = _known(token, visit, now)
    known = {one.id for one in rule(invitation).reasons}
    said = clean_text(words)[:WORDS_MAX]
    chosen = [one for one in dict.fromkeys(reasons) if one in known]
    with database.writing():
        list(Case.objects.select_for_update(of=("self",)).filter(pk=invitation.case_id).values_list("pk"))
        fresh = invitation.used_at is not None and now - invitation.used_at <= EXPLAINED_WITHIN
        mark = marking.unexplained(invitation.case_id) if fresh and invitation.by_link else None
        if mark is None:
            raise errors.Conflict(_("This was said already, or it is too late for it."), code="link_used")
        if chosen or said:
            marking.explain(mark, reasons=chosen, words=said, now=now)


def use(case: Case, now: dt.datetime) -> None:
    """The matter was rated, by whichever way: its links rate no more."""
    for invitation in Invitation.objects.select_for_update(of=("self",)).filter(case=case, used_at=None):
        invitation.used_at = now
        commit(invitation, "invitation_used", now=now, said={}, changed=["used_at"])
