import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.accounts import roles, rules
from bihuan.foundation.accounts.roles import Role


def test_the_roles_are_those_promised_to_the_outside():
    promised = """enterprise seat coordinator catch_all liaison department_head board_head leader supervision_office
    discipline justice_supervisor deputy observer special_supervisor system_admin security_admin audit_admin"""
    assert [role.value for role in Role] == promised.split()
    assert set(roles.NAMES) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_an_appointment_names_exactly_what_its_role_needs(role):
    needed = {
        "department": role in {"liaison", "department_head"},
        "board": role == "board_head",
        "enterprise": role == "enterprise",
    }
    for department, board, enterprise in itertools.product([False, True], repeat=3):
        given_ = {"department": department, "board": board, "enterprise": enterprise}
        flaw = rules.appointment_flaw(role, **given_)
        assert (flaw is None) == (given_ == needed)
        if flaw:
            assert given_[flaw[0]] != needed[flaw[0]]


def test_unknown_roles_are_no_roles():
    assert rules.appointment_flaw("superuser", department=False, board=False, enterprise=False)[0] == "role"


@pytest.mark.parametrize(
    ("role", "held", "rival"),
    [
        ("system_admin", [], None),
        ("system_admin", ["system_admin"], None),
        ("system_admin", ["security_admin"], "security_admin"),
        ("security_admin", ["seat", "audit_admin"], "audit_admin"),
        ("audit_admin", ["system_admin"], "system_admin"),
        ("seat", ["system_admin"], None),
        ("audit_admin", ["seat", "leader"], None),
    ],
)
def test_three_administrators(role, held, rival):
    assert rules.rival_administration(role, held) == rival


@given(st.permutations(sorted(roles.ADMINISTRATORS)))
def test_whatever_the_order_one_person_ends_with_one_administration(order):
    held = []
    for role in order:
        if rules.rival_administration(role, held) is None:
            held.append(role)
    assert len(held) == 1


@pytest.mark.parametrize("role", Role)
def test_who_needs_a_second_factor(role):
    strong = {"system_admin", "security_admin", "audit_admin", "discipline"}
    assert rules.needs_second_factor([role]) == (role in strong)


@pytest.mark.parametrize(
    ("text", "name"),
    [(" Li.Hua ", "li.hua"), ("ＬＩ", "li"), ("李华", "李华"), ("a@b.cn", "a@b.cn"), ("\u202eab", "ab")],
)
def test_usernames_are_normalized(text, name):
    assert rules.normalize_username(text) == name
    assert rules.is_username(name)


@pytest.mark.parametrize("name", ["", "a", "a b", "-ab", "_ab", "a/b", "a" * 65, "a\nb", "a,b", "a:b", "ß0", "ı0"])
def test_what_is_no_username(name):
    assert not rules.is_username(name)


@given(st.text(max_size=80))
def test_normalizing_is_stable(text):
    once = rules.normalize_username(text)
    assert not rules.is_username(once) or rules.normalize_username(once) == once


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("aaaaaaaaaa", False),
        ("aaaaa11111", False),
        ("Aaaaa11111", True),
        ("aaaa-11111", True),
        ("一二三四五六", False),
        ("correct horse battery", True),
        ("aaaaaaaaaaaaaaa", False),
    ],
)
def test_passwords_are_mixed_or_long(password, good):
    assert (rules.password_flaw(password) is None) is good


@given(st.text(max_size=60))
def test_nonsense_is_no_token(text):
    assert not rules.is_token(text)


@pytest.mark.parametrize("text", ["bh_" + "a" * 43, "bh_" + "A-_9" + "z" * 39])
def test_the_form_of_a_token(text):
    assert rules.is_token(text)
    assert not rules.is_token(text + "a")
    assert not rules.is_token(text + "\n")
    assert len(rules.token_digest(text)) == 64
