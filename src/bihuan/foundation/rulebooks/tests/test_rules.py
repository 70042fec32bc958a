from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.rulebooks import rules

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=12,
)
MAPS = st.dictionaries(st.text("abc", min_size=1, max_size=2), VALUES, max_size=4)


class TestMerge:
    def test_maps_are_merged_at_every_depth(self):
        base = {"tiers": {"ordinary": {"due": "5wd", "sign_within": "4wh"}, "hard": {"due": "30wd"}}}
        place = {"tiers": {"ordinary": {"due": "3wd"}}}
        assert rules.merge(base, place) == {
            "tiers": {"ordinary": {"due": "3wd", "sign_within": "4wh"}, "hard": {"due": "30wd"}}
        }

    def test_lists_are_replaced(self):
        assert rules.merge({"lights": [1, 2, 3]}, {"lights": [4]}) == {"lights": [4]}

    def test_null_replaces(self):
        assert rules.merge({"a": {"b": 1}}, {"a": None}) == {"a": None}

    @given(MAPS)
    def test_nothing_over_something_changes_nothing(self, base):
        assert rules.merge(base, {}) == base
        assert rules.merge({}, base) == base
        assert rules.merge(base, base) == base

    @given(MAPS, MAPS)
    def test_the_place_wins_and_inputs_stay_as_they_were(self, base, place):
        before = rules.fingerprint(base), rules.fingerprint(place)
        merged = rules.merge(base, place)
        assert rules.merge(merged, place) == merged
        assert set(merged) == set(base) | set(place)
        assert (rules.fingerprint(base), rules.fingerprint(place)) == before


class TestDiff:
    def test_leaves_with_their_path(self):
        before = {"tiers": {"hard": {"due": "30wd"}}, "silence": {"after": "5wd"}}
        after = {"tiers": {"hard": {"due": "20wd"}}, "silence": {"after": "5wd"}, "callback": {"within": "3wd"}}
        assert rules.diff(before, after) == [
            ("callback", None, {"within": "3wd"}),
            ("tiers.hard.due", "30wd", "20wd"),
        ]

    def test_items_with_an_id_are_followed(self):
        before = {"lights": [{"id": "yellow", "at": 0.6}, {"id": "red", "at": 1}]}
        after = {"lights": [{"id": "yellow", "at": 0.5}, {"id": "red", "at": 1}, {"id": "black", "at": 2}]}
        assert rules.diff(before, after) == [
            ("lights.black", None, {"id": "black", "at": 2}),
            ("lights.yellow.at", 0.6, 0.5),
        ]

    def test_another_order_is_a_difference(self):
        before = {"lights": [{"id": "a"}, {"id": "b"}]}
        assert rules.diff(before, {"lights": [{"id": "b"}, {"id": "a"}]}) == [("lights", ["a", "b"], ["b", "a"])]

    @given(MAPS, MAPS)
    def test_empty_exactly_when_equal(self, before, after):
        assert (rules.diff(before, after) == []) == (rules.fingerprint(before) == rules.fingerprint(after))


class TestLineage:
    def test_goes_up_to_the_country(self):
        assert rules.lineage("330114001") == ("330114001", "330114", "330100", "330000", "000000")
        assert rules.lineage("330100") == ("330100", "330000", "000000")
        assert rules.lineage("000000") == ("000000",)
