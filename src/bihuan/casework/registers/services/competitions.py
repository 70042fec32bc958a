"""揭榜挂帅: model cases are nominated, voted on in secret, promoted, and adopted by departments (A6, R6)."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor, visible
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Adoption, Ballot, Competition, Exemplar
from ..rules import bodies, voting
from ..states import CompetitionState, ExemplarState
from .privacy import check_nameless
from .recording import Move, commit, department, needed_person, read_body, rule

NOMINATE, VOTE = "competition_nominate", "competition_vote"
"""The clocks of a competition: the end of nominations, the end of the vote."""


def region_for(given: str | None, regions: tuple[str, ...]) -> str:
    """Return the region of a body, or the first in which the actor may do it; empty for nobody."""
    return given or next(iter(regions), "")


def call_competition(*, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Competition:
    """Call for model cases: {region?, title, text}. What was nominated before and waits takes part at once.

    Raises Forbidden (who does not keep the registers), Invalid. Leaves one fact, and one on each case that takes part.
    """
    given: bodies.Call = read_body(bodies.Call, body)
    with database.writing():
        region = region_for(given.region, actor.reader.regions_for(permissions.KEEPING) if actor.reader else ())
        permissions.check_keeps(actor, region)
        book = rulebooks.in_force(region, now).id
        made = Competition(region=region, title=given.title, text=given.text, called_at=now, rulebook_version=book)
        deadlines.expect(made, NOMINATE, rule(made).competitions.nominate_within, now=now)
        said = {"title": made.title, "text": made.text}
        commit(made, "called", now=now, said=said, by=needed_person(actor), made=True)
        nominated = Exemplar.objects.select_for_update(of=("self",)).filter(
            region=region, state=ExemplarState.NOMINATED.value
        )
        ended = Q(competition__isnull=True) | Q(competition__state=CompetitionState.CANCELLED.value)
        for one in nominated.filter(ended).order_by("id"):
            one.competition = made
            commit(one, "entered", now=now, said={"competition": made.title}, changed=["competition"])
    return made


def nominate(
    *,
    region: str,
    title: str,
    text: str,
    source: str,
    source_id: uuid.UUID | None,
    now: dt.datetime,
    actor_id: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
    department_id: uuid.UUID | None = None,
    board: str = "",
    stays: str = "",
) -> Exemplar:
    """Nominate a model case for the open competition of the region, or for the next one. Returns the exemplar.

    For mechanisms (a retrospective, a review …) whose permission is checked already. source: at most 24 characters;
    source_id: the row there. title and text name nobody. department_id, board: whose it is, who then has no vote on it.
    stays: why a word that looks like a name stays. Raises Invalid `names_somebody`, Conflict `nominated_already` (the
    same source or case). Leaves one fact.
    """
    with database.writing():
        database.fetch("select pg_advisory_xact_lock(hashtext(%s))", [f"registers:nominate:{region}"])
        # Who is named depends on what stands in the case, so it is read with the product's eyes.
        case = Case.objects.filter(pk=case_id).defer("search").first() if case_id else None
        check_nameless(title, text, case=case, region=region, now=now, stays=stays)
        taken = Exemplar.objects.exclude(state=ExemplarState.WITHDRAWN.value)
        same_case = case is not None and taken.filter(case=case).exists()
        if same_case or (source_id and Exemplar.objects.filter(source=source, source_id=source_id).exists()):
            raise errors.Conflict(_("This was nominated already."), code="nominated_already")
        owner = {"department_id": department_id} if department_id else {"department__isnull": True}
        if taken.filter(region=region, title=title, ended_at__isnull=True, **owner).exists():
            raise errors.Conflict(_("This was nominated already."), code="nominated_already")
        running = Competition.objects.filter(region=region, state=CompetitionState.CALLED.value, due_at__gt=now)
        made = Exemplar(region=region, title=title, text=text, case=case, department_id=department_id, board=board)
        made.competition, made.source, made.source_id = running.order_by("id").first(), source, source_id
        made.nominated_by, made.nominated_at = actor_id, now
        made.rulebook_version = rulebooks.in_force(region, now).id
        said = {"title": title, "text": text, "source": source, "department": str(department_id or ""), "board": board}
        commit(made, "nominated", now=now, said=said, by=actor_id, made=True)
    return made


def propose_exemplar(*, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Exemplar:
    """Nominate by hand: {region?, title, text, department?, case?}. A department nominates its own, a board its own.

    Raises Forbidden, Invalid `case_unknown`, and as `nominate`.
    """
    given: bodies.Nominate = read_body(bodies.Nominate, body)
    region = region_for(given.region, permissions.places(actor))
    unit, board = permissions.unit_of(actor, region), ""
    if permissions.keeps(actor, region):
        with database.reading(THE_SYSTEM.scope()):
            unit = department(region, given.department, now, "department").id if given.department else None
    elif unit is None:
        boards = [one.partition(":")[2] for one in actor.scope().boards if one.startswith(f"{region}:")]
        if not boards:
            raise errors.Forbidden(_("Departments, boards and those who keep the registers nominate."))
        board = boards[0]
    with database.reading(actor.scope()):
        found = Case.objects.filter(visible(actor), number=given.case or "").values_list("id", flat=True).first()
    if given.case and found is None:
        message = _("There is no case %(number)s here.") % {"number": given.case}
        raise errors.Invalid(message, code="case_unknown", field="case")
    return nominate(
        region=region,
        title=given.title,
        text=given.text,
        source="hand",
        source_id=None,
        actor_id=needed_person(actor),
        case_id=found,
        department_id=unit,
        board=board,
        now=now,
    )


def _open_vote(move: Move) -> None:
    if not open_vote(move.thing, now=move.now, by=move.actor.person_id):
        raise errors.Conflict(_("Nothing is nominated yet."), code="nobody_nominated")


def open_vote(thing: Competition, *, now: dt.datetime, by: uuid.UUID | None = None) -> bool:
    """Begin the vote on what is nominated; tells whether anything is."""
    count = Exemplar.objects.filter(competition=thing, state=ExemplarState.NOMINATED.value).count()
    if not count:
        return False
    came_from, thing.state = thing.state, CompetitionState.VOTING.value
    changed = ["state", *deadlines.expect(thing, VOTE, rule(thing).competitions.vote_within, now=now)]
    commit(thing, "open_vote", now=now, said={"count": count}, by=by, came_from=came_from, changed=changed)
    return True


def _vote(move: Move) -> None:
    """One secret vote. Raises Conflict `vote_closed`, `voted_already`, `own_nominee`, Invalid `exemplar_unknown`."""
    thing, person = move.thing, needed_person(move.actor)
    if thing.due_at is None or thing.due_at <= move.now:
        raise errors.Conflict(_("The vote is over."), code="vote_closed")
    if Ballot.objects.filter(competition=thing, voter_id=person).exists():
        raise errors.Conflict(_("You have voted; a vote is not changed."), code="voted_already")
    nominated = Exemplar.objects.filter(competition=thing, state=ExemplarState.NOMINATED.value)
    chosen = nominated.filter(pk=move.body.exemplar).first()
    if chosen is None:
        raise errors.Invalid(_("This does not take part."), code="exemplar_unknown", field="exemplar")
    if permissions.is_own(move.actor, chosen):
        raise errors.Conflict(_("Nobody votes for their own."), code="own_nominee")
    Ballot.objects.create(competition=thing, exemplar=chosen, voter_id=person, region=thing.region, at=move.now)
    move.done("vote", changed=[], said={}, secret=True)


def close_vote(thing: Competition, *, now: dt.datetime) -> None:
    """The time of the vote is over: count, promote, and tell. Nobody sees who voted how, now or later."""
    book = rule(thing).competitions
    taking_part = Exemplar.objects.select_for_update(of=("self",)).filter(
        competition=thing, state=ExemplarState.NOMINATED.value
    )
    rows = {str(one.id): one for one in taking_part.order_by("id")}
    cast = Counter(map(str, Ballot.objects.filter(competition=thing).values_list("exemplar", flat=True)))
    counted = {name: cast.get(name, 0) for name in rows}
    chosen = voting.promoted(counted, most=book.promote, least=book.least_votes)
    came_from, thing.state, thing.ended_at = thing.state, CompetitionState.CLOSED.value, now
    changed = ["state", "ended_at", *deadlines.expect(thing, "", None, now=now)]
    said = {"count": sum(cast.values()), "promoted": len(chosen)}
    commit(thing, "close_vote", now=now, said=said, came_from=came_from, changed=changed)
    for name, one in rows.items():
        was, one.votes, one.ended_at = one.state, counted[name], now
        one.state = (ExemplarState.PROMOTED if name in chosen else ExemplarState.PASSED_OVER).value
        fact = "promote" if name in chosen else "pass_over"
        fields = ["state", "votes", "ended_at"]
        commit(one, fact, now=now, said={"votes": one.votes}, came_from=was, changed=fields)


def lapse(thing: Competition, *, now: dt.datetime) -> None:
    """Nobody was nominated in time: the competition ends."""
    came_from, thing.state, thing.ended_at = thing.state, CompetitionState.CANCELLED.value, now
    changed = ["state", "ended_at", *deadlines.expect(thing, "", None, now=now)]
    commit(thing, "lapse", now=now, said={}, came_from=came_from, changed=changed)


def _cancel(move: Move) -> None:
    """It ends without a result; what was nominated waits for the next call."""
    thing = move.thing
    thing.reason, thing.ended_at = move.body.reason, move.now
    changed = ["reason", "ended_at", *deadlines.expect(thing, "", None, now=move.now)]
    move.done("cancel", changed=changed, said={"reason": thing.reason})


def _adopt(move: Move) -> None:
    """A department takes a promoted case over. Raises Conflict `adopted_already`."""
    thing = move.thing
    unit = permissions.unit_of(move.actor, thing.region)
    if Adoption.objects.filter(exemplar=thing, department_id=unit).exists():
        raise errors.Conflict(_("Your department has adopted it already."), code="adopted_already")
    check_nameless(move.body.text, case=thing.case, region=thing.region, now=move.now)
    made = Adoption.objects.create(
        exemplar=thing, department_id=unit, region=thing.region, text=move.body.text, at=move.now
    )
    move.done("adopt", changed=[], said={"unit": made.department.short_name, "text": made.text})


def _withdraw(move: Move) -> None:
    """Not while the vote runs. Raises Conflict `vote_runs`."""
    thing = move.thing
    if thing.competition is not None and thing.competition.state == CompetitionState.VOTING.value:
        raise errors.Conflict(_("The vote runs; nothing is withdrawn now."), code="vote_runs")
    thing.ended_at = move.now
    move.done("withdraw", changed=["ended_at"], said={"day": answers.local_date(move.now).isoformat()})


STEPS = {"open_vote": _open_vote, "vote": _vote, "cancel": _cancel}
EXEMPLAR_STEPS = {"adopt": _adopt, "withdraw": _withdraw}
