import contextlib
import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.directory import rules
from bihuan.foundation.directory.selectors import in_force
from bihuan.foundation.kernel import errors

VALID = ["91110000600037341L", "91330100799655058B", "91440300708461136T", "91330000747735638J", "121200004013590816"]


class TestUscc:
    @pytest.mark.parametrize("code", VALID)
    def test_real_codes_pass(self, code):
        assert rules.check_uscc(code) == code

    @pytest.mark.parametrize(
        "text",
        [
            "91330000747735638j",
            " 9133 0000 7477 3563 8J\n",
            "９１３３００００７４７７３５６３８ｊ",
            "91330000-747735638-J",
            "\u200b91330000747735638J",
        ],
    )
    def test_what_people_type_is_normalized(self, text):
        assert rules.check_uscc(text) == "91330000747735638J"

    @pytest.mark.parametrize("authority", ["N2", "A1", "Y1", "11", "92", "93"])
    def test_codes_may_begin_with_letters(self, authority):
        code = rules.compose_uscc(region="330114", serial=12345678, authority=authority)
        assert code.startswith(authority)
        assert rules.check_uscc(code) == code

    @pytest.mark.parametrize(
        ("text", "flaw"),
        [
            ("", "length"),
            ("9133000074773563", "length"),
            ("91330000747735638J9", "length"),
            ("9133000074773563OJ", "letter"),
            ("I1330000747735638J", "letter"),
            ("S1330000747735638J", "letter"),
            ("V1330000747735638J", "letter"),
            ("Z1330000747735638J", "letter"),
            ("91330000747735638企", "letter"),
            ("9133A000747735638J", "region"),
            ("91330000747735648J", "organisation_digit"),
            ("91330000747735637J", "organisation_digit"),
            ("91330000747735638K", "check_digit"),
            ("19330000747735638J", "check_digit"),
        ],
    )
    def test_what_is_wrong_is_said_precisely(self, text, flaw):
        with pytest.raises(errors.Invalid) as raised:
            rules.check_uscc(text)
        assert raised.value.code == "uscc_invalid"
        assert raised.value.extra == {"flaw": flaw}
        assert raised.value.field == "uscc"
        assert str(raised.value)

    def test_a_wrong_letter_names_its_place_and_what_is_meant(self):
        with pytest.raises(errors.Invalid, match=r"“O” at place 17 .* “0” is meant"):
            rules.check_uscc("9133000074773563OJ")

    @given(serial=st.integers(0, 10**8 - 1), authority=st.sampled_from(["91", "92", "N2", "A1", "12", "Y1"]))
    def test_composed_codes_are_valid(self, serial, authority):
        assert rules.uscc_flaw(rules.compose_uscc(region="999901", serial=serial, authority=authority)) is None

    @given(
        serial=st.integers(0, 10**8 - 1),
        place=st.integers(0, 17),
        other=st.sampled_from(rules.USCC_ALPHABET),
    )
    def test_one_wrong_character_never_passes(self, serial, place, other):
        code = rules.compose_uscc(region="330114", serial=serial)
        wrong = code[:place] + other + code[place + 1 :]
        assert (rules.uscc_flaw(wrong) is None) == (wrong == code)

    @given(serial=st.integers(0, 10**8 - 1), place=st.integers(0, 16))
    def test_two_swapped_neighbours_never_pass(self, serial, place):
        code = rules.compose_uscc(region="330114", serial=serial)
        wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert (rules.uscc_flaw(wrong) is None) == (wrong == code)

    @given(st.text(max_size=40))
    def test_any_text_is_answered_with_a_code_or_a_problem(self, text):
        with contextlib.suppress(errors.Invalid):
            assert rules.uscc_flaw(rules.check_uscc(text)) is None


