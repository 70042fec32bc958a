"""What a step of a retrospective works with."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.deadlines import services as deadlines

from ..models import Retrospective
from ..states import TELLING
from .recording import commit, rule


@dataclass(kw_only=True)
class Move:
    """What a step works with: the locked row and case, who acts, when, with which words; and where it leads."""

    retrospective: Retrospective
    case: Case
    actor: Actor
    now: dt.datetime
    body: Mapping[str, Any]
    target: str

    @property
    def person_id(self) -> uuid.UUID:
        """The id of the acting person."""
        assert self.actor.person_id is not None, "these steps are taken by a person"
        return self.actor.person_id

    def expect(self, clock: str) -> list[str]:
        """Start the clock of the next step (`assign`, `dissect`, …) with the rulebook's limit; the changed fields."""
        within = getattr(rule(self.retrospective).limits, f"{clock}_within")
        return deadlines.expect(self.retrospective, f"retro_{clock}", within, now=self.now)

    def done(self, name: str, *, changed: list[str], said: dict[str, Any]) -> None:
        """Bring the retrospective into its new state and record the fact."""
        came_from, self.retrospective.state = self.retrospective.state, self.target
        fields = ["state", *changed, *(self._outdate() if name in TELLING else ())]
        commit(self.retrospective, name, now=self.now, said=said, actor=self.actor, came_from=came_from, changed=fields)

    def _outdate(self) -> list[str]:
        """Note that what was written of the report so far does not tell this; the changed fields."""
        newest = self.retrospective.versions.order_by("-number").values_list("number", flat=True).first()
        self.retrospective.stale_version = newest or 0
        return ["stale_version"]
