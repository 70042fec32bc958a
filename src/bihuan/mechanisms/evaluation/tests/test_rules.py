"""Pure rules of evaluation: marks, links, draws, detectors."""

import datetime as dt
import math
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanisms.evaluation.rules import detecting, draws, links, marks, measured
from bihuan.mechanisms.evaluation.rules.detecting import Rating
from tools import false_alarms

NOW = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
IDENT = uuid.UUID("01a224a9-4b98-7000-832e-0f81c15e8799")


@pytest.mark.parametrize(
    ("levels", "bad"),
    [
        ({"plan": None, "process": 3, "result": 5}, {}),
        ({"plan": 2, "process": 3, "result": 5}, {"plan": 2}),
        ({"plan": 1, "process": 1, "result": 2}, {"plan": 1, "process": 1, "result": 2}),
    ],
)
def test_parts_rated_at_most_two_are_bad(levels, bad):
    assert marks.bad_parts(levels, bad=2) == bad


@pytest.mark.parametrize(
    ("consents", "could_be", "shared"),
    [(True, 0, "matter"), (True, 9, "matter"), (False, 5, "kind"), (False, 4, "nothing"), (False, 0, "nothing")],
)
def test_without_consent_one_hides_among_enough_or_is_not_shown(consents, could_be, shared):
    assert marks.shared_with_unit(consents=consents, could_be=could_be, least=5) == shared


@pytest.mark.parametrize(("to", "shown"), [("day", "2026-11-18"), ("week", "2026-11-16"), ("month", "2026-11")])
def test_times_are_coarsened(to, shown):
    assert marks.coarse(dt.date(2026, 11, 18), to=to) == shown


@given(st.integers(0, 2**32 - 1), st.text(max_size=80), st.integers(0, 72), st.sampled_from("0123456789abcdefg"))
def test_a_link_is_read_as_it_was_made_and_no_other_is(seconds, nonsense, place, sign):
    until = dt.datetime.fromtimestamp(seconds, dt.UTC)
    token = links.make(key="k", ident=IDENT, expires_at=until)
    assert links.read(key="k", token=token) == (IDENT, until)
    assert links.read(key="other", token=token) is None
    changed = token[:place] + sign + token[place + 1 :]
    assert (links.read(key="k", token=changed) is None) == (changed != token)
    assert links.read(key="k", token=nonsense) is None


_groups = st.dictionaries(
    st.text("ab", min_size=1, max_size=3), st.sets(st.text("0123456789", min_size=1), max_size=40)
)


@given(st.text(max_size=8), _groups, st.floats(0.05, 1))
def test_a_draw_takes_its_share_of_each_stratum_and_all_of_some(seed, groups, share):
    strata = {name: sorted(f"{name}{ticket}" for ticket in tickets) for name, tickets in groups.items()}
    whole = list(strata)[:1]
    drawn = set(draws.sample(seed=seed, strata=strata, whole=whole, share=share))
    assert drawn == set(draws.sample(seed=seed, strata=dict(reversed(strata.items())), whole=whole, share=share))
    for name, tickets in strata.items():
        count = len(drawn & set(tickets))
        assert count == (len(tickets) if name in whole else draws.size(len(tickets), share))
        assert count >= share * len(tickets) - 1e-6


@pytest.mark.parametrize(
    ("count", "share", "size"), [(0, 0.05, 0), (1, 0.05, 1), (20, 0.05, 1), (21, 0.05, 2), (9, 1, 9)]
)
def test_a_share_is_rounded_up(count, share, size):
    assert draws.size(count, share) == size


def test_every_ticket_has_the_same_chance():
    tickets = [str(number) for number in range(40)]
    counts = dict.fromkeys(tickets, 0)
    for seed in range(2000):
        for ticket in draws.sample(seed=str(seed), strata={"1": tickets}, whole=[], share=0.1):
            counts[ticket] += 1
    # 200 expected of each, standard deviation 13.4; six of them leave one run in a million.
    assert max(abs(count - 200) for count in counts.values()) < 80


def test_surprise_is_fishers_exact_test():
    hits = sum(math.comb(8, k) * math.comb(12, 6 - k) for k in range(4, 7)) / math.comb(20, 6)
    assert detecting.surprise(4, 8, 2, 12) == pytest.approx(hits)
    assert detecting.surprise(0, 8, 3, 12) == pytest.approx(1)


