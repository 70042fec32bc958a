"""一案一剖: who leads, who is invited, causes, presumptions, what follows, and the rehearsal of the solution."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import ADMINISTRATORS
from bihuan.foundation.kernel import errors, ids
from bihuan.foundation.kernel.text import clean_line, needed_text

from .. import selectors, wording
from ..models import Cause, Guest, Output
from ..rules import dissecting
from .moving import Move

TRUE, FALSE = (True, "true", "yes", "on", "kept"), (False, "false", "no", "departed")
_MOST = 40


def invalid(message: str, field: str, code: str = "invalid_body") -> errors.Invalid:
    """Return (for raising) that a field of the body is wrong."""
    return errors.Invalid(message, code=code, field=field)


def _line(move: Move, field: str, most: int) -> str:
    needed_text(move.body, field, most=most)
    return clean_line(str(move.body[field]))


def lines(move: Move, field: str, *, most: int = 200) -> list[str]:
    """Return the lines of a field, given as a list or as one text. Raises Invalid when there are none or too many."""
    given: Any = move.body.get(field) or []
    parts = given.splitlines() if isinstance(given, str) else given
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise invalid(_("%(field)s: a list of texts") % {"field": field}, field)
    found = [line for line in map(clean_line, parts) if line]
    if not found or len(found) > _MOST or max(map(len, found)) > most:
        facts = {"field": field, "count": _MOST, "max": most}
        raise invalid(_("%(field)s: one line for each, at most %(count)d of %(max)d characters") % facts, field)
    return found


def _somebody(move: Move, field: str) -> Actor:
    given = str(move.body.get(field, ""))
    key = ids.parse(given)
    person = accounts.person(key) if key else accounts.person_named(given)
    reader = accounts.reader_of(person.pk) if person else None
    if reader is None or not reader.grants or reader.roles <= ADMINISTRATORS:
        raise invalid(_("Nobody with an office has this user name."), field, "unknown_person")
    return Actor(reader=reader)


def assign(move: Move) -> None:
    """由分管县领导 …: somebody of an office that the rulebook names, or of its fallback, leads."""
    chosen = _somebody(move, "leader")
    offices = selectors.leading_offices(retrospective=move.retrospective, case=move.case, now=move.now)
    if not any(cases.holds_role(chosen, move.case, role) for role in offices):
        raise invalid(_("This person holds no office that may lead it."), "leader", "may_not_lead")
    if cases.of_handling_side(chosen, move.case):
        raise invalid(_("This person belongs to a department that handled the matter."), "leader", "involved")
    move.retrospective.leader_id = chosen.person_id
    first = move.retrospective.state != move.target
    changed = ["leader", *(move.expect("dissect") if first else [])]
    move.done("assign", changed=changed, said={"leader": str(chosen.person_id)})


def invite(move: Move) -> None:
    """适时邀请第三方: {username} of somebody with an office, or the {name} of somebody without; never a side of it."""
    guest = Guest(retrospective=move.retrospective, region=move.retrospective.region, invited_at=move.now)
    if move.body.get("username"):
        invited = _somebody(move, "username")
        if cases.of_handling_side(invited, move.case) or cases.is_raiser(invited, move.case):
            raise invalid(_("This person is a side of the matter."), "username", "involved")
        if selectors.guest_of(move.retrospective, invited) is not None:
            raise errors.Conflict(_("This person is invited already."), code="guest_there")
        assert invited.reader is not None
        guest.person_id, guest.name = invited.reader.person_id, invited.reader.display_name
    else:
        guest.name = _line(move, "name", 120)
    guest.save(force_insert=True)
    # The name of an outsider stays out of the ledger, so that it can be erased.
    move.done("invite", changed=[], said={"guest": str(guest.id), "with_account": guest.person_id is not None})


def advise(move: Move) -> None:
    """A third party says what it thinks; the last word counts."""
    guest = selectors.guest_of(move.retrospective, move.actor)
    assert guest is not None, "permission was checked"
    guest.advice, guest.advised_at = needed_text(move.body), move.now
    guest.save(update_fields=["advice", "advised_at"])
    move.done("advise", changed=[], said={"text": guest.advice})


def state_unit(move: Move) -> None:
    """A department that handled the case says how it sees it; the last word counts."""
    move.retrospective.unit_says = needed_text(move.body)
    move.done("state_unit", changed=["unit_says"], said={"text": move.retrospective.unit_says})


def find_cause(move: Move) -> None:
    """A cause {cause} goes on a {branch} of the fishbone, in words of one's own or in those found before."""
    branch, text = str(move.body.get("branch", "")), _line(move, "cause", 120)
    if branch not in dissecting.BRANCHES:
        raise invalid(_("branch: one of %(known)s") % {"known": ", ".join(dissecting.BRANCHES)}, "branch")
    here = Cause.objects.filter(retrospective=move.retrospective, struck_at=None)
    if here.filter(branch=branch, text=text).exists():
        raise errors.Conflict(_("This cause is on the fishbone already."), code="cause_there")
    if here.count() >= _MOST:
        raise invalid(_("There are causes enough; strike one out first."), "cause")
    Cause.objects.create(
        retrospective=move.retrospective,
        region=move.retrospective.region,
        branch=branch,
        text=text,
        found_by=move.person_id,
        found_at=move.now,
    )
    move.done(
        "find_cause",
        changed=[],
        said={"branch": branch, "branch_name": wording.both(wording.BRANCHES[branch]), "cause": text},
    )


