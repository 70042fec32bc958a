"""Codes with their counts. A unit learns of its windows' ratings by month, and only of groups large enough."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Code, FollowUp, Prompt, Rating, Scan
from ..rulebook import Outreach
from ..rules import codes, ratings
from ..states import CODES, CodeState
from .follow_ups import reader_regions

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What is counted of a code. mean: None where too few rated for anybody to stay unknown. prompts: asked."""

    scans: int = 0
    ratings: int = 0
    mean: float | None = None
    prompts: int = 0
    follow_ups: int = 0


def _seen(actor: Actor) -> Any:
    rows = Code.objects.select_related("department", "enterprise")
    if actor.system:
        return rows
    if actor.reader is None:
        return rows.none()
    scope = actor.scope()
    return rows.filter(
        Q(region__in=scope.regions)
        | Q(department_id__in=list(scope.departments))
        | Q(enterprise_id__in=list(scope.enterprises))
    )


def find_code(code_id: uuid.UUID, actor: Actor) -> Code:
    """Return one code that the actor may see. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Code | None = _seen(actor).filter(pk=code_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such code here, or you may not see it."), code="code_not_found")
    return found


def code_actions(code: Code, actor: Actor) -> list[str]:
    """Return what this actor could do with the code now, in table order: one truth for page, API and tests."""
    left = code.printed - code.handed_out
    rows = [row.action for row in CODES.allowed(CodeState(code.state)) if permissions.can(actor, row.action, code)]
    return [one for one in rows if one != "hand_out" or left]


def _narrow(rows: Any, only: dict[str, str]) -> Any:
    for name, field in (("kind", "kind"), ("state", "state"), ("department", "department__code")):
        if only.get(name):
            rows = rows.filter(**{field: only[name]})
    return rows.filter(place__icontains=only["q"]) if only.get("q") else rows


def codes_page(
    *, actor: Actor, before: uuid.UUID | None = None, limit: int = PAGE, **only: str
) -> tuple[list[Code], uuid.UUID | None]:
    """Return codes the actor may see, newest first, and the id to continue after.

    only: `kind`, `state`, `department` (its code), `q` (part of the place).
    """
    with database.reading(actor.scope()):
        rows = _narrow(_seen(actor), only)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def to_print(*, actor: Actor, ids: Collection[uuid.UUID] = (), most: int, **only: str) -> list[Code]:
    """Return the codes in use whose sheets are to be printed: those of `ids`, else what the filter shows, oldest first.

    Only for those who put up codes in the region.
    """
    regions = actor.reader.regions_for(permissions.ISSUING) if actor.reader else ()
    with database.reading(actor.scope()):
        rows = _narrow(_seen(actor).filter(region__in=regions), only | {"state": CodeState.ACTIVE.value})
        rows = rows.filter(pk__in=list(ids)) if ids else rows
        return list(rows.order_by("id")[:most])


def code_counts(*, codes: Sequence[Code], actor: Actor, now: dt.datetime) -> dict[uuid.UUID, Counted]:
    """Return what is counted of each code: all for supervisors, for a unit what is settled (four queries)."""
    ids = [code.id for code in codes]
    until = ratings.settled(answers.local_date(now))
    with database.reading(THE_SYSTEM.scope()):
        scans = dict(Scan.objects.filter(code_id__in=ids).values_list("code").annotate(Sum("times")))
        prompts = dict(Prompt.objects.filter(code_id__in=ids).values_list("code").annotate(Count("id")))
        rows = list(Rating.objects.filter(code_id__in=ids).values_list("code_id", "level", "on"))
        answered = dict(
            FollowUp.objects.filter(rating__code_id__in=ids).values_list("rating__code_id").annotate(Count("id"))
        )
    levels: dict[uuid.UUID, list[int]] = defaultdict(list)
    whole = {code.id: _whole(code, actor) for code in codes}
    for key, level, on in rows:
        if whole[key] or on < until:
            levels[key].append(level)
    found, smallest = {}, {region: least_of(region, now) for region in {code.region for code in codes}}
    for code in codes:
        given, least = levels[code.id], smallest[code.region]
        enough = whole[code.id] or len(given) >= least
        found[code.id] = Counted(
            scans=scans.get(code.id, 0),
            ratings=len(given) if enough else 0,
            mean=ratings.mean(given, least=least),
            prompts=prompts.get(code.id, 0),
            follow_ups=answered.get(code.id, 0) if whole[code.id] else 0,
        )
    return found


def _whole(code: Code, actor: Actor) -> bool:
    return permissions.supervises(actor, code.region) and not permissions.of_department(actor, code.department_id)


def least_of(region: str, now: dt.datetime) -> int:
    """Return the smallest group whose mean may be shown in a region."""
    return rulebooks.in_force(region, now).section(Outreach).codes.least


def ratings_of(*, code: Code, actor: Actor, limit: int = PAGE) -> list[Rating]:
    """Return the newest ratings of a code; none for anybody but supervisors, or for the rated unit in any office."""
    if not _whole(code, actor):
        return []
    with database.reading(actor.scope()):
        return list(Rating.objects.filter(code=code).order_by("-id")[:limit])


def prompts_of(*, code: Code, actor: Actor, limit: int = 20) -> list[Prompt]:
    """Return the newest prompts of a window, for those who send them; who has rated is not told."""
    if not permissions.may_prompt(actor, code):
        return []
    with database.reading(THE_SYSTEM.scope()):
        rows = Prompt.objects.filter(code=code).select_related("enterprise").defer("used")
        return list(rows.order_by("-sent_at")[:limit])


def trace(*, code: Code, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a code, oldest first; only for supervisors, since each rating leaves one."""
    if not _whole(code, actor):
        return []
    with database.reading(actor.scope()):
        return [ledger.content(fact) for fact in ledger.history(code.id)]


def figures(*, actor: Actor) -> dict[str, int]:
    """Return the counts of O10 for the regions whose ratings the actor reads: codes, scans, prompts, what followed."""
    regions = list(reader_regions(actor))
    with database.reading(THE_SYSTEM.scope()):
        codes = Code.objects.filter(region__in=regions)
        kinds = dict(codes.values_list("kind").annotate(Count("id")))
        follow = FollowUp.objects.filter(region__in=regions)
        done = follow.filter(state="done", number="").count()
        return {
            "window": kinds.get("window", 0),
            "enterprise": kinds.get("enterprise", 0),
            "cards": codes.aggregate(n=Sum("handed_out"))["n"] or 0,
            "scans": Scan.objects.filter(region__in=regions).aggregate(n=Sum("times"))["n"] or 0,
            "ratings": Rating.objects.filter(region__in=regions).count(),
            "prompts": Prompt.objects.filter(region__in=regions).aggregate(n=Sum("people"))["n"] or 0,
            "bad": follow.count(),
            "letters": follow.exclude(number="").count(),
            "callbacks": done,
        }


def door(text: str) -> uuid.UUID | None:
    """Return the enterprise at whose door a scanned code hangs, or None: forged, out of use, or another code.

    text: what the code carries, or the address that a telephone shows. Inside a unit of work.
    """
    token = next((part for part in reversed(text.strip().rstrip("/").split("/")) if part), "")
    read = codes.read(key=settings.SECRET_KEY, text=token)
    if read is None or read[0] != codes.CODE:
        return None
    rows = Code.objects.filter(ident=read[1], kind="enterprise", state=CodeState.ACTIVE.value)
    return rows.values_list("enterprise_id", flat=True).first()
