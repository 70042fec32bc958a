import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.foundation.rulebooks import parsing
from bihuan.foundation.rulebooks.flaws import Flawed


def values(text):
    return parsing.parse(text, source="x.yaml").values


def outcome(content):
    """The values, or the flaws that explain why there are none."""
    try:
        return values(content)
    except Flawed as flawed:
        return flawed.flaws


def flaw(text):
    with pytest.raises(Flawed) as caught:
        parsing.parse(text, source="x.yaml")
    return str(caught.value.flaws[0])


def test_values_of_the_core_schema():
    text = """
    a: 1
    b: -0.5
    c: true
    d: ~
    e: yes
    f: 08:30
    g: "12"
    h: 2026-01-01
    i: 010
    j: [1, {k: v}]
    l: |
      two
      lines
    m: .inf
    n: 1e999
    """
    assert values(text) == {
        "a": 1,
        "b": -0.5,
        "c": True,
        "d": None,
        "e": "yes",
        "f": "08:30",
        "g": "12",
        "h": "2026-01-01",
        "i": 10,
        "j": [1, {"k": "v"}],
        "l": "two\nlines\n",
        "m": ".inf",
        "n": "1e999",
    }


def test_everything_has_its_place():
    parsed = parsing.parse("a:\n  b: 1\n  c:\n    - x\n    - d: 2\n", source="x.yaml")
    assert parsed.places["a", "b"] == (2, 3)
    assert parsed.places["a", "c", 0] == (4, 7)
    assert parsed.places["a", "c", 1, "d"] == (5, 7)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_file_is_an_empty_rulebook(text):
    assert values(text) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [1", "x.yaml:1:6: this is not readable as YAML"),
        ("tiers:\n\tx: 1", "x.yaml:2:1: this is not readable as YAML: a tab; indent with spaces"),
        ("a: &x 1\nb: *x", "x.yaml:1:4: anchors and aliases"),
        ("a: 1\nb: *x", "x.yaml:2:4: anchors and aliases"),
        ("a: !!python/object:os.system x", "x.yaml:1:4: tags"),
        ("%YAML 1.1\n---\na: 1", "x.yaml:2:1: only YAML 1.2"),
        ("a: 1\n---\nb: 1", "x.yaml:2:1: a rulebook is one document"),
        ("- a", "x.yaml:1:1: a rulebook is a map"),
        ("a:\n  b: 1\n  b: 2", "x.yaml:3:3: a.b: this key is already on line 2"),
        ("? [a]\n: b", "x.yaml:1:3: a key is a plain word"),
        ("a: 1\nb: x\u202ey", "x.yaml:2:1: this line has invisible"),
        ("a: 1\n# \u200b", "x.yaml:2:1: this line has invisible"),
        ('a: "\\0"', "x.yaml:1:4: a: this line has invisible"),
        ('a: "\\ud800"', "x.yaml:1:4: a: this line has invisible"),
        ("a: \x07", "x.yaml:1:1: this line has invisible"),
        (b"\xff\xfea", "x.yaml: the file is not UTF-8"),
        ("a: \ud800", "x.yaml: the file is not UTF-8"),
        ("x" * 300_000, "x.yaml: the file is too large: 293 KB, at most 256 KB"),
        ("[" * 250_000, "x.yaml:1:22: nested too deeply"),
        ("- " * 120_000, "x.yaml:1:43: nested too deeply"),
        ("a:\n" + "- x\n" * 60_000, "x.yaml:19999:3: too many items"),
    ],
)
def test_what_is_refused_and_where(text, expected):
    started = time.perf_counter()
    assert flaw(text).startswith(expected)
    assert time.perf_counter() - started < 5


def test_a_bomb_of_aliases_is_refused_before_it_grows():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "anchors" in flaw(bomb)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab:-[]{}\"'#&*!|>%@ \n\t\\,?0.~", max_size=60))
def test_any_text_is_read_or_explained(text):
    found = outcome(text)
    assert isinstance(found, dict) or (found and all(one.message and one.source == "x.yaml" for one in found))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_explained(content):
    found = outcome(content)
    assert isinstance(found, dict) or found
