"""Reads of intake: where matters can be raised, what waits for a raiser, what the desk shows beside the form."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from bihuan.casework.cases import permissions as case_permissions
from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases.models import Case, Plan
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Attachments, Channel, Channels
from bihuan.casework.cases.rules import files
from bihuan.casework.cases.states import OPEN
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Board, Enterprise, Region
from bihuan.foundation.kernel import database
from bihuan.foundation.rulebooks import selectors as rulebooks

MOST_WAITING = 5
_OPEN = sorted(state.value for state in OPEN)


def served(*, on: dt.date) -> tuple[Region, ...]:
    """Return the counties in which matters can be raised on a day: those in force that have boards, by code."""
    with_boards = Board.objects.order_by("region").values_list("region", flat=True).distinct()
    found = (directory.region(code[:6]) for code in dict.fromkeys(code[:6] for code in with_boards))
    return tuple(one for one in found if one is not None and directory.in_force(one, on))


def served_for(*, regions: Collection[str], on: dt.date) -> tuple[Region, ...]:
    """Return the served counties among `regions` (codes)."""
    return tuple(one for one in served(on=on) if one.code in regions)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the rulebook says of files: endings that are accepted, and how large one may be (bytes)."""

    endings: tuple[str, ...]
    most_bytes: int

    @property
    def accept(self) -> str:
        """For the browser: cameras and recorders are offered where their files are accepted."""
        offers = [kind for kind, ending in (("image/*", ".jpg"), ("audio/*", ".m4a")) if ending in self.endings]
        return ",".join([*offers, *self.endings])


def limits(book: rulebooks.Rulebook) -> Limits:
    """Return what a rulebook says of files."""
    rule = book.section(Attachments)
    return Limits(endings=tuple(files.endings(rule.types)), most_bytes=rule.max_mb << 20)


def reasons(book: rulebooks.Rulebook, *, language: str) -> list[tuple[str, str]]:
    """Return the reasons for a bad mark that the rulebook offers, as id and name."""
    return [(one.id, one.name.in_language(language)) for one in book.section("evaluation").reasons]


def public_channel(*, region: str, at: dt.datetime, wanted: str) -> str:
    """Return `wanted` if it is a public channel of the region's rulebook, else the first that is."""
    known = rulebooks.in_force(region, at).section(Channels)
    public = [channel.id for channel in known.root if channel.public]
    return wanted if wanted in public or not public else public[0]


def staff_channels(*, region: str, at: dt.datetime) -> list[Channel]:
    """Return the channels in which staff write down what was said to them, without files taken over in bulk."""
    known = rulebooks.in_force(region, at).section(Channels).root
    return [channel for channel in known if not channel.public and channel.id != "bulk"]


def waiting(*, actor: Actor) -> Sequence[tuple[str, Case]]:
    """Return what waits for the raiser's own word, most pressing first, as (ask, case); ask is a key of wording.ASKS.

    Only for logged-in enterprises; whoever holds a code sees the ask on the case itself.
    """
    firms = [grant.enterprise_id for grant in actor.reader.grants if grant.enterprise_id] if actor.reader else []
    if not firms:
        return []
    has_plan = Exists(Plan.objects.filter(case=OuterRef("pk")))
    asked = Q(state__in=("supplement_requested", "awaiting_enterprise"))
    answered = Q(state="closed") & ~Q(closed_kind="withdrawn") & (Q(word="pending") | Q(rating_result=None))
    planned = Q(state__in=_OPEN, rating_plan=None, has_plan=True)
    with database.reading(actor.scope()):
        rows = (
            Case.objects.filter(case_permissions.visible(actor), enterprise_id__in=firms)
            .annotate(has_plan=has_plan)
            .filter(asked | answered & ~Q(word="no_response") | planned)
            .only("number", "title", "state", "word", "rating_result", "rating_plan", "closed_kind", "raised_at")
            .order_by("-raised_at")[:50]
        )
        found = [(ask, row) for row in rows if (ask := ask_of(row, has_plan=row.has_plan))]
    return sorted(found, key=lambda pair: _URGENCY.index(pair[0]))[:MOST_WAITING]


_URGENCY = ["answer", "supplement", "word", "rate", "plan"]


def ask_of(case: Case, *, has_plan: bool) -> str:
    """Return what the case wants from its raiser now (a key of wording.ASKS), or an empty text."""
    if case.state == "supplement_requested":
        return "supplement"
    if case.state == "awaiting_enterprise":
        return "answer"
    if case.state == "closed" and case.closed_kind != "withdrawn":
        return "word" if case.word == "pending" else "rate" if case.rating_result is None else ""
    return "plan" if has_plan and case.rating_plan is None and case.state in _OPEN else ""


def own_firms(*, actor: Actor) -> list[Enterprise]:
    """Return the enterprises for which the actor speaks."""
    firms = [grant.enterprise_id for grant in actor.reader.grants if grant.enterprise_id] if actor.reader else []
    return list(Enterprise.objects.filter(pk__in=firms).order_by("pinyin")) if firms else []


def recent_of(*, enterprise: Enterprise, actor: Actor, now: dt.datetime) -> list[cases.Row]:
    """Return the newest five cases of an enterprise that the actor may see."""
    rows, _following = cases.page(actor=actor, filters=cases.Filters(enterprise=(enterprise.uscc,)), now=now, limit=5)
    return rows


def alike(
    *, enterprise: Enterprise, region: str, title: str, description: str, actor: Actor, now: dt.datetime
) -> list[cases.Likeness]:
    """Return cases of the enterprise that may be the matter being written, by the rule for cases already raised."""
    if not title.strip():
        return []
    draft = Case(
        id=uuid.UUID(int=0),
        enterprise_id=enterprise.id,
        title=title,
        description=description,
        raised_at=now,
        rulebook_version=rulebooks.in_force(region, now).id,
    )
    with database.reading(actor.scope()):
        return cases.possible_duplicates(case=draft, actor=actor)
