"""Who is in the pool from which panels are drawn."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import services as ledger

from .. import permissions
from ..models import GROUPS, Panelist


def enrol(*, region: str, username: str, group: str, actor: Actor, now: dt.datetime) -> Panelist:
    """Put somebody into the pool of a region, or back into it, in one group. Raises Forbidden, Invalid."""
    with database.writing():
        permissions.check_organises(actor, region)
        person = accounts.person_named(username)
        if person is None or not accounts.reader_of(person.pk).grants:
            raise errors.Invalid(
                _("Nobody with an office has this user name."), code="unknown_person", field="username"
            )
        if group not in GROUPS:
            raise errors.Invalid(_("group: one of leader, deputy, enterprise, expert"), code="invalid", field="group")
        found = Panelist.objects.select_for_update(of=("self",)).filter(region=region, person=person).first()
        panelist = found or Panelist(region=region, person=person)
        panelist.group, panelist.active = group, True
        _record(panelist, "enrolled", actor, now, made=found is None)
    return panelist


def retire(*, panelist_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Panelist:
    """Take somebody out of the pool; seats already drawn stay. Raises NotFound, Forbidden."""
    with database.writing():
        panelist = Panelist.objects.select_for_update(of=("self",)).filter(pk=panelist_id).first()
        if panelist is None or not permissions.organises(actor, panelist.region):
            raise errors.NotFound(_("There is nobody like this in the pool."), code="panelist_not_found")
        panelist.active = False
        _record(panelist, "retired", actor, now, made=False)
    return panelist


def _record(panelist: Panelist, name: str, actor: Actor, now: dt.datetime, *, made: bool) -> None:
    ledger.record_and_save(
        panelist,
        kind=f"refusals.{name}",
        actor_id=actor.person_id,
        now=now,
        said={"person": str(panelist.person_id), "group": panelist.group},
        changed=["group", "active"],
        made=made,
    )
