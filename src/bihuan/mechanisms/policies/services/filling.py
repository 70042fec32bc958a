"""Profiles: begun from the directory, filled in field by field, and kept as they were on days that are past."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.ids import uuid7

from .. import permissions, selectors, wording
from ..models import BLOCK, Clause, Past, Profile
from ..rulebook import Policies
from ..rules import profiles
from . import matching
from .recording import commit

BATCH, FEW = 5_000, 20
SERIALS = 0x706F_6CFF_FFFF
"""Key of the advisory lock under which serials are given."""
COLUMNS = {"area": "region", "town": "town", "industry": "industry", "size": "size"}
"""Column of a profile → field of the directory."""


def fill(*, uscc: str, values: Mapping[str, Any], actor: Actor, now: dt.datetime, source: str = "") -> Profile:
    """Fill in fields of an enterprise's profile: {field: value}, an empty value takes one back. Matches follow.

    For the service centre of the place, and for the enterprise itself where the rulebook lets it. Raises NotFound,
    Forbidden, Invalid `field_unknown` or `value_wrong` naming the field. Leaves one fact with the names of the fields.
    """
    found, _before = selectors.judged.firm(uscc=uscc, actor=actor)
    with database.writing():
        profile = locked(found, now)
        if not permissions.fills(actor, profile):
            raise errors.Forbidden(_("Profiles are filled in by the service centre and by the enterprise itself."))
        book = selectors.library.section(profile.area, now)
        known = {one.id: one for one in book.fields}
        own = not permissions.holds(actor, permissions.FILLERS, profile.area)
        kept = {name: _value(book, name, value) for name, value in values.items()}
        if own and (closed := [name for name in kept if not known[name].own]):
            raise errors.Forbidden(_("This is filled in by whoever keeps it."), code="not_own", field=closed[0])
        label = "self" if own else source or "desk"
        changed = put(profile, kept, source=label, now=now)
        if changed:
            commit(profile, "profile_changed", now=now, said={"fields": changed}, actor=actor)
            matching.rematch(profile=profile, now=now)
    return profile


def _value(book: Policies, name: str, given: Any) -> Any:
    kind = next((one.kind for one in book.fields if one.id == name), None)
    if kind is None:
        said = wording.FLAWS["field"] % {"word": name[:40]}
        raise errors.Invalid(said, code="field_unknown", field=name[:40])
    try:
        return profiles.value(kind, given)
    except profiles.Wrong as problem:
        said = _("%(field)s: this is no %(kind)s") % {"field": name, "kind": kind}
        raise errors.Invalid(said, code="value_wrong", field=name) from problem


def locked(enterprise: Enterprise, now: dt.datetime) -> Profile:
    """Return the profile of an enterprise with its block held and its row locked, begun where there is none."""
    serial = Profile.objects.filter(enterprise=enterprise).values_list("serial", flat=True).first()
    if serial is None:
        begin([enterprise], now)
        serial = Profile.objects.values_list("serial", flat=True).get(enterprise=enterprise)
    matching.hold(serial // BLOCK)
    return Profile.objects.select_for_update(of=("self",)).select_related("enterprise").get(serial=serial)


def put(profile: Profile, kept: Mapping[str, Any], *, source: str, now: dt.datetime) -> list[str]:
    """Change fields in memory, keep what they said until today, and return which changed. The caller saves."""
    changed = [name for name, value in kept.items() if profile.facts.get(name) != value]
    _keep_past(profile, {name: profile.facts.get(name) for name in changed}, now)
    for name in changed:
        if kept[name] is None:
            profile.facts.pop(name, None)
        else:
            profile.facts[name] = kept[name]
        profile.sources[name] = {"source": source[:40], "at": now.isoformat()}
    profile.changed_at = now
    return sorted(changed)


def _keep_past(profile: Profile, before: Mapping[str, Any], now: dt.datetime) -> None:
    """Keep what held until today; a second change on one day leaves what held in the morning."""
    today = answers.local_date(now)
    rows = [Past(id=uuid7(), profile=profile, field=name, value=value, until=today) for name, value in before.items()]
    Past.objects.bulk_create(rows, ignore_conflicts=True)


def begin(firms: Sequence[Enterprise], now: dt.datetime) -> None:
    """Begin profiles for enterprises that have none. Call inside `database.writing()`."""
    database.fetch("select pg_advisory_xact_lock(%s::bigint)::text", [SERIALS])
    have = set(Profile.objects.filter(enterprise__in=[one.pk for one in firms]).values_list("enterprise_id", flat=True))
    last = Profile.objects.aggregate(last=Max("serial"))["last"]
    start = 0 if last is None else last + 1
    missing = [one for one in firms if one.pk not in have]
    Profile.objects.bulk_create(
        [
            Profile(
                id=uuid7(),
                serial=start + at,
                enterprise=one,
                region=one.region,
                area=one.region,
                town=one.town,
                industry=one.industry,
                size=one.size,
                changed_at=now,
            )
            for at, one in enumerate(missing)
        ],
        batch_size=2_000,
    )


def follow(*, enterprise_id: uuid.UUID, now: dt.datetime) -> int:
    """The directory changed an enterprise: begin its profile, or let it follow, and match it anew.

    What it said before stays known for the days before: an enterprise that moves or grows in mid-year is judged as it
    was by what looks at a day before. Leaves one fact where something changed; returns how many matches changed.
    """
    with database.writing():
        firm = Enterprise.objects.get(pk=enterprise_id)
        profile = locked(firm, now)
        if changed := _followed(profile, firm, now):
            commit(profile, "profile_followed", now=now, said={"fields": changed}, actor=THE_SYSTEM)
        return matching.rematch(profile=profile, now=now)


def _followed(profile: Profile, firm: Enterprise, now: dt.datetime) -> list[str]:
    differs = {column: name for column, name in COLUMNS.items() if getattr(profile, column) != getattr(firm, name)}
    _keep_past(profile, {name: getattr(profile, column) or None for column, name in differs.items()}, now)
    for column, name in differs.items():
        setattr(profile, column, getattr(firm, name))
    profile.changed_at = now if differs else profile.changed_at
    return sorted(differs.values())


def sync(*, now: dt.datetime, since: dt.datetime | None = None) -> int:
    """Begin the profiles that are missing and let those follow that differ from the directory; return how many.

    since: look only at what the directory changed after it. For files, of which no single change is told.
    In batches, one transaction each; where more than a few are new, matches of all clauses are found anew afterwards.
    """
    done = 0
    while True:
        with database.writing():
            bare = Enterprise.objects.filter(~Exists(Profile.objects.filter(enterprise=OuterRef("pk"))), closed_on=None)
            bare = bare if since is None else bare.filter(updated_at__gte=since)
            firms = list(bare.order_by("id")[:BATCH])
            begin(firms, now)
            if len(firms) <= FEW:
                for one in firms:
                    matching.rematch(profile=locked(one, now), now=now)
        done += len(firms)
        if len(firms) < BATCH:
            break
    rows = Profile.objects.filter(
        ~Q(area=F("enterprise__region"))
        | ~Q(town=F("enterprise__town"))
        | ~Q(industry=F("enterprise__industry"))
        | ~Q(size=F("enterprise__size"))
    )
    rows = rows if since is None else rows.filter(enterprise__updated_at__gte=since)
    with database.writing():
        differ = list(rows.values_list("enterprise_id", flat=True))
    for enterprise_id in differ:
        follow(enterprise_id=enterprise_id, now=now)
    if done > FEW:
        with database.writing():
            Clause.objects.filter(state="open").update(stale=True)
    return done + len(differ)
