"""去标识: what a text tells, however it is written; and what it does not tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.casework.registers.rules import privacy, voting

FIRM = "澜川区宏达精密机械有限公司"
KNOWN = {"firms": [FIRM], "people": ["欧阳建国"], "places": ["澜川区", "某某市"]}
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{FIRM}的仓库", ["firm"]),
        ("宏达精密机械的仓库", ["firm"]),
        ("宏 达 精 密 机 械的仓库", ["firm"]),
        ("宏·达-精_密（机）械", ["firm"]),
        ("宏\u3000达精密机械", ["firm"]),
        ("欧阳 建国说", ["person"]),
        ("请找欧-阳-建-国", ["person"]),
        ("电话13800138000", ["phone"]),
        ("电话１３８００１３８０００", ["phone"]),
        ("电话 138 0013 8000", ["phone"]),
        ("电话138-0013-8000。", ["phone"]),
        ("电话一三八零零一三八零零零", ["phone"]),
        ("电话幺三八〇〇幺三八〇〇〇", ["phone"]),
        ("座机0576-82431234", ["phone"]),
        ("身份证33100419900307123X", ["id", "code"]),
        ("代码91330100799655058B", ["code"]),
        ("代码９１３３０１００７９９６５５０５８Ｂ", ["code"]),
        ("邮箱 lin @ example . com", ["email"]),
        ("见 BH-999901-2611-00001", ["case"]),
        ("见ｂｈ－999901－2611－00001", ["case"]),
        ("某企业仓库验收退了三次，2026年11月16日解决，用了12个工作日，涉及3个部门、5项材料。", []),
        ("补贴1,234,567元，共210户，比例98.6%", []),
        ("一是讲清，二是办快，三是回访，四是建制", []),
    ],
)
def test_what_a_text_tells(text, found):
    assert privacy.tells(text, **KNOWN) == found


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-", "　", "·", ". "]), st.booleans()
)
def test_no_way_of_writing_a_number_hides_it(number, between, wide):
    written = between.join(number.translate(WIDE) if wide else number)
    assert privacy.tells(f"请拨{written}联系") == ["phone"]


@given(
    st.sampled_from([FIRM, "宏达精密机械", "欧阳建国", "13800138000", "lin@example.com"]),
    st.sampled_from(["", " ", "·"]),
)
def test_what_was_masked_tells_nothing(word, between):
    text = f"企业{between.join(word)}反映问题"
    assert privacy.tells(privacy.masked(text, **KNOWN), **KNOWN) == []


@pytest.mark.parametrize(
    ("name", "core"),
    [(FIRM, "宏达精密机械"), ("澜川第1有限公司", "澜川第1"), ("某某市红星厂", "某某市红星"), ("海王有限公司", "海王")],
)
def test_what_people_call_a_firm(name, core):
    assert privacy.core(name, ["澜川区", "某某市"]) == core


@pytest.mark.parametrize(
    ("votes", "most", "least", "chosen"),
    [
        ({"a": 5, "b": 3, "c": 1}, 2, 1, "ab"),
        ({"a": 5, "b": 3, "c": 3}, 2, 1, "abc"),
        ({"a": 0, "b": 0}, 3, 1, ""),
        ({"a": 2, "b": 1}, 3, 2, "a"),
        ({}, 3, 1, ""),
    ],
)
def test_who_is_promoted(votes, most, least, chosen):
    assert voting.promoted(votes, most=most, least=least) == frozenset(chosen)
