"""The second wall: the database shows of refusals what the selectors show, to every role, and of votes nothing."""

import pytest

from bihuan.casework.cases.factories import DISTRICT, EVERYBODY, everybody
from bihuan.foundation.kernel import database
from bihuan.mechanisms.refusals import permissions, selectors, services
from bihuan.mechanisms.refusals.models import Note, Panelist, Proposal, Refusal, Seat, Vote
from bihuan.mechanisms.refusals.tests.conftest import HOUR, NOW


@pytest.fixture
def rows(court):
    """A refusal in the pool, one at acceptance, one whose panel votes, and a proposal."""
    court.refused("declined")
    court.refused(title="备选库里的一件")
    voting = court.until(court.refused(title="评议中的一件"), "voting")
    court.vote(voting, "can")
    given = {"region": DISTRICT, "title": "电费返还", "text": "无差别加收", "refusal_ids": [voting.id]}
    services.propose(**given, actor=court.organiser, now=NOW + HOUR)
    return court


@pytest.mark.parametrize("role", EVERYBODY)
def test_the_database_shows_exactly_what_the_selectors_show(rows, role):
    actor = everybody(rows, role)
    regions = actor.reader.regions_for(permissions.ORGANISING)
    with database.reading(actor.scope()):
        shown = set(Refusal.objects.values_list("id", flat=True))
        assert shown == set(selectors.seen(actor).values_list("id", flat=True))
        panelists = set(Panelist.objects.values_list("id", flat=True))
        assert panelists == set(Panelist.objects.filter(region__in=regions).values_list("id", flat=True))
        assert bool(panelists) == (DISTRICT in regions)
        assert not any(model.objects.exists() for model in (Note, Seat, Vote))
        proposals = set(Proposal.objects.values_list("id", flat=True))
    assert proposals == {one.id for one in selectors.proposals(actor=actor)}


def test_the_raiser_knows_of_a_review_and_not_of_the_pool(rows):
    with database.reading(rows.owner.scope()):
        assert list(Refusal.objects.values_list("state", flat=True)) == ["voting"]
