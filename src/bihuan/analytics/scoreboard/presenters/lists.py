"""The matters behind a figure, and what is left out, as pages."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.casework.cases import wording as cases
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.ui.components import Option
from bihuan.mechanisms.evaluation.permissions import HEARERS

from .. import permissions, selectors, wording
from ..models import Exclusion
from ..rules import periods
from ..rules.counting import Index, Level
from ..selectors import Behind
from ..states import EXCLUSION, LEAVES_OUT, ExclusionState


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A matter behind a figure: how it counts, and whether the reader may propose to leave it out."""

    case: Any
    state: Any
    outcome: Any
    exclusion: Any
    may_propose: bool


def behind(
    found: Behind, asked: Mapping[str, Any], unit: str, index: Index, outcome: str, actor: Actor
) -> dict[str, Any]:
    """Return the context of the matters behind a figure."""
    query = {
        "region": asked["region"],
        "period": periods.written(asked["month"]),
        "by": asked["level"].value,
        "unit": unit,
        "index": index.value,
    }
    department = directory.department(asked["region"], unit) if asked["level"] == Level.DEPARTMENT else None
    board = directory.board(asked["region"], unit) if asked["level"] == Level.BOARD else None
    named = department or board or directory.region(unit)
    every = [("", _("All")), *((str(number), word) for number, word in wording.OUTCOMES.items())]
    return {
        "rows": [_matter(case, counted, found.exclusions.get(case.id), actor) for case, counted in found.cases],
        "following": found.following,
        "query": urlencode({**query, "outcome": outcome}),
        "back": urlencode(query),
        "unit_name": named.name if named else unit,
        "index": index.value,
        "index_name": wording.INDICES[index],
        "meaning": wording.MEANINGS[index],
        "period": query["period"],
        "tabs": [
            Option(label=word, url=f"?{urlencode({**query, 'outcome': number})}", current=number == outcome)
            for number, word in every
        ],
    }


def _matter(case: Any, counted: Any, exclusion: Exclusion | None, actor: Actor) -> Matter:
    return Matter(
        case=case,
        state=cases.STATES[case.state],
        outcome=wording.OUTCOMES[int(counted)],
        exclusion=wording.STATES[exclusion.state] if exclusion else "",
        may_propose=exclusion is None and permissions.can_propose(actor, case),
    )


def of_mark(mark_id: uuid.UUID, actor: Actor) -> list[tuple[Any, str]]:
    """Return the link from a bad mark to what was left out because of it, for whoever reads the scoreboard."""
    rows, _following = selectors.exclusions(actor=actor, mark=mark_id) if permissions.regions_of(actor) else ([], None)
    out = _(", ").join(str(wording.INDICES[Index(row.index)]) for row in rows if row.state in LEAVES_OUT)
    words = _("Left out of the scoreboard: %(indices)s") % {"indices": out} if out else _("Counts again")
    return [(words, f"{reverse('scoreboard:exclusions')}?mark={mark_id}")] if rows else []


def _opens_marks(row: Exclusion, actor: Actor) -> bool:
    return row.mark is not None and actor.reader is not None and row.region in actor.reader.regions_for(HEARERS)


def _possible(row: Exclusion, actor: Actor) -> list[tuple[str, Any]]:
    found = EXCLUSION.allowed(ExclusionState(row.state))
    names = [one.action for one in found if permissions.can_exclusion(actor, one.action, row, row.case)]
    return [(name, wording.ACTIONS[name]) for name in names]


def counted(found: Mapping[str, int]) -> list[tuple[Any, int]]:
    """Return how many exclusions are in which state, in the order in which they pass through them."""
    return [(wording.STATES[state.value], found[state.value]) for state in ExclusionState if found.get(state.value)]


def exclusions(
    found: Sequence[Exclusion], actor: Actor
) -> list[tuple[Exclusion, Any, Any, list[tuple[str, Any]], bool]]:
    """Return proposals with index, state, what the reader may do, and whether they open the bad mark behind them."""
    return [
        (
            row,
            wording.INDICES[Index(row.index)] if row.index else _("All"),
            wording.STATES[row.state],
            _possible(row, actor),
            _opens_marks(row, actor),
        )
        for row in found
    ]
