"""What pages of refusals show: the text with its evidence marked, and the figures with their lists."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.casework.cases import wording as cases
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.ui.components import Figure, Option

from . import permissions, selectors, wording
from .states import PROPOSALS, ProposalState

RARE = ("set_aside", "recuse", "annul")
"""Actions that stand last on the page: what usually comes next is open above them."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of a text; kind: what it is evidence for (empty: none), word: that in the reader's language."""

    text: str
    kind: str = ""
    word: Any = ""


def marked(text: str, evidence: Sequence[dict[str, Any]]) -> list[Piece]:
    """Return the text cut at its evidence, in order; of two that overlap the earlier one is marked."""
    pieces, at = [], 0
    for one in evidence:
        if one["start"] < at or one["end"] > len(text):
            continue
        if one["start"] > at:
            pieces.append(Piece(text=text[at : one["start"]]))
        word = wording.KINDS[one["kind"]]
        pieces.append(Piece(text=text[one["start"] : one["end"]], kind=one["kind"], word=word))
        at = one["end"]
    return [*pieces, Piece(text=text[at:])] if at < len(text) else pieces


def tabs(current: str, counts: dict[str, int], *, organises: bool) -> list[Option]:
    """Return the views of the register."""
    base = reverse("refusals:register")
    pages = [
        ("pool", _("Candidate pool"), f"{base}?state=pool"),
        ("review", _("Under review"), f"{base}?state=review"),
        ("all", _("All"), base),
        ("figures", _("Figures"), reverse("refusals:figures")),
        ("proposals", _("Policy proposals"), reverse("refusals:proposals")),
    ]
    if organises:
        pages.append(("panelists", _("Pool of panels"), reverse("refusals:panelists")))
    return [Option(label=label, url=url, count=counts.get(name), current=name == current) for name, label, url in pages]


def figures(found: dict[str, Any]) -> list[Figure]:
    """Return the key figures, each with the list behind it."""
    base = reverse("refusals:register")
    note = _("of %(n)d that were solved") % {"n": found["solved"]}
    early = Figure(
        name=_("Solved before the review"), value=found["early"], note=note, url=f"{base}?state=solved_early"
    )
    return [
        Figure(name=_("Refusals"), value=found["all"], url=base),
        early,
        *(
            Figure(name=name, value=found["outcomes"].get(key, 0), url=f"{base}?outcome={key}")
            for key, name in wording.OUTCOMES.items()
        ),
    ]


def tables(
    found: dict[str, Any], common: Sequence[str], names: Mapping[str, str]
) -> list[tuple[Any, list[tuple[Any, int, str]]]]:
    """Return (heading, rows of name, number and list) for units, reasons, causes, common problems. names: of these."""
    base = reverse("refusals:register")
    return [
        (_("By unit"), [(name, count, f"{base}?unit={code}") for (code, name), count in found["units"]]),
        (
            _("By reason"),
            [(cases.REASONS.get(key, key), count, f"{base}?reason={key}") for key, count in found["reasons"]],
        ),
        (
            _("By cause"),
            [(wording.CAUSES[key], count, f"{base}?cause={key}") for key, count in sorted(found["causes"].items())],
        ),
        (
            _("Common problems"),
            [(names.get(key, key), found["categories"][key], f"{base}?category={key}") for key in common],
        ),
    ]


def review(found: selectors.Review) -> dict[str, Any]:
    """Return what the review page shows of a refusal."""
    one = found.seen.refusal
    live = [seat for seat in found.seats if not seat.reserve and seat.left_at is None]
    return {
        "found": found,
        "refusal": one,
        "state": wording.STATES[one.state],
        "outcome": wording.OUTCOMES.get(one.outcome, ""),
        "service": wording.SERVICES.get(one.service, ""),
        "causes": [wording.CAUSES[cause] for cause in one.causes],
        "pieces": marked(one.text, one.evidence if found.seen.inside else []),
        "actions": [
            (name, *wording.ACTIONS[name]) for name in sorted(found.seen.available_actions, key=RARE.__contains__)
        ],
        "scores": [
            (key, name, (one.scores or {}).get(key) if one.scores else None, one.proposed.get(key))
            for key, name in wording.SCORES.items()
        ],
        "notes": [(note, found.names.get(str(note.by_id), "")) for note in found.notes],
        "members": [(str(seat.person_id), found.names.get(str(seat.person_id), "")) for seat in live],
        "seats": [
            (found.names.get(str(seat.person_id), ""), wording.GROUPS[seat.group], seat.left_reason)
            for seat in found.seats
            if not seat.reserve
        ],
        "excluded": [
            (found.names.get(row["person"], ""), wording.CONFLICTS[row["why"]])
            for row in (one.excluded if found.seats else [])
        ],
        "votes": [
            (found.names.get(str(vote.seat.person_id), ""), wording.OUTCOMES[vote.outcome], vote)
            for vote in found.votes
        ],
        "counts": [(name, found.count[key]) for key, name in wording.OUTCOMES.items() if key in found.count],
        "outcomes": wording.OUTCOMES.items(),
        "services": wording.SERVICES.items(),
    }


def proposals(actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of policy proposals shows; refusals to choose from only for those who make proposals."""
    may = bool(actor.reader and actor.reader.roles & set(permissions.ORGANISING))
    rows = [
        (
            one,
            wording.PROPOSAL_STATES[one.state],
            [
                (row.action, wording.PROPOSAL_ACTIONS[row.action])
                for row in PROPOSALS.allowed(ProposalState(one.state))
                if may
            ],
        )
        for one in selectors.proposals(actor=actor)
    ]
    choice, _following = selectors.page(actor=actor, now=now) if may else ([], None)
    return {"rows": rows, "choice": choice, "may_propose": may}
