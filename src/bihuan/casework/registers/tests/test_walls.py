"""The second wall: the database shows of the registers what the selectors show to each role, and no ballot."""

import pytest

from bihuan.casework.cases.factories import EVERYBODY, everybody
from bihuan.casework.registers import permissions
from bihuan.casework.registers.models import Adoption, Ballot, Caution, Competition, Exemplar, Institution, Lesson
from bihuan.casework.registers.selectors import shelves
from bihuan.casework.registers.selectors.institutions import of_institutions
from bihuan.foundation.kernel import database


@pytest.fixture
def rows(house):
    """Drafts and what is in force, of each kind; a lesson that was taken out again."""
    closed = house.over(title="丙类仓库扩建，消防验收退回三次")
    house.kept(closed)
    house.draft(closed)
    house.warned(closed)
    house.warned(closed, circulated=False)
    house.written(closed)
    other = house.written(house.over(title="另一件"))
    house.take(other, "take_back", reason="写错了")
    contest = house.called()
    house.nominated("一张清单到底", actor=house.liaison("water"))
    house.take(contest, "open_vote")
    return house


@pytest.mark.parametrize("role", EVERYBODY)
def test_the_database_shows_what_the_selectors_show(rows, role):
    actor = everybody(rows, role)
    chosen = {
        Institution: of_institutions(actor),
        Caution: shelves.of_warnings(actor),
        Lesson: shelves.of_lessons(actor),
        Competition: shelves.of_competitions(actor),
        Exemplar: shelves.of_exemplars(actor),
    }
    with database.reading(actor.scope()):
        for model, found in chosen.items():
            shown = set(model.objects.values_list("id", flat=True))
            assert shown == set(found.values_list("id", flat=True)), (role, model)
        assert not Ballot.objects.exists()
        assert permissions.is_staff(actor) or not Adoption.objects.exists()