class TestSize:
    @pytest.mark.parametrize(
        ("industry", "staff", "revenue", "assets", "size"),
        [
            ("C3484", 1000, 40000, None, "large"),
            ("C3484", 999, 40000, None, "medium"),
            ("C3484", 1000, 39999, None, "medium"),
            ("C3484", 300, 1999, None, "small"),
            ("C3484", 20, 299, None, "micro"),
            ("C3484", 1200, 200, None, "micro"),
            ("B", 300, 2000, None, "medium"),
            ("A01", None, 20000, None, "large"),
            ("A01", None, 49, None, "micro"),
            ("E47", None, 80000, 79999, "medium"),
            ("E47", None, 300, 299, "micro"),
            ("F5111", 20, 5000, None, "medium"),
            ("F52", 10, 100, None, "small"),
            ("G54", 1000, 30000, None, "large"),
            ("G5912", 100, 1000, None, "small"),
            ("G5930", 100, 1000, None, "medium"),
            ("G60", 300, 2000, None, "medium"),
            ("G53", 300, 2000, None, None),
            ("H62", 10, 100, None, "small"),
            ("I64", 100, 1000, None, "medium"),
            ("I65", 100, 1000, None, "medium"),
            ("I65", 10, 50, None, "small"),
            ("K7010", None, 1000, 5000, "medium"),
            ("K7020", 300, 1000, None, "medium"),
            ("K7030", 300, None, None, "large"),
            ("L72", 100, None, 8000, "medium"),
            ("M73", 10, None, None, "small"),
            ("Q85", 9, None, None, "micro"),
            ("Q84", 1000, 1000, 1000, None),
            ("J66", 1000, 1000, 1000, None),
            ("P83", 1000, 1000, 1000, None),
            ("", 1000, 1000, 1000, None),
            ("C3484", None, 40000, None, None),
            ("E47", 5000, 80000, None, None),
        ],
    )
    def test_table(self, industry, staff, revenue, assets, size):
        assert rules.size_class(industry=industry, figures=rules.Figures(staff, revenue, assets)) == size

    @given(
        sector=st.sampled_from(
            ["A", "C", "E", "F51", "F52", "G54", "G59", "H61", "I63", "I65", "K701", "K702", "L", "M"]
        ),
        figures=st.tuples(*[st.integers(0, 300000)] * 3),
        more=st.tuples(*[st.integers(0, 300000)] * 3),
    )
    def test_growing_never_makes_a_firm_smaller(self, sector, figures, more):
        order = ["micro", "small", "medium", "large"]
        before = rules.size_class(industry=sector, figures=rules.Figures(*figures))
        after = rules.size_class(
            industry=sector, figures=rules.Figures(*(a + b for a, b in zip(figures, more, strict=True)))
        )
        assert order.index(after) >= order.index(before)


class TestRegionCodes:
    @pytest.mark.parametrize(
        ("code", "level", "prefix", "above"),
        [
            ("330000", "province", "33", ()),
            ("330100", "city", "3301", ("330000",)),
            ("330114", "county", "330114", ("330100", "330000")),
            ("330114001", "town", "330114001", ("330114", "330100", "330000")),
        ],
    )
    def test_levels(self, code, level, prefix, above):
        assert rules.region_level(code) == level
        assert rules.region_prefix(code) == prefix
        assert rules.region_ancestors(code) == above
        assert all(rules.is_within(code, one) for one in (code, *above))

    @pytest.mark.parametrize("code", ["", "33", "3301", "33011", "3301140", "33011a", "003301", "３３０１１４"])
    def test_other_forms_are_no_codes(self, code):
        assert not rules.is_region_code(code)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("33", "330000"),
            ("3301", "330100"),
            ("330114", "330114"),
            ("３３０１１４", "330114"),
            ("330114001", "330114001"),
            ("330114001000", "330114001"),
            ("330114000000", "330114"),
            ("330000000000", "330000"),
        ],
    )
    def test_codes_of_statistics_files(self, text, code):
        assert rules.canonical_region(text) == code

    @pytest.mark.parametrize("text", ["", "1", "33011", "330114001001", "abc", "0033", "٣٣"])
    def test_nonsense_is_refused(self, text):
        with pytest.raises(errors.Invalid) as raised:
            rules.canonical_region(text)
        assert raised.value.code == "region_invalid"


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "expected"),
    [
        (None, None, True),
        ("2021-04-09", None, True),
        ("2021-04-10", None, False),
        (None, "2021-04-09", False),
        (None, "2021-04-10", True),
    ],
)
def test_in_force_includes_the_first_day_and_excludes_the_last(valid_from, valid_to, expected):
    class Thing:
        pass

    Thing.valid_from = valid_from and dt.date.fromisoformat(valid_from)
    Thing.valid_to = valid_to and dt.date.fromisoformat(valid_to)
    assert in_force(Thing, dt.date(2021, 4, 9)) is expected


def test_pinyin_sorts_as_a_dictionary_does():
    names = ["住建局", "发改局", "Abc 公司", "税务局", "安监局"]
    assert sorted(names, key=rules.sort_key) == ["Abc 公司", "安监局", "发改局", "税务局", "住建局"]
    assert rules.sort_key("重庆市") == "chong qing shi"


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=40))
def test_a_tree_without_circles_stays_without(moves):
    ids = [uuid.UUID(int=number + 1) for number in range(8)]
    parents = dict.fromkeys(ids)
    for child, parent in moves:
        if not rules.circle(child=ids[child], parent=ids[parent], parents=parents):
            parents[ids[child]] = ids[parent]
    for start in ids:
        path, above = [start], parents[start]
        while above is not None:
            assert above not in path
            path.append(above)
            above = parents[above]
