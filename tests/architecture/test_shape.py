"""Every folder has the shape that a reader learnt once."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import ROOT, SOURCE, name_of, python_files

CONTEXTS = sorted(path.parent for group in ("casework", "mechanisms") for path in SOURCE.glob(f"{group}/*/__init__.py"))
STANDARD = set(
    "__init__ apps states rules rulebook models selectors permissions services events facts subscriptions tasks"
    " forms views urls schemas api panels guards factories".split()
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
    assert [path.name for path in CONTEXTS if path.parent.name == "mechanisms" and f"`{path.name}/`" not in contents] == []


def test_files_stay_short_enough_to_read():
    assert [f"{name_of(p)}: {n}" for p in python_files() if (n := len(p.read_text().splitlines())) > 400] == []


def test_no_signals_and_no_drawer_for_everything():
    named = [name_of(p) for p in python_files() if p.stem in {"utils", "helpers", "misc", "signals", "manager", "managers"}]
    assert named == []
    assert [name_of(p) for p in python_files() if "django.dispatch" in p.read_text() or "db.models.signals" in p.read_text()] == []


def test_every_folder_of_tests_is_a_package():
    # Otherwise two files called test_rules.py would shadow each other.
    assert [name_of(p) for p in SOURCE.rglob("tests") if p.is_dir() and not (p / "__init__.py").exists()] == []


def _called(*names: str) -> list[Path]:
    """Files of these names, and files inside folders of these names."""
    return [p for p in python_files() if {p.stem, p.parent.name} & set(names) and "tests" not in p.parts]


def _undocumented(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    public = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")]
    return [f"{name_of(path)}:{node.lineno} {node.name}" for node in public if not ast.get_docstring(node)]


def test_every_service_rule_and_selector_says_what_it_means():
    files = _called("services", "rules", "selectors", "permissions")
    assert [missing for path in files for missing in _undocumented(path)] == []


def test_rules_ask_nobody():
    # The import contract says it for casework and mechanisms; here for foundation, where wording a refusal is allowed.
    forbidden = re.compile(r"django(?!\.utils\.translation)|procrastinate|kernel\.(clock|database)|\.models|config\.settings")
    imports = re.compile(r"^\s*(?:from|import)\s+(\S+)", re.M)
    found = [f"{name_of(p)}: {m}" for p in _called("rules") for m in imports.findall(p.read_text()) if forbidden.search(m)]
    assert found == []


def test_services_take_keywords_only():
    found = []
    # The steps inside a folder of services are called by it alone; its face is what others call.
    for path in [p for p in _called("services") if p.stem in {"services", "__init__"}]:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and (node.args.args or node.args.posonlyargs):
                found.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert found == []


def test_nothing_of_this_machine_is_written_down():
    kept = [p for p in [*python_files(), *ROOT.glob("requirements/*.txt"), *ROOT.glob("docs/**/*.md")] if "architecture" not in p.parts]
    assert [name_of(p) for p in kept if "/work/" in p.read_text() or "--index-url" in p.read_text()] == []
