import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.ui import masking


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "13600000917", "136****0917"),
        ("phone", "+86 136-0000-0917", "861****0917"),
        ("phone", "12345", "****45"),
        ("name", "沈知遥", "沈**"),
        ("name", "", ""),
        ("email", "someone@example.org", "s***@example.org"),
        ("email", "nothing", "****"),
        ("id", "330000199001010011", "330******11"),
        ("id", "123", "******"),
    ],
)
def test_masks(kind, value, shown):
    assert masking.MASKS[kind](value) == shown


@given(digits=st.text("0123456789", min_size=8, max_size=20))
def test_a_telephone_number_cannot_be_read_back(digits):
    assert digits not in masking.phone(digits)
