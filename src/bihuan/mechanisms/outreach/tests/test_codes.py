"""Codes, scans, prompts, ratings and what follows bad ones: through the services, with bad input."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.outreach import exports, selectors, services
from bihuan.mechanisms.outreach.models import Prompt, Rating
from bihuan.mechanisms.outreach.services import Wanted
from bihuan.mechanisms.outreach.tests.conftest import LATER


def refused(code: str, call, *given, **named):
    with pytest.raises(errors.Problem) as problem:
        call(*given, **named)
    assert problem.value.code == code
    return problem.value


class TestIssuing:
    def test_many_at_once_and_their_sheets_in_one_file(self, hall):
        wanted = [Wanted(place=f"{number} 号窗口", department="housing") for number in range(1200)]
        found = hall.issue("window", *wanted)
        assert len({one.ident for one in found}) == 1200
        printed = selectors.to_print(actor=hall.centre, most=services.MOST)
        assert [one.place for one in printed] == [one.place for one in wanted]
        made = exports.printed(printed, address=lambda token: f"https://h.example/s/{token}/", a_page=8)
        assert (made[:5], made.count(b"/Type /Page\n")) == (b"%PDF-", 150)

    def test_one_wrong_line_puts_up_nothing(self, hall):
        good = Wanted(place="1 号窗口", department="housing")
        for bad in (Wanted(place="2 号窗口", department="none"), Wanted(department="housing"), Wanted(place="x" * 61)):
            problem = refused("code_line", hall.issue, "window", good, bad)
            assert problem.extra["line"] == 2
        refused("code_line", hall.issue, "card", Wanted(place="监督卡"))
        refused("code_line", hall.issue, "enterprise", Wanted(enterprise="91440300MA5FXXXX1X"))
        refused("codes_many", hall.issue, "window")
        assert selectors.codes_page(actor=hall.office)[0] == []

    def test_an_enterprise_keeps_the_code_it_has(self, hall):
        (first,) = hall.issue("enterprise", Wanted(enterprise=hall.firm.uscc))
        again, other = hall.issue(
            "enterprise", Wanted(enterprise=hall.firm.uscc), Wanted(enterprise=hall.other_firm.uscc)
        )
        assert (again.id, first.place) == (first.id, hall.firm.name)
        assert other.id != first.id
        hall.take(first, "revoke")
        (fresh,) = hall.issue("enterprise", Wanted(enterprise=hall.firm.uscc))
        assert fresh.id != first.id

    def test_only_those_who_watch_put_up_codes_in_their_region(self, hall):
        wanted = Wanted(place="1 号窗口", department="housing")
        for who in (hall.liaison(), hall.owner, hall.staff("seat"), hall.staff("leader")):
            refused("code_region", hall.issue, "window", wanted, actor=who)
        given = {"kind": "window", "wanted": [wanted], "actor": hall.centre, "now": NOW}
        refused("code_region", services.issue, region="110101", **given)

    def test_cards_are_handed_out_until_none_is_left(self, hall):
        (cards,) = hall.issue("card", Wanted(place="营商环境监督卡", cards=100))
        assert hall.take(cards, "hand_out", count="99", text="走访企业").handed_out == 99
        refused("cards_left", hall.take, cards, "hand_out", count="2")
        hall.take(cards, "hand_out", count=1)
        assert "hand_out" not in selectors.code_actions(selectors.find_code(cards.id, hall.office), hall.office)


class TestScanning:
    @pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t[:-1] + "!", lambda t: "p" + t[1:], lambda _t: ""])
    def test_a_forged_code_leads_nowhere_and_is_counted(self, hall, spoil):
        token = spoil(hall.token(hall.window()))
        for _one in range(services.rating.WRONG_CODES.times):
            refused("code_forged", services.open_code, token=token, address="192.0.2.9", now=NOW)
        with pytest.raises(errors.TooMany):
            services.open_code(token=token, address="192.0.2.9", now=NOW)

    def test_a_closed_window_and_a_revoked_code_say_so(self, hall):
        code = hall.window()
        token = hall.token(code)
        asked = hall.link(hall.ask(code))
        hall.take(code, "close_code", text="搬到二楼")
        refused("code_closed", hall.rate, token)
        refused("code_closed", hall.ask, code)
        assert hall.rate(asked, 4).level == 4
        hall.take(code, "open_again")
        assert hall.rate(token, 4).level == 4
        hall.take(code, "revoke", text="被覆盖张贴")
        refused("code_revoked", hall.rate, token)
        refused("state_forbids", hall.take, code, "open_again")

    def test_scans_are_counted_without_anybody(self, hall):
        code = hall.window()
        for day in (0, 0, 1):
            services.scan(code_id=code.id, region=code.region, now=NOW + dt.timedelta(days=day))
        assert hall.scans() == 3
        assert hall.facts(code) == ["code_issued"]


class TestRating:
    def test_a_rating_names_nobody_and_never_changes(self, hall):
        rating = hall.rate(hall.token(hall.window()), 5, words="很快")
        assert (rating.enterprise_id, rating.on) == (None, LATER.date())
        for change in (lambda rows: rows.update(level=1), lambda rows: rows.delete()):
            with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
                change(Rating.objects.all())

    @pytest.mark.parametrize("level", [0, 6, -1])
    def test_only_five_levels(self, hall, level):
        refused("invalid_body", hall.rate, hall.token(hall.window()), level)

    def test_a_link_rates_once_and_not_for_ever(self, hall):
        code = hall.window()
        asked = hall.ask(code)
        assert hall.ask(code).id == asked.id
        assert hall.told(hall.owner, "outreach.prompt") == 1
        hall.rate(hall.link(asked), 5)
        refused("link_used", hall.rate, hall.link(asked), 1)
        other = hall.ask(code, service="换证")
        refused("link_expired", hall.rate, hall.link(other), 5, now=NOW + dt.timedelta(days=40))

    def test_only_those_who_serve_there_ask(self, hall):
        code = hall.window()
        for who in (hall.liaison("water"), hall.owner):
            with pytest.raises(errors.Problem):
                hall.ask(code, actor=who)
        assert hall.ask(code, actor=hall.staff("seat")).people == 1
        with database.writing():
            assert Prompt.objects.count() == 1

    def test_whom_to_call_is_kept_only_where_somebody_has_to_be_called(self, hall):
        code = hall.window()
        good = hall.rate(hall.link(hall.ask(code)), 4)
        assert good.enterprise_id is None
        asked = hall.rate(hall.link(hall.ask(code, service="换证")), 1)
        assert asked.enterprise_id == hall.firm.id
        with database.writing():
            told = [str(fact.canonical) for fact in Fact.objects.all()]
        assert not any(str(hall.firm.id) in one or hall.firm.uscc in one for one in told)


class TestFollowing:
    def test_a_letter_goes_to_the_unit_and_is_answered(self, hall):
        letter = hall.bad()
        assert (letter.kind, hall.told(hall.office, "outreach.opened")) == ("letter", 1)
        sent = hall.take(letter, "send_letter", text="近期有群众反映多头跑动，请核实。")
        assert sent.number == f"TS-{DISTRICT}-2026-0001"
        assert hall.told(hall.liaison(), "outreach.send_letter") == 1
        refused("state_forbids", hall.take, letter, "send_letter")
        hall.take(letter, "answer_letter", actor=hall.liaison(), text="已合并窗口")
        hall.take(letter, "send_back", text="没有说明时限")
        hall.take(letter, "answer_letter", actor=hall.liaison(), text="11 月底前完成")
        assert hall.take(letter, "write_off").state == "done"
        assert exports.letter(sent, "pdf")[:5] == b"%PDF-"
        second = hall.take(hall.bad(hall.window("2 号")), "send_letter")
        assert second.number.endswith("-0002")

    def test_a_callback_is_possible_only_where_somebody_is_known(self, hall):
        known, unknown = hall.bad(asked=True), hall.bad(hall.window("2 号"))
        assert (known.kind, unknown.kind) == ("callback", "letter")
        refused("nobody_to_call", hall.take, unknown, "call")
        assert "call" not in selectors.follow_up_actions(unknown, hall.office)
        assert hall.take(known, "call", text="已当面道歉").state == "done"

    def test_who_was_rated_decides_nothing_in_whatever_office(self, hall):
        follow_up = hall.bad()
        with pytest.raises(errors.NotFound):
            hall.take(follow_up, "set_aside", actor=hall.liaison())
        hall.take(follow_up, "send_letter")
        with pytest.raises(errors.Forbidden):
            hall.take(follow_up, "write_off", actor=hall.liaison())
        with pytest.raises(errors.NotFound):
            hall.take(follow_up, "answer_letter", actor=hall.liaison("water"))

    def test_what_nobody_does_is_told_when_late(self, hall):
        follow_up = hall.bad()
        cases.sweep(now=NOW + dt.timedelta(days=9))
        assert hall.facts(follow_up)[-1] == "follow_late"

    def test_cards_of_nobody_remind_nobody(self, hall):
        (cards,) = hall.issue("card", Wanted(place="监督卡", cards=10))
        follow_up = hall.bad(cards)
        refused("nobody_to_remind", hall.take, follow_up, "send_letter")
        assert selectors.follow_up_actions(follow_up, hall.office) == ["set_aside"]
