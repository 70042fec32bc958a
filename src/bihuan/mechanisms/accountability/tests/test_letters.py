"""The letters of an inquiry: the application to the office, and the notice to all units concerned."""

import pytest

from bihuan.foundation.documents.models import Letter
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.accountability import exports, selectors
from bihuan.mechanisms.accountability.tests.conftest import HOUR, NOW

LATER = NOW + 3 * HOUR


def letters(inquiry):
    with database.writing():
        return {one.kind: one for one in Letter.objects.filter(about=inquiry.id).order_by("id")}


def opened(inquiry, kind, actor):
    return exports.content(inquiry_id=inquiry.id, kind=kind, form="docx", actor=actor, now=LATER)


def test_the_application_is_a_letter_to_the_office_and_closed_with_its_answer(bench):
    inquiry = bench.applied()
    (letter,) = letters(inquiry).values()
    assert (letter.kind, letter.number, letter.state) == ("inquiry_request", "企服问申〔2026〕1号", "issued")
    assert letter.addressee_name.endswith("模拟问责工作领导小组办公室")
    assert bench.department("housing").name in letter.text
    bench.take(inquiry, "take_on")
    assert letters(inquiry)["inquiry_request"].state == "written_off"
    assert opened(inquiry, "inquiry_request", bench.office)[:2] == b"PK"
    with pytest.raises(errors.NotFound):
        opened(inquiry, "inquiry_request", bench.liaison())


def test_the_notice_goes_to_all_units_and_keeps_step_with_the_inquiry(bench):
    inquiry = bench.applied()
    bench.take(inquiry, "take_on")
    bench.take(inquiry, "split")
    bench.take(inquiry, "split", unit="water")
    bench.take(inquiry, "find", outcome="warned")
    letter = letters(inquiry)["inquiry_notice"]
    names = [bench.department(code).name for code in ("housing", "water")]
    assert (letter.addressee_name, letter.state) == ("、".join(names), "issued")
    assert letter.reply_due_at == bench.again(inquiry).rectified_due
    assert "5个工作日内书面呈报整改情况" in letter.text
    assert "不对任何个人作出认定" in letter.text
    for unit in ("housing", "water"):
        assert opened(inquiry, "inquiry_notice", bench.liaison(unit))[:2] == b"PK"
    with pytest.raises(errors.NotFound):
        opened(inquiry, "inquiry_notice", bench.liaison("tax"))
    bench.take(inquiry, "rectify")
    assert letters(inquiry)["inquiry_notice"].state == "replied"
    bench.take(inquiry, "return_report")
    assert (letters(inquiry)["inquiry_notice"].state, letters(inquiry)["inquiry_notice"].returned) == ("received", 1)
    bench.take(inquiry, "rectify")
    bench.take(inquiry, "visit", done=True)
    bench.take(inquiry, "write_off")
    assert letters(inquiry)["inquiry_notice"].state == "written_off"


def test_a_notice_that_nothing_failed_asks_for_nothing(bench):
    inquiry = bench.applied()
    bench.take(inquiry, "take_on")
    bench.take(inquiry, "find", outcome="cleared")
    letter = letters(inquiry)["inquiry_notice"]
    assert (letter.state, letter.reply_due_at) == ("written_off", None)
    assert "工作日" not in letter.text


def test_the_page_offers_the_letters_that_its_reader_may_open(bench):
    inquiry = bench.until("found")
    with clock.at(LATER):
        for actor, kinds in (
            (bench.office, {"inquiry_request", "inquiry_notice"}),
            (bench.liaison(), {"inquiry_notice"}),
        ):
            found = selectors.dossier(inquiry_id=inquiry.id, actor=actor, now=LATER)
            assert set(exports.letters_of(found, actor)) == kinds
