"""Every fact that can be written down can be read by a person, in both languages."""

import ast

from bihuan.foundation.ledger import facts
from tests.architecture import SOURCE, python_files


def _recorded_kinds() -> set[str]:
    """Kinds written as literals in calls of `record(…, kind="…")`."""
    found = set()
    for path in python_files(SOURCE):
        for node in ast.walk(ast.parse(path.read_text())) if "tests" not in path.parts else ():
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "record":
                found |= {k.value.value for k in node.keywords if k.arg == "kind" and isinstance(k.value, ast.Constant)}
    return found


def test_every_recorded_kind_is_registered():
    assert _recorded_kinds() - set(facts.kinds()) == set()


def test_codes_in_facts_have_words():
    assert facts.unworded_codes(("clock", "group", "index", "list", "outcome")) == []


def test_every_fact_has_a_wording_in_both_languages():
    assert facts.kinds()
    assert facts.unworded_kinds() == {"zh-hans": [], "en": []}