def presume(move: Move) -> None:
    """三有推定: each of the three is kept, or departed from with a reason {<name>_why} (R3)."""
    answers = {}
    for name in dissecting.PRESUMPTIONS:
        given = move.body.get(name)
        if given not in (*TRUE, *FALSE):
            raise invalid(_("%(field)s: kept or departed") % {"field": name}, name)
        kept = given in TRUE
        answers[name] = {"kept": kept, "why": "" if kept else needed_text(move.body, f"{name}_why", most=1_000)}
    move.retrospective.presumptions = answers
    move.done("presume", changed=["presumptions"], said={"answers": answers})


def dissect(move: Move) -> None:
    """The dissection is finished: at least one cause, all presumptions answered, and the root in words."""
    causes = Cause.objects.filter(retrospective=move.retrospective, struck_at=None).count()
    lacking = dissecting.missing(causes=causes, answers=move.retrospective.presumptions)
    if lacking:
        message = _("The dissection lacks a cause, or an answer to one of the three presumptions.")
        raise errors.Conflict(message, code="dissection_incomplete", missing=lacking)
    move.retrospective.finding = needed_text(move.body)
    changed = ["finding", *move.expect("rehearse")]
    move.done("dissect", changed=changed, said={"text": move.retrospective.finding, "causes": causes})


def rehearse(move: Move) -> None:
    """模拟推演 (R4): the solution, the side effects looked for, whom it touches, and the day to look back."""
    retrospective, first = move.retrospective, move.retrospective.state != move.target
    retrospective.solution = needed_text(move.body)
    effects = lines(move, "side_effects", most=400)
    retrospective.side_effects = [{"text": text, "occurred": None} for text in effects]
    retrospective.touched, retrospective.check_on = lines(move, "touched"), _day(move)
    changed = ["solution", "side_effects", "touched", "check_on", *(move.expect("report") if first else [])]
    said = {"text": retrospective.solution, "side_effects": effects, "touched": retrospective.touched}
    move.done("rehearse", changed=changed, said=said)


def _day(move: Move) -> dt.date | None:
    given = str(move.body.get("check_on", "") or "")
    if not given:
        return None
    try:
        day = dt.date.fromisoformat(given)
    except ValueError as error:
        raise invalid(_("%(field)s: a date such as 2026-12-31") % {"field": "check_on"}, "check_on") from error
    if day <= move.now.date():
        raise invalid(_("%(field)s: the date has to lie ahead") % {"field": "check_on"}, "check_on")
    return day


def propose_output(move: Move) -> None:
    """What follows (R5, R6): {kind} institution, exemplar or warning, with a {title} and a text."""
    kind = str(move.body.get("kind", ""))
    if kind not in dissecting.OUTPUTS:
        raise invalid(_("kind: one of %(known)s") % {"known": ", ".join(dissecting.OUTPUTS)}, "kind")
    made = Output.objects.create(
        retrospective=move.retrospective,
        region=move.retrospective.region,
        kind=kind,
        title=_line(move, "title", 200),
        text=needed_text(move.body),
    )
    move.done(
        "propose_output",
        changed=[],
        said={"kind": kind, "kind_name": wording.both(wording.OUTPUTS[kind]), "title": made.title, "text": made.text},
    )


def let_stand(move: Move) -> None:
    """Say of an output {what} why a word in it that looks like a name stays: it names nobody."""
    key = ids.parse(str(move.body.get("what", ""))) or uuid.UUID(int=0)
    found = Output.objects.filter(pk=key, retrospective=move.retrospective, struck_at=None).first()
    if found is None:
        raise invalid(_("There is no such cause or output here."), "what", "nothing_to_strike")
    found.stays = _line(move, "text", 400)
    found.save(update_fields=["stays"])
    move.done("let_stand", changed=[], said={"title": found.title, "text": found.stays})


def strike(move: Move) -> None:
    """A cause or an output {what} (its id) is struck out with a reason; after the dissection one cause stays."""
    key, reason = ids.parse(str(move.body.get("what", ""))) or uuid.UUID(int=0), needed_text(move.body, most=1_000)
    live = {"retrospective": move.retrospective, "struck_at": None}
    found: Cause | Output | None = Cause.objects.filter(pk=key, **live).first()
    if found is not None and move.target != "led" and Cause.objects.filter(**live).count() == 1:
        raise errors.Conflict(_("A dissected case has at least one cause; add another first."), code="last_cause")
    found = found or Output.objects.filter(pk=key, **live).first()
    if found is None:
        raise invalid(_("There is no such cause or output here."), "what", "nothing_to_strike")
    found.struck_at, found.struck_reason = move.now, reason
    found.save(update_fields=["struck_at", "struck_reason"])
    struck = found.text if isinstance(found, Cause) else found.title
    move.done("strike", changed=[], said={"struck": struck, "text": reason})
