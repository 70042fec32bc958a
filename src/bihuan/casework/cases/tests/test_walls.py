"""Two walls, one rule: what a reader's query selects is what row-level security lets through, for every role."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bihuan.casework.cases import factories, permissions, presenters, selectors
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case, Contact
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import database, errors, ids

pytestmark = pytest.mark.django_db

SEES = {
    Role.SEAT: {"new", "declined", "explained", "housing", "water", "other_firm", "anonymous", "observed"},
    Role.BOARD_HEAD: {"explained", "housing", "water"},
    Role.LIAISON: {"explained", "housing", "water"},
    Role.DEPARTMENT_HEAD: {"explained", "housing", "water"},
    Role.ENTERPRISE: {"new", "declined", "explained", "housing", "water"},
    Role.DEPUTY: {"declined", "explained"},
    Role.OBSERVER: {"observed"},
    Role.SPECIAL_SUPERVISOR: set(),
    Role.SYSTEM_ADMIN: set(),
    Role.SECURITY_ADMIN: set(),
    Role.AUDIT_ADMIN: set(),
}
WIDE = "coordinator catch_all leader supervision_office discipline justice_supervisor".split()
SEES |= dict.fromkeys(map(Role, WIDE), SEES[Role.SEAT])


@pytest.fixture(scope="module")
def inhabited(shared):
    """The district and, name → number, cases that lie differently to the roles; made once, nobody keeps a change."""
    district = factories.District()
    for role in Role:
        actor_of(district, role)
    return district, _population(district)


@pytest.fixture
def district(inhabited, db):
    return inhabited[0].twin()


@pytest.fixture
def population(inhabited):
    return inhabited[1]


def _population(district):
    observer = district.staff("observer")
    numbers = {
        "new": district.raised().number,
        "declined": district.case("decline").number,
        "housing": district.case("accept", "dispatch").number,
        "water": district.case("accept").number,
        "other_firm": district.raised(enterprise=district.other_firm.uscc, actor=Actor()).number,
        "anonymous": district.raised(enterprise=None, anonymous=True, actor=Actor()).number,
        "observed": district.raised(
            enterprise=None, anonymous=True, channel="observation_point", actor=observer
        ).number,
    }
    district.act(numbers["water"], "dispatch", now=NOW, lead="water", co=["housing"])
    explained = district.case("accept", "dispatch", "sign").number
    district.act(explained, "reply", now=NOW, kind="explained")
    district.act(explained, "verify_close", now=NOW)
    numbers["explained"] = explained
    return numbers


def actor_of(district, role):
    offices = {
        Role.LIAISON: lambda: district.liaison(),
        Role.DEPARTMENT_HEAD: lambda: district.liaison(role="department_head"),
        Role.ENTERPRISE: lambda: district.owner,
        Role.BOARD_HEAD: lambda: district.person("head", "board_head", board="projects"),
    }
    return offices.get(role, lambda: district.staff(role.value))()


@pytest.mark.parametrize("role", list(Role))
def test_both_walls_say_the_same(district, population, role):
    actor = actor_of(district, role)
    names = {number: name for name, number in population.items()}
    with database.reading(actor.scope()):
        by_rule = {
            names[one] for one in Case.objects.filter(permissions.visible(actor)).values_list("number", flat=True)
        }
        by_database = {names[one] for one in Case.objects.values_list("number", flat=True)}
    assert by_rule == by_database == SEES[role]


@pytest.mark.parametrize("role", list(Role))
def test_list_counts_search_and_detail_agree(district, population, role):
    actor = actor_of(district, role)
    names = {number: name for name, number in population.items()}
    rows, _next = selectors.page(actor=actor, filters=selectors.Filters(), now=NOW)
    assert {names[row.number] for row in rows} == SEES[role]
    found, _next = selectors.page(actor=actor, filters=selectors.Filters(q="消防验收"), now=NOW)
    assert {names[row.number] for row in found} == SEES[role]
    still_open = {row.number for row in rows if row.state not in ("declined", "closed", "merged", "archived")}
    assert selectors.counts(actor=actor, now=NOW)["total"] == len(still_open)
    for name, number in population.items():
        if name in SEES[role]:
            assert selectors.dossier(number=number, actor=actor, now=NOW).case.number == number
        else:
            with pytest.raises(errors.NotFound):
                selectors.dossier(number=number, actor=actor, now=NOW)


def test_nobody_and_no_scope_see_nothing(population):
    assert Case.objects.count() == 0
    assert selectors.page(actor=Actor(), filters=selectors.Filters(), now=NOW)[0] == []
    with database.reading(Actor().scope()):
        assert Case.objects.count() == 0


def test_parts_of_a_case_stand_behind_the_same_wall(district):
    from bihuan.casework.cases.services import Contact as Reach

    district.raised(contact=Reach(name="王五", phone="13600000917"))
    with database.reading(district.stranger.scope()):
        assert Contact.objects.count() == 0
    with database.reading(district.owner.scope()):
        assert Contact.objects.count() == 1


def test_a_reader_cannot_write(district, population):
    actor = district.staff("coordinator")
    with database.reading(actor.scope()), pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.create(
            region=DISTRICT,
            number="X-1",
            title="x",
            description="x",
            channel="web",
            raised_at=NOW,
            due_at=NOW,
            original_due_at=NOW,
            rulebook_version=Case.objects.values_list("rulebook_version", flat=True)[0],
        )


def test_the_region_never_changes(district, population):
    change = "update cases_case set region = '330114' where number = %s"
    with database.writing(), pytest.raises(DatabaseError, match="region"), transaction.atomic():
        connection.cursor().execute(change, [population["new"]])


def test_the_follow_up_code_opens_one_case_only(district, population):
    with database.writing():
        wanted = Case.objects.get(number=population["anonymous"])
    holder = Actor(holds=wanted.id)
    rows, _next = selectors.page(actor=holder, filters=selectors.Filters(), now=NOW)
    assert [row.number for row in rows] == [wanted.number]
    with database.reading(holder.scope()):
        assert Case.objects.count() == 1


# An index that may be asked for the words is then asked, however few rows there are. Plans kept from before are not.
_INDEX_IF_ALLOWED = "discard plans; set local enable_seqscan = off; set local enable_indexscan = off"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LIAISON, Role.ENTERPRISE])
def test_search_looks_into_its_index_behind_the_wall(district, population, role):
    actor = actor_of(district, role)
    with database.reading(actor.scope()), connection.cursor() as cursor:
        cursor.execute(_INDEX_IF_ALLOWED)
        looked = "select pg_stat_get_xact_numscans('case_search'::regclass)"
        before = database.fetch(looked)
        assert selectors.page(actor=actor, filters=selectors.Filters(q="验收"), now=NOW)[0]
        assert database.fetch(looked) > before


def test_the_plan_of_the_search_asks_no_policy(population):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("grant bihuan_search to current_user")
        cursor.execute(f"set local role bihuan_search; {_INDEX_IF_ALLOWED}")
        cursor.execute("explain select id from cases_case where search @@ %s::tsquery", ["验收"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
        transaction.set_rollback(True)
    assert "Bitmap Index Scan on case_search" in plan
    assert "Filter" not in plan


def test_the_role_of_the_search_can_do_nothing_else(population):
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolname, prosecdef, rolsuper or rolbypassrls or rolcanlogin,"
            " has_schema_privilege(r.oid, 'public', 'create'),"
            " has_column_privilege(r.oid, 'cases_case', 'title', 'select'),"
            " pg_has_role(r.oid, 'usage')"
            " from pg_proc join pg_roles r on r.oid = proowner where proname = 'cases_search'"
        )
        assert cursor.fetchall() == [("bihuan_search", True, False, False, False, False)]


def test_counts_have_an_end_and_say_so(district, population):
    actor = district.liaison()
    whole = selectors.counts(actor=actor, now=NOW)
    assert (whole["total"], whole["capped"]) == (2, False)
    cut = selectors.counts(actor=actor, now=NOW, most=1)
    assert (cut["total"], cut["capped"]) == (1, True)
    assert presenters.at_least(cut["total"], cut) == "1+"
    assert presenters.at_least(2, whole) == 2
    counted = selectors.counts(actor=district.staff("coordinator"), now=NOW, most=2)
    assert (counted["total"], counted["capped"]) == (2, True)


def test_counts_ask_for_no_more_rows_than_they_count(district):
    for actor in (district.staff("coordinator"), district.liaison()):
        with CaptureQueriesContext(connection) as asked:
            selectors.counts(actor=actor, now=NOW, most=2)
        (counting,) = [one["sql"] for one in asked.captured_queries if "group by" in one["sql"]]
        # Two, and one more to know whether there are more: from each rule of visibility, and of all of them together.
        unions = counting.count(" union ")
        assert counting.count("limit 3") == (unions + 2 if unions else 1)


def test_a_department_finds_what_it_helps_with_in_whatever_place_of_the_list_and_once(district, population):
    water, housing = district.department("water").id, district.department("housing").id
    number, liaison = population["housing"], district.liaison("water")
    for place in range(permissions.HELPERS + 2):
        others = [ids.uuid7() for _other in range(permissions.HELPERS + 2)]
        with database.writing():
            Case.objects.filter(number=number).update(co_department_ids=[*others[:place], water, *others[place + 1 :]])
        rows, _next = selectors.page(actor=liaison, filters=selectors.Filters(sort="due"), now=NOW)
        assert [row.number for row in rows].count(number) == 1, place
    with database.writing():
        Case.objects.filter(number=number).update(co_department_ids=[housing, water, *others])
    rows, _next = selectors.page(actor=district.liaison(), filters=selectors.Filters(), now=NOW)
    assert [row.number for row in rows].count(number) == 1
