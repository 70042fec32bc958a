"""Numbers are taken once; a letter is received, answered and written off, and says the same for ever."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from bihuan.foundation.directory import factories as directory
from bihuan.foundation.documents import selectors, services
from bihuan.foundation.documents.models import Letter
from bihuan.foundation.kernel import database, errors, ids
from bihuan.foundation.kernel.database import Scope
from bihuan.foundation.ledger import selectors as ledger

NOW = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
DAY = dt.timedelta(days=1)
OFFICER = ids.uuid7()
DISTRICT = directory.DISTRICT


def draft(**given):
    words = {
        "kind": "supervision_order",
        "region": DISTRICT,
        "issuer": "supervision_office",
        "head": "澜川区人民政府督查室",
        "mark": "澜督办",
        "title": "关于限期办理的督办通知",
        "text": "请三日内办结。",
        "offices": (f"supervision_office:{DISTRICT}", f"leader:{DISTRICT}"),
        "addressee_name": "区住建局",
    }
    return services.Draft(**words | given)


def issue(now=NOW, **given):
    return services.issue(draft=draft(**given), actor_id=OFFICER, now=now)


def facts(letter):
    with database.writing():
        return [one.kind.removeprefix("documents.") for one in ledger.history(letter.id)]


@pytest.mark.django_db
class TestNumbers:
    def test_they_follow_one_another_for_each_series_and_year(self):
        assert [issue().number for _one in range(2)] == ["澜督办〔2026〕1号", "澜督办〔2026〕2号"]
        assert issue(mark="澜督函").serial == 1
        assert issue(now=NOW + 60 * DAY).number == "澜督办〔2027〕1号"
        assert issue(region="330114").serial == 1

    def test_the_year_is_the_local_one(self):
        eve = dt.datetime(2026, 12, 31, 16, 30, tzinfo=dt.UTC)
        assert issue(now=eve).year == 2027

    def test_another_office_may_not_write_under_the_same_mark(self):
        issue()
        with pytest.raises(errors.Conflict) as refused:
            issue(issuer="catch_all")
        assert refused.value.code == "series_taken"

    def test_what_fails_leaves_no_gap(self):
        issue()
        with pytest.raises(errors.NotFound), database.writing():
            services.receive(letter_id=(issue() and ids.uuid7()), actor_id=OFFICER, now=NOW)
        assert issue().serial == 2

    def test_the_database_refuses_a_number_twice_and_any_change_of_what_was_said(self):
        letter = issue()
        for change in ({"text": "另有要求"}, {"number": "x"}, {"title": "改"}):
            with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
                Letter.objects.filter(pk=letter.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
            Letter.objects.filter(pk=letter.pk).delete()
        letter.pk, letter._state.adding = ids.uuid7(), True
        with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
            letter.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_take_each_number_once_and_leave_no_gap():
    start = threading.Barrier(8)

    def take(place):
        try:
            start.wait(10)
            with database.writing():
                serial = issue().serial
                if place % 4 == 3:
                    raise RuntimeError
            return serial
        except RuntimeError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        took = list(pool.map(take, range(8)))
    assert sorted(one for one in took if one) == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db
class TestCourse:
    def test_received_answered_late_sent_back_answered_written_off_and_opened_again(self):
        letter = issue()
        services.receive(letter_id=letter.id, actor_id=OFFICER, now=NOW, reply_due_at=NOW + DAY)
        late = services.reply(letter_id=letter.id, text="已办", actor_id=OFFICER, now=NOW + 2 * DAY)
        assert (late.state, late.late) == ("replied", True)
        back = services.return_reply(
            letter_id=letter.id, text="没有依据", actor_id=OFFICER, now=NOW + 2 * DAY, reply_due_at=NOW + 4 * DAY
        )
        assert (back.state, back.returned, back.late) == ("received", 1, False)
        assert not services.reply(letter_id=letter.id, text="补了", actor_id=OFFICER, now=NOW + 3 * DAY).late
        done = services.write_off(letter_id=letter.id, text="已核", actor_id=OFFICER, now=NOW + 5 * DAY)
        assert (done.state, done.outcome, done.ended_at) == ("written_off", "已核", NOW + 5 * DAY)
        again = services.reopen(letter_id=letter.id, text="又发生", actor_id=OFFICER, now=NOW + 6 * DAY)
        assert (again.state, again.ended_at) == ("received", None)
        assert facts(letter) == [
            "letter_issued",
            "letter_received",
            "letter_replied",
            "reply_returned",
            "letter_replied",
            "letter_written_off",
            "letter_reopened",
        ]

    def test_a_step_out_of_order_is_refused_and_says_what_would_go(self):
        letter = issue()
        with pytest.raises(errors.Conflict) as refused:
            services.reply(letter_id=letter.id, text="x", actor_id=OFFICER, now=NOW)
        assert refused.value.extra["allowed_actions"] == selectors.actions(letter)
        with pytest.raises(errors.NotFound):
            services.receive(letter_id=ids.uuid7(), actor_id=OFFICER, now=NOW)

    def test_a_withdrawn_number_is_not_used_again(self):
        letter = issue()
        services.withdraw(letter_id=letter.id, text="错发", actor_id=OFFICER, now=NOW)
        assert issue().serial == 2


@pytest.mark.django_db
class TestSeveral:
    @pytest.fixture
    def units(self):
        directory.make_region()
        return {name: directory.make_department(name) for name in ("housing", "water", "tax")}

    def joint(self, units, **given):
        words = {
            "addressee": units["housing"],
            "addressee_name": "",
            "also": (units["water"], units["housing"]),
            "copies_to": (units["tax"], units["water"]),
            "copies": "区纪委监委",
        }
        return issue(**words | given)

    def test_each_signs_for_itself_and_with_the_last_it_is_received(self, units):
        letter = self.joint(units)
        assert letter.addressee_name == f"{units['housing'].name}、{units['water'].name}"
        assert letter.copies == f"{units['tax'].name}，区纪委监委"
        sign = {"letter_id": letter.id, "actor_id": OFFICER, "now": NOW}
        half = services.sign(department=units["water"], **sign)
        assert (half.state, half.unsigned) == ("issued", {units["housing"].pk})
        for wrong in ("water", "tax"):
            with pytest.raises(errors.Conflict) as refused:
                services.sign(department=units[wrong], **sign)
            assert refused.value.code == "signed_already"
        whole = services.sign(department=units["housing"], **sign)
        assert (whole.state, whole.unsigned) == ("received", frozenset())
        assert facts(letter) == ["letter_issued", "letter_signed", "letter_received"]

    def test_all_of_them_and_who_gets_a_copy_see_it_and_whom_it_went_to_stays(self, units):
        letter = self.joint(units)
        stranger = directory.make_department("culture")
        for unit in (*units.values(), stranger):
            with database.reading(Scope(kind="reader", departments=(str(unit.pk),))):
                assert Letter.objects.count() == (unit != stranger)
        for change in ({"also_ids": []}, {"copy_ids": []}):
            with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
                Letter.objects.filter(pk=letter.pk).update(**change)


@pytest.mark.django_db
class TestWall:
    def seen(self, **scope):
        with database.reading(Scope(kind="reader", **scope)):
            return Letter.objects.count()

    def test_only_its_offices_and_its_department_see_it(self):
        housing, tax = directory.make_department("housing"), directory.make_department("tax")
        letter = issue(addressee=housing, about=(thing := ids.uuid7()))
        assert self.seen(offices=(f"leader:{DISTRICT}",)) == 1
        assert self.seen(departments=(str(tax.id), str(housing.id))) == 1
        for scope in (
            {"offices": (f"discipline:{DISTRICT}", "leader:330114"), "regions": (DISTRICT,)},
            {"departments": (str(tax.id),)},
            {"person": str(OFFICER), "enterprises": (str(ids.uuid7()),), "boards": (f"{DISTRICT}:projects",)},
            {},
        ):
            assert self.seen(**scope) == 0
        mine = Scope(kind="reader", departments=(str(housing.id),))
        assert selectors.newest_about(thing=thing, scope=mine) == letter
        assert selectors.letters_about(things=[thing], scope=mine) == {thing: letter}
        assert selectors.newest_about(thing=thing, scope=Scope(kind="reader")) is None

    def test_it_prints_what_was_kept(self):
        letter = issue()
        assert selectors.sheet(letter).number == "澜督办〔2026〕1号"
        assert selectors.file(letter, "pdf") == selectors.file(letter, "pdf")
        assert selectors.file(letter, "docx")[:2] == b"PK"
