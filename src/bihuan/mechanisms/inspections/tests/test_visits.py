"""From the door to the rating: what happens on a visit, and who learns of it."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory import doors
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.inspections import selectors, services
from bihuan.mechanisms.inspections.models import Mark, Record
from bihuan.mechanisms.inspections.tests.conftest import DAY, TODAY


class TestVisit:
    def test_arrival_needs_the_code_of_this_door_on_this_day(self, bureau):
        check = bureau.approve(bureau.book())
        doors.register("test", {"ours": bureau.firm.id, "theirs": bureau.other_firm.id}.get)
        try:
            then = NOW + 3 * DAY
            with pytest.raises(errors.Conflict):
                bureau.take(check, "arrive", now=NOW, code="ours")
            for wrong in ({"code": "theirs"}, {"code": "forged"}, {}):
                with pytest.raises(errors.Invalid):
                    bureau.take(check, "arrive", now=then, **wrong)
            done = bureau.take(check, "arrive", now=then, code="ours")
        finally:
            doors.forget("test")
        assert (done.scanned, done.state) == (True, "arrived")
        assert done.due_at is not None

    def test_only_listed_items_are_reported_and_problems_become_records(self, bureau):
        check = bureau.approve(bureau.book())
        then = NOW + 3 * DAY
        bureau.take(check, "arrive", now=then, unscanned="没有码")
        good = {str(bureau.items["housing"].id): {"outcome": "ordered", "severity": "minor", "text": "缺一具"}}
        other = {str(bureau.items["water"].id): {"outcome": "fine"}}
        for wrong in (
            {},
            good | other,
            {key: {"outcome": "x"} for key in good},
            {key: {"outcome": "ordered"} for key in good},
        ):
            with pytest.raises(errors.Invalid):
                bureau.take(check, "report", now=then, text="完", results=wrong)
        done = bureau.take(check, "report", now=then, text="请整改", results=good)
        assert (done.state, done.due_at) == ("done", None)
        with database.writing():
            record = Record.objects.get(check_made=check)
        assert (record.severity, record.category, record.source) == ("minor", "fire", "check")
        assert bureau.told(bureau.owner, "check_report") == 1

    def test_what_could_not_wait_is_reviewed_by_somebody_else(self, bureau):
        check = bureau.made(kind="urgent", reason="有烟", on=TODAY)
        assert check.state == "to_review"
        assert bureau.told(bureau.justice, "to_review") == 1
        with pytest.raises(errors.Forbidden):
            bureau.take(check, "review", verdict="justified", text="x")
        with pytest.raises(errors.Invalid):
            bureau.take(check, "review", actor=bureau.justice, verdict="", text="x")
        done = bureau.take(check, "review", actor=bureau.justice, verdict="unjustified", text="可以等")
        assert (done.state, done.verdict) == ("done", "unjustified")

    def test_a_late_review_is_noted(self, bureau):
        check = bureau.made(kind="urgent", reason="有烟", on=TODAY)
        late = NOW + 20 * DAY
        with clock.at(late):
            cases.sweep(now=late)
        assert bureau.fresh(check).late_since is not None
        assert bureau.facts(check)[-1] == "check_late"

    def test_nobody_came(self, bureau):
        check = bureau.book()
        assert services.lapse(now=NOW + 8 * DAY) == 0
        assert services.lapse(now=NOW + 9 * DAY) == 1
        assert bureau.fresh(check).state == "lapsed"
        assert bureau.ask(now=NOW + 9 * DAY, on=TODAY + 9 * DAY) == []

    def test_it_is_called_off_by_whoever_leads_it(self, bureau):
        check = bureau.approve(bureau.book())
        bureau.join(check)
        with pytest.raises(errors.Forbidden):
            bureau.take(check, "call_off", actor=bureau.liaison("water"), text="x")
        assert bureau.take(check, "call_off", text="改期").state == "called_off"
        assert bureau.told(bureau.owner, "check_call_off") == 1


class TestRating:
    def test_a_rating_leads_to_nobody(self, bureau):
        check = bureau.made(on=TODAY)
        services.rate_check(check_id=check.id, level=2, reasons=["gifts", "x"], actor=bureau.owner, now=NOW + DAY)
        (mark,) = bureau.marks()
        assert (mark.level, mark.reasons, mark.month.day) == (2, ["gifts"], 1)
        assert {one.name for one in Mark._meta.fields} == {"id", "region", "department", "month", "level", "reasons"}
        kinds = [one["kind"] for one in selectors.trace(check, bureau.liaison())]
        assert "inspections.check_rated" not in kinds
        assert "inspections.check_rated" in [one["kind"] for one in selectors.trace(check, bureau.owner)]
        with pytest.raises(errors.Conflict) as caught:
            services.rate_check(check_id=check.id, level=5, reasons=[], actor=bureau.owner, now=NOW + DAY)
        assert caught.value.code == "rated"

    def test_only_the_enterprise_rates(self, bureau):
        check = bureau.made(on=TODAY)
        for actor in (bureau.liaison(), bureau.justice):
            with pytest.raises(errors.Forbidden):
                services.rate_check(check_id=check.id, level=5, reasons=[], actor=actor, now=NOW + DAY)
        with pytest.raises(errors.NotFound):
            services.rate_check(check_id=check.id, level=5, reasons=[], actor=bureau.stranger, now=NOW + DAY)
        with pytest.raises(errors.Invalid):
            services.rate_check(check_id=check.id, level=6, reasons=[], actor=bureau.owner, now=NOW + DAY)

    def test_means_are_of_settled_months_and_groups_large_enough(self, bureau):
        body = bureau.department("housing").id
        with database.writing():
            Mark.objects.bulk_create(
                Mark(id=uuid.uuid4(), region=DISTRICT, department_id=body, month=dt.date(2026, 11, 1), level=level)
                for level in (5, 4, 4, 3, 4)
            )
        assert selectors.marks(actor=bureau.justice, now=NOW) == []
        later = NOW + 20 * DAY
        assert selectors.marks(actor=bureau.justice, now=later) == [("housing 局", 5, 4.0)]
        assert selectors.marks(actor=bureau.liaison(), now=later) == [("housing 局", 5, 4.0)]
        assert selectors.marks(actor=bureau.liaison("water"), now=later) == []

    def test_a_rating_never_changes(self, bureau):
        check = bureau.made(on=TODAY)
        services.rate_check(check_id=check.id, level=2, reasons=[], actor=bureau.owner, now=NOW + DAY)
        with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
            Mark.objects.update(level=5)
