"""Codes: put up many at once, closed, opened again, revoked; cards handed out."""

import datetime as dt
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line, needed_text

from .. import permissions, selectors
from ..models import KINDS, Code
from ..rules import codes
from ..states import CODES, SYSTEM, CodeState
from .recording import commit

MOST = 2_000
CARDS_MOST = 1_000_000
PLACE_MAX = 60


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One code to put up. place: where it hangs; department: its code (window); enterprise: a USCC; cards: how many."""

    place: str = ""
    department: str = ""
    enterprise: str = ""
    cards: int = 0


def issue(*, kind: str, region: str, wanted: Sequence[Wanted], actor: Actor, now: dt.datetime) -> list[Code]:
    """Put up codes of one kind, all or none; an enterprise that has one already keeps it.

    Raises Forbidden `code_region`, Invalid (kind, number of them, or the line with what is wrong with it, counted
    from 1). Leaves one fact for each new code; publishes OutreachCodeChanged.
    """
    with database.writing():
        permissions.check_issues(actor, region)
        directory.region_in_force(region, answers.local_date(now))
        if kind not in KINDS:
            raise errors.Invalid(_("kind: window, enterprise or card"), code="invalid_body", field="kind")
        if not 0 < len(wanted) <= MOST:
            said = _("Put up between 1 and %(most)d codes at once.") % {"most": MOST}
            raise errors.Invalid(said, code="codes_many", field="lines")
        return [_one(kind, region, one, line, actor, now) for line, one in enumerate(wanted, 1)]


def _one(kind: str, region: str, one: Wanted, line: int, actor: Actor, now: dt.datetime) -> Code:
    code = Code(region=region, kind=kind, place=clean_line(one.place), issued_at=now, printed=0)
    if kind == "enterprise":
        found = _firm(one.enterprise, line)
        if found is None or found.region[:6] not in {region, *directory.descendants(region)}:
            raise _wrong(line, _("no enterprise of this region has this credit code"), "enterprise")
        if known := Code.objects.filter(enterprise_id=found.id).exclude(state=CodeState.REVOKED).first():
            return known
        code.enterprise_id, code.place = found.id, code.place or found.name[:PLACE_MAX]
    elif one.department or kind == "window":
        body = directory.department(region, one.department)
        if body is None:
            raise _wrong(
                line, _("there is no department “%(code)s” here") % {"code": one.department[:32]}, "department"
            )
        code.department_id = body.id
    if not 0 < len(code.place) <= PLACE_MAX:
        raise _wrong(line, _("say where it hangs, in at most %(most)d characters") % {"most": PLACE_MAX}, "place")
    if kind == "card":
        if not 0 < one.cards <= CARDS_MOST:
            raise _wrong(line, _("say how many cards are printed"), "cards")
        code.printed = one.cards
    code.ident = codes.ident(secrets.token_bytes(10))
    commit(code, "issued", now=now, said={"name": code.place, "kind": kind}, actor=actor, made=True)
    return code


def _firm(typed: str, line: int) -> Enterprise | None:
    try:
        return directory.enterprise(directory_rules.normalize_uscc(typed))
    except errors.Invalid as flaw:
        raise _wrong(line, str(flaw.detail).rstrip(".。"), "enterprise") from flaw


def _wrong(line: int, what: str, field: str) -> errors.Invalid:
    return errors.Invalid(
        _("Line %(line)d: %(what)s.") % {"line": line, "what": what}, code="code_line", field=field, line=line
    )


def take_code(*, code_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Code:
    """Take one action of a person on a code and return it as it then is.

    action: `hand_out` {count, text}, `close_code`, `open_again`, `revoke` {text}. Raises NotFound, Forbidden,
    Conflict `state_forbids`, Invalid. Leaves one fact; publishes OutreachCodeChanged.
    """
    with database.writing():
        selectors.find_code(code_id, actor)
        code = Code.objects.select_for_update(of=("self",)).get(pk=code_id)
        transition = CODES.find(action)
        if transition is None or SYSTEM in transition.roles:
            raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
        permissions.check(actor, action, code)
        state = CodeState(code.state)
        if state not in transition.sources:
            raise errors.Conflict(
                _("This is not possible in the present state."),
                code="state_forbids",
                state=state.value,
                allowed_actions=selectors.code_actions(code, actor),
            )
        text, changed = needed_text(body, most=400), ["state", "ended_at", "handed_out"]
        said: dict[str, Any] = {"text": text}
        if action == "hand_out":
            said["count"] = _count(body, most=code.printed - code.handed_out)
            code.handed_out += said["count"]
        came_from, code.state = code.state, next(iter(transition.targets), state).value
        code.ended_at = None if code.state == CodeState.ACTIVE else now
        commit(code, action, now=now, said=said, actor=actor, came_from=came_from, changed=changed)
    return code


def _count(body: Mapping[str, Any], *, most: int) -> int:
    try:
        count = int(str(body.get("count", "")))
    except ValueError:
        count = 0
    if not 0 < count <= most:
        said = _("count: between 1 and %(most)d; so many cards are left") % {"most": most}
        raise errors.Invalid(said, code="cards_left", field="count")
    return count


def lines(*, text: str, kind: str) -> Iterable[Wanted]:
    """Read what somebody typed or pasted, one code a line, parts divided by tab, comma or 、.

    window: department code, place. enterprise: credit code. card: name, number of cards.
    """
    for row in text.replace("，", ",").replace("\t", ",").splitlines():
        first, _comma, second = (part.strip() for part in row.partition(","))
        if not first:
            continue
        if kind == "enterprise":
            yield Wanted(enterprise=first, place=second)
        elif kind == "card":
            yield Wanted(place=first, cards=int(second) if second.isdecimal() else 0)
        else:
            yield Wanted(department=first, place=second)
