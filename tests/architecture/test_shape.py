"""Every folder has the shape that a reader learnt once."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import ROOT, SOURCE, name_of, python_files

MECHANISMS = sorted(path.parent for path in SOURCE.glob("mechanisms/*/__init__.py"))
CONTEXTS = sorted(path.parent for path in SOURCE.glob("casework/*/__init__.py")) + MECHANISMS
STANDARD = set(
    "__init__ apps states rules rulebook models selectors permissions services events facts subscriptions tasks"
    " forms views urls schemas api panels guards exports notices presenters wording factories".split()
)
FOLDERS = {"templates", "tests", "migrations", "templatetags", "__pycache__"}
NEEDED = ("README.md", "__init__.py", "apps.py", "tests/__init__.py")


@pytest.mark.parametrize("folder", CONTEXTS, ids=lambda path: path.name)
class TestContext:
    def test_has_what_every_context_has(self, folder: Path):
        assert [name for name in NEEDED if not (folder / name).exists()] == []

    def test_has_no_file_of_another_name(self, folder: Path):
        # A standard file that grew may become a folder of the same name.
        assert {path.stem for path in folder.glob("*.py")} - STANDARD == set()
        assert {path.name for path in folder.iterdir() if path.is_dir()} - FOLDERS - STANDARD == set()

    def test_readme_fits_on_a_screen(self, folder: Path):
        assert len((folder / "README.md").read_text().splitlines()) <= 20


def test_the_table_of_contents_names_every_mechanism():
    contents = (SOURCE / "mechanisms" / "README.md").read_text()
    assert [path.name for path in MECHANISMS if f"`{path.name}/`" not in contents] == []


def test_files_stay_short_enough_to_read():
    assert [f"{name_of(p)}: {n}" for p in python_files() if (n := len(p.read_text().splitlines())) > 400] == []


def test_no_signals_and_no_drawer_for_everything():
    drawers = {"utils", "helpers", "misc", "signals", "manager", "managers"}
    signals = re.compile(r"django\.dispatch|db\.models\.signals|contrib\.auth\.signals")
    assert [name_of(p) for p in python_files() if p.stem in drawers or signals.search(p.read_text())] == []


def test_every_folder_of_tests_is_a_package():
    # Otherwise two files called test_rules.py would shadow each other.
    assert [name_of(p) for p in SOURCE.rglob("tests") if p.is_dir() and not (p / "__init__.py").exists()] == []


def _called(*names: str) -> list[Path]:
    """Files of these names, and files inside folders of these names."""
    return [p for p in python_files() if {p.stem, p.parent.name} & set(names) and "tests" not in p.parts]


def _public(path: Path) -> list[ast.FunctionDef | ast.ClassDef]:
    nodes = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return [node for node in nodes if not node.name.startswith("_")]


def test_every_service_rule_and_selector_says_what_it_means():
    public = [(p, node) for p in _called("services", "rules", "selectors", "permissions") for node in _public(p)]
    assert [f"{name_of(p)}:{node.lineno} {node.name}" for p, node in public if not ast.get_docstring(node)] == []


def test_rules_ask_nobody():
    # The import contract says it for casework and mechanisms; here for foundation, where wording a refusal is allowed.
    forbidden = re.compile(r"django(?!\.utils\.translation)|procrastinate|kernel\.(clock|database)|\.models|config\.")
    imports = re.compile(r"^\s*(?:from|import)\s+(\S+)", re.M)
    found = [(name_of(path), name) for path in _called("rules") for name in imports.findall(path.read_text())]
    assert [(path, name) for path, name in found if forbidden.search(name)] == []


def test_services_take_keywords_only():
    # The steps inside a folder of services are called by it alone; its face is what others call. One list is clear.
    faces = [path for path in _called("services") if path.stem in {"services", "__init__"}]
    functions = [(p, node) for p in faces for node in _public(p) if isinstance(node, ast.FunctionDef)]
    assert [f"{name_of(p)}:{node.lineno} {node.name}" for p, node in functions if len(node.args.args) > 1] == []


def test_nothing_of_this_machine_is_written_down():
    kept = [*python_files(), *ROOT.glob("requirements/*.txt"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")]
    machine = re.compile("/" + "work/|--index-url|--find-links")
    assert [name_of(path) for path in kept if machine.search(path.read_text())] == []
