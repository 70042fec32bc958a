"""Rows of a catalogue, recognizing matters, combining catalogue and model, and who may not be given what."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanisms.dispatch.rules import catalogue, proposals, routing

ROW = {"事项": "企业用电报装", "识别词": "用电、变压器，增容", "主办": "供电公司", "依据": "供电营业规则"}


def test_a_row_in_chinese_headings():
    where = catalogue.headings(ROW)
    draft = catalogue.read_row(
        ROW | {"层级": "复杂", "办理层级": "区级", "协办": "区发改局、 区住建局"},
        where | {"tier": "层级", "level": "办理层级", "co": "协办"},
    )
    assert (draft.words, draft.tier, draft.level) == (("用电", "变压器", "增容"), "complex", "county")
    assert draft.co == ("区发改局", "区住建局")
    # Without words of its own, a matter is recognized by its name.
    assert catalogue.read_row(ROW | {"识别词": ""}, where).words == ("企业用电报装",)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"依据": " "}, "basis", "required"),
        ({"主办": ""}, "lead", "required"),
        ({"事项": "长" * 201}, "matter", "too_long"),
        ({"层级": "特急"}, "tier", "tier_unknown"),
        ({"办理层级": "国家"}, "level", "level_unknown"),
    ],
)
def test_a_wrong_row_says_where(change, field, code):
    cells = ROW | change
    with pytest.raises(catalogue.RowWrong) as wrong:
        catalogue.read_row(cells, catalogue.headings(cells))
    assert (wrong.value.field, wrong.value.code) == (field, code)


def test_a_missing_column_is_named():
    with pytest.raises(catalogue.RowWrong) as wrong:
        catalogue.headings(["事项", "依据"])
    assert (wrong.value.field, wrong.value.code) == ("lead", "column_missing")


@pytest.mark.parametrize(("one", "other"), [("企业用电报装", " 企业 用电报装。"), ("ABC 许可", "abc许可")])
def test_the_same_matter_however_it_is_written(one, other):
    assert catalogue.same_matter(one) == catalogue.same_matter(other)


@dataclass(frozen=True)
class Known:
    name: str
    words: tuple[str, ...]


POWER, WATER, BOTH = Known("power", ("用电", "变压器")), Known("water", ("自来水", "水压")), Known("both", ("水压",))


@pytest.mark.parametrize(
    ("entries", "title", "body", "found"),
    [
        ((POWER, WATER), "厂里用电不够", "", "power"),
        ((POWER, WATER), "想咨询", "变压器坏了，用电停了，水压正常", None),
        ((POWER, WATER), "想咨询", "变压器坏了三天，用电停了，加装一台变压器要多久", None),
        ((POWER, WATER), "变压器", "自来水水压", "power"),
        ((WATER, BOTH), "水压低", "", None),
        ((WATER, BOTH), "水压低", "自来水", "water"),
        ((POWER,), "别的事", "没有关系", None),
        ((), "用电", "用电", None),
    ],
)
def test_recognizing(entries, title, body, found):
    match = catalogue.recognize(entries, title=title, body=body)
    assert (match.entry.name if match else None) == found


def test_the_catalogue_goes_first_and_the_model_fills_what_it_leaves_open():
    found = proposals.combine(
        catalogue={"lead": "power", "board": "", "co": []},
        sure=0.8,
        model={"lead": ("tax", 0.99), "board": ("law", 0.7), "tier": ("hard", 0.4), "co": ("power,tax", 0.9)},
        least={"board": 0.5, "tier": 0.5, "lead": 0.5, "co": 0.6},
    )
    assert {name: (one.value, one.source) for name, one in found.items()} == {
        "lead": ("power", "catalogue"),
        "board": ("law", "model"),
        "co": (["tax"], "model"),
    }
    assert proposals.confidence(found) == 0.7
    assert proposals.confidence({}) == 0.0


@given(used=st.integers(0, 500), overruled=st.integers(0, 500))
def test_trust_falls_with_every_overruling(used, overruled):
    overruled = min(used, overruled)
    trust = proposals.trust(used=used, overruled=overruled)
    assert 0 < trust <= 1
    if overruled:
        assert trust < proposals.trust(used=used, overruled=overruled - 1)


@given(st.lists(st.sampled_from(["a", "b", "c"]), unique=True))
def test_labels_of_co_departments_can_be_read_back(co):
    assert proposals.co_of(proposals.label_of(co)) == sorted(co)


def test_only_what_was_proposed_and_decided_is_compared():
    proposed = {"lead": "tax", "co": ["b", "a"], "tier": "", "board": "law"}
    decided = {"lead": "water", "co": ["a", "b"], "tier": "hard"}
    assert proposals.compare(proposed, decided) == {"lead": False, "co": True}


@pytest.mark.parametrize(
    ("chain", "heir"),
    [({}, "a"), ({"a": "b"}, "b"), ({"a": "b", "b": "c"}, "c"), ({"a": None}, None), ({"a": "b", "b": "a"}, None)],
)
def test_whoever_took_over_in_the_end(chain, heir):
    assert proposals.heir("a", successor_of=chain.get, in_force=lambda one: one not in chain) == heir


BELONGS = routing.Belongs(lead="bureau1", lead_kind="bureau", co={"town9"}, barred={"bureau2"}, level="county")


@pytest.mark.parametrize(
    ("unit", "kind", "level", "why"),
    [
        ("bureau1", "bureau", "county", None),
        ("bureau2", "bureau", "county", "named"),
        ("bureau3", "bureau", "county", None),
        ("town1", "town", "county", "pushed_down"),
        ("town1", "town", "", "pushed_down"),
        ("town1", "town", "town", None),
        ("town9", "town", "county", None),
    ],
)
def test_nothing_of_a_department_is_pushed_down(unit, kind, level, why):
    belongs = routing.Belongs(**{**BELONGS.__dict__, "level": level})
    assert routing.why_not(belongs, unit=unit, kind=kind, never_down_to=("town",)) == why
    if why == "pushed_down":
        assert routing.why_not(belongs, unit=unit, kind=kind, never_down_to=()) is None
