"""First screens by role, as data: which views of the queue each role gets, the first one opened (DOMAIN §7)."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import selectors
from ..rulebook import Lights
from ..selectors import Filters

MOST = 99
"""The number beside an entry of the navigation says no more than “99+”."""


@dataclass(frozen=True, kw_only=True)
class View:
    """One view of the queue.

    state, word: any of these. light_from: only lights lit from this share of the time on. decision: only what somebody
    above has to decide on. sort: as in Filters (`due` leaves out what is over). workload: also show who carries what.
    """

    label: Any
    state: tuple[str, ...] = ()
    word: tuple[str, ...] = ()
    light_from: float | None = None
    decision: bool | None = None
    sort: str = "due"
    workload: bool = False

    def narrow(self, filters: Filters, *, region: str, now: dt.datetime) -> Filters:
        """Return `filters` narrowed by the view; what the reader chose by hand wins."""
        lights: tuple[str, ...] = ()
        if self.light_from is not None:
            book = rulebooks.in_force(region, now).section(Lights).root
            lights = tuple(light.id for light in book if light.at >= self.light_from)
        return dataclasses.replace(
            filters,
            state=filters.state or self.state,
            light=filters.light or lights,
            word=self.word,
            decision=self.decision,
            sort=self.sort,
            paused_last=True,
        )

    def count(self, counts: Mapping[str, Any]) -> int | None:
        """Return how many open cases are in the view, from the counts of all; None when these do not tell."""
        if self.word or self.decision or self.light_from is not None or self.sort != "due":
            return None
        if self.state:
            return sum(int(counts["state"].get(state, 0)) for state in self.state)
        return int(counts["total"])


VIEWS: dict[str, View] = {
    "all": View(label=_("All open")),
    "centre": View(
        label=_("For the centre"), state=("submitted", "accepted", "reopened", "objected", "replied", "verifying")
    ),
    "incoming": View(label=_("To accept"), state=("submitted",)),
    "unrouted": View(label=_("To dispatch"), state=("accepted", "reopened")),
    "objected": View(label=_("Objections to rule on"), state=("objected",)),
    "replies": View(label=_("Replies to verify"), state=("replied", "verifying")),
    "todo": View(label=_("To do"), state=("dispatched", "signed", "handling")),
    "unsigned": View(label=_("To sign"), state=("dispatched",)),
    "work": View(label=_("In work"), state=("signed", "handling")),
    "paused": View(label=_("Clock stands"), state=("suspended", "awaiting_enterprise", "supplement_requested")),
    "hot": View(label=_("Red and orange"), light_from=0.8),
    "overdue": View(label=_("Overdue"), light_from=1.0),
    "decision": View(label=_("To decide on"), decision=True),
    "denied": View(label=_("Denied by the enterprise"), word=("denied",), sort="-raised_at"),
    "load": View(label=_("Workload"), workload=True),
    "refused": View(label=_("Refused"), sort="-raised_at"),
    "mine": View(label=_("What became of mine"), sort="-raised_at"),
}
"""View id (in the address: `?view=…`) → what it shows."""

BY_ROLE: dict[Role, tuple[str, ...]] = {
    Role.COORDINATOR: ("centre", "incoming", "unrouted", "objected", "replies", "all"),
    Role.CATCH_ALL: ("hot", "unrouted", "objected", "replies", "decision", "all"),
    Role.SEAT: ("incoming", "paused", "all"),
    Role.DEPARTMENT_HEAD: ("todo", "unsigned", "work", "paused", "decision", "all"),
    Role.LIAISON: ("todo", "unsigned", "work", "paused", "all"),
    Role.BOARD_HEAD: ("load", "unsigned", "hot", "decision", "all"),
    Role.LEADER: ("decision", "hot", "all"),
    Role.SUPERVISION_OFFICE: ("hot", "overdue", "denied", "replies", "all"),
    Role.DISCIPLINE: ("overdue", "denied", "all"),
    Role.JUSTICE_SUPERVISOR: ("all", "overdue", "denied"),
    Role.DEPUTY: ("refused",),
    Role.OBSERVER: ("mine",),
    Role.SPECIAL_SUPERVISOR: ("mine",),
}
"""Role → its views in the order of the tabs; the first is the role's first screen."""


def waiting(request: Any) -> int | str | None:
    """Return how many cases stand in the first view of the reader's office, for the number beside “My work”."""
    view = next(iter(views_of(request.reader.roles).values()))
    if view.sort != "due" or not request.reader.grants:
        return None
    region = request.reader.grants[0].region[:6]
    filters = view.narrow(Filters(sort="due"), region=region, now=request.now)
    found = selectors.counts(actor=request.actor, now=request.now, filters=filters, most=MOST)
    return f"{MOST}+" if found["capped"] else int(found["total"])


def views_of(roles: Iterable[Role]) -> dict[str, View]:
    """Return the views of somebody with these roles, each once, in order; everybody has at least one."""
    held = set(roles)
    names = dict.fromkeys(name for role, views in BY_ROLE.items() if role in held for name in views)
    return {name: VIEWS[name] for name in names or ("all",)}
