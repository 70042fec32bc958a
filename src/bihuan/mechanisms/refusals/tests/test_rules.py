"""Pure rules: reading texts, excluding the involved, drawing, sealing, counting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanisms.refusals.rules import judging, reading

PEOPLE = [
    judging.Person(id="a", group="deputy"),
    judging.Person(id="b", group="deputy", departments=frozenset({"unit"})),
    judging.Person(id="c", group="expert", departments=frozenset({"above"})),
    judging.Person(id="d", group="enterprise", enterprises=frozenset({"firm"})),
    judging.Person(id="e", group="leader"),
    judging.Person(id="f", group="deputy"),
]
SIDES = judging.Sides(unit="unit", above=frozenset({"above"}), enterprise="firm", persons=frozenset({"e"}), raiser="f")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("经研究，该补贴没有政策依据，暂时无法办理，敬请谅解。", "no"),
        ("您的建议已收悉，我们将认真研究论证，待条件成熟后逐步推进。", "evade"),
        ("该事项不属于我局职责范围，建议您向区水务局咨询。", "push"),
        ("已转交相关部门处理。", "push"),
        ("经现场核查，证照已于11月2日办结并送达，下一步将加大巡查力度。", ""),
        ("请携带营业执照、申请表到窗口办理，材料齐全的当日办结。", ""),
    ],
)
def test_what_an_answer_says(text, kind):
    assert reading.read(text).kind == kind


@given(st.text(alphabet="不能无法办理请向局咨询研究已完成整改。，暂时", max_size=80))
def test_evidence_lies_in_the_text_and_the_share_is_a_share(text):
    read = reading.read(text)
    assert 0 < read.share < 1
    assert all(0 <= one.start < one.end <= len(text) and one.kind in reading.KINDS for one in read.evidence)
    assert bool(read.kind) <= (read.share >= reading.THRESHOLD)


def test_whoever_is_involved_does_not_judge():
    found = {one.id: judging.conflict(one, SIDES) for one in PEOPLE}
    assert found == {
        "a": "",
        "b": "of_the_unit",
        "c": "above_the_unit",
        "d": "of_the_enterprise",
        "e": "refused_it",
        "f": "of_the_enterprise",
    }


@given(st.integers(0, 30), st.integers(0, 5), st.text(max_size=8), st.integers(0, 30))
def test_a_draw_is_fair_and_can_be_repeated(size, count, seed, involved):
    pool = [
        judging.Person(id=str(n), group="deputy", departments=frozenset({"unit"} if n < involved else ()))
        for n in range(size)
    ]
    drawn = judging.draw(pool=pool, sides=SIDES, quotas={"deputy": count}, seed=seed)
    assert drawn == judging.draw(pool=pool[::-1], sides=SIDES, quotas={"deputy": count}, seed=seed)
    seated, out = {person for person, _g in drawn.seats}, {person for person, _why in drawn.excluded}
    reserve = {person for person, _g in drawn.reserve}
    assert seated | reserve | out == {one.id for one in pool}
    assert not seated & out
    assert not seated & reserve
    assert len(seated) + sum(number for _g, number in drawn.missing) == count


@pytest.mark.parametrize(
    ("votes", "result"),
    [
        (["can", "can", "should"], "can"),
        (["can", "should"], ""),
        (["cannot", "cannot", "can", "should"], ""),
        (["cannot"], "cannot"),
        ([], ""),
    ],
)
def test_the_joint_result_needs_more_than_half(votes, result):
    assert judging.tally(votes) == result


@given(st.lists(st.text(max_size=6), min_size=4, max_size=4), st.lists(st.text(max_size=6), min_size=4, max_size=4))
def test_another_vote_has_another_seal(one, other):
    names = ("salt", "person", "outcome", "reason")
    if any("\n" in part for part in one + other) or one == other:
        return
    assert judging.sealed(**dict(zip(names, one, strict=True))) != judging.sealed(
        **dict(zip(names, other, strict=True))
    )


def test_scores_stay_between_one_and_five():
    low = judging.scores(alike=0, units=1, causes=["declined"], urgent=False, repeated=0)
    high = judging.scores(alike=99, units=9, causes=judging.OUTCOMES * 2, urgent=True, repeated=99)
    assert low == {"importance": 2, "soundness": 2, "typicality": 1}
    assert set(high.values()) == {5}
    assert judging.common({"a": 3, "b": 2, "c": 9}, least=3) == ["c", "a"]
