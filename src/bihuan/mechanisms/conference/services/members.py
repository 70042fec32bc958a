"""领导小组: who sits in it, in which role."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Member
from ..rulebook import Conference
from ..rules import bodies
from .recording import commit, department, one_at_a_time, read_body


def appoint(*, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Member:
    """Give somebody a seat in the leading group. Raises Forbidden, Invalid, Conflict `member_already`."""
    words: bodies.Appoint = read_body(bodies.Appoint, body)
    region = permissions.home(actor, words.region)
    known = [role.id for role in rulebooks.in_force(region, now).section(Conference).group]
    if words.role not in known:
        message = _("The rulebook knows no such role: %(role)s") % {"role": words.role}
        raise errors.Invalid(message, code="role_unknown", field="role", allowed=known)
    person = accounts.person_named(words.person)
    if person is None:
        raise errors.Invalid(_("There is nobody with this user name."), code="person_unknown", field="person")
    with database.writing():
        one_at_a_time(region)
        if Member.objects.filter(region=region, person_id=person.id, until=None).exists():
            raise errors.Conflict(_("This person has a seat already; release it first."), code="member_already")
        unit = department(region, words.department, now, "department") if words.department else None
        member = Member(region=region, person_id=person.id, role=words.role, department=unit, since=now)
        said = {"role": words.role, "person": str(person.id)}
        commit(member, "appointed", now=now, said=said, actor=actor, made=True)
    return member


def release(*, member_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Member:
    """End a seat in the leading group. Raises NotFound, Forbidden."""
    with database.writing():
        member = Member.objects.select_for_update(of=("self",)).filter(pk=member_id, until=None).first()
        if member is None:
            raise errors.NotFound(_("There is no such seat."), code="member_not_found")
        permissions.check_appoint(actor, member.region)
        member.until = now
        said = {"role": member.role, "person": str(member.person_id)}
        commit(member, "released", now=now, said=said, actor=actor, changed=["until"])
    return member