def test_the_rates_on_the_pages_are_those_of_the_simulation():
    again = false_alarms.measure(units=40, windows=3, seed=7)
    assert set(measured.FALSE_ALARMS) == set(again) == set(false_alarms.KINDS)
    for kind, rate in measured.FALSE_ALARMS.items():
        # 120 departments: three standard deviations around what is stated, and one more for the rare ones.
        assert abs(again[kind] - rate) * 120 <= 3 * (rate * 120) ** 0.5 + 1, kind


def rating(case, minutes, *, result=5, firm="", device="", unit="a", beside=False):
    at = NOW + dt.timedelta(minutes=minutes)
    return Rating(case=case, unit=unit, at=at, result=result, firm=firm or case, device=device, beside_staff=beside)


def test_praise_in_a_burst_is_noticed_once():
    crowd = [rating(str(number), number * 3) for number in range(6)]
    (found,) = detecting.bursts(crowd, least=4, within=dt.timedelta(minutes=20), same_device=False)
    assert (found.unit, found.evidence) == ("a", {"day": "2026-11-16", "firms": 6, "minutes": 15})
    calm = [rating(str(number), number * 10) for number in range(6)]
    same = [rating(str(number), number, firm="one") for number in range(6)]
    angry = [rating(str(number), number, result=1) for number in range(6)]
    spread = [rating(str(number), number, unit=str(number)) for number in range(6)]
    for others in (calm, same, angry, spread):
        assert detecting.bursts(others, least=4, within=dt.timedelta(minutes=20), same_device=False) == []


def test_one_device_for_many_enterprises_is_noticed():
    shared = [rating(str(number), number * 15, device="d") for number in range(3)]
    hour = dt.timedelta(minutes=60)
    assert len(detecting.bursts(shared, least=3, within=hour, same_device=True)) == 1
    own = [rating(str(number), number * 15, device=str(number)) for number in range(3)]
    unknown = [rating(str(number), number * 15) for number in range(3)]
    assert detecting.bursts(own + unknown, least=3, within=hour, same_device=True) == []


def test_a_rating_beside_staff_is_noticed():
    (found,) = detecting.own_device([rating("1", 0), rating("2", 0, beside=True)])
    assert (found.case, found.kind) == ("2", "own_device")


def test_template_answers_are_found_whatever_numbers_they_carry():
    same = [
        (str(n), "a", f"经研究，您反映的第{n}号问题已转相关科室办理，将于{n}日内答复，感谢支持。") for n in range(5)
    ]
    own = [
        (f"x{n}", "a", text)
        for n, text in enumerate(
            ("水压表已换，阀门井也清了，周三复测正常，请再试。", "道路开口已批，图纸在窗口，凭编号领取即可动工。")
        )
    ]
    short = [(f"y{n}", "a", "已办。") for n in range(9)]
    (found,) = detecting.templates(same + own + short, least=5, likeness=0.9, shortest=20)
    assert found.evidence == {"replies": 5, "of": 7, "cases": ["0", "1", "2", "3", "4"]}
    assert detecting.templates(same[:4] + own, least=5, likeness=0.9, shortest=20) == []


@pytest.mark.parametrize(("own", "noticed"), [(12, True), (2, False)])
def test_answers_just_before_the_limit_are_compared_with_others(own, noticed):
    shares = [("a", 0.99 if n < own else 0.5) for n in range(30)]
    shares += [("b", 0.985 if n < 6 else 0.4) for n in range(200)]
    found = detecting.last_minute(shares, from_=0.97, least=10, chance=0.001)
    assert [one.unit for one in found] == (["a"] if noticed else [])


def test_praise_that_comes_back_is_compared_with_others():
    matters = [("a", n < 7) for n in range(20)] + [("b", n < 6) for n in range(200)]
    (found,) = detecting.reopened_after_praise(matters, least=10, chance=0.001)
    assert (found.unit, found.evidence["hits"], found.evidence["of"]) == ("a", 7, 20)


@pytest.mark.parametrize(("glad", "noticed"), [(5, True), (17, False)])
def test_ratings_and_telephone_that_disagree_are_noticed(glad, noticed):
    words = [("a", False, n > 1) for n in range(60)] + [("a", True, n < glad) for n in range(20)]
    found = detecting.disagreement(words, least=10, gap=0.25, chance=0.001)
    assert len(found) == noticed
